/** What every Palisade error says: which rule was broken, where, what was expected, and what to do. */
export interface ErrorDetails {
  /** Stable code, `PALISADE-` then a letter for the area and three digits. Listed in docs/errors.md. */
  readonly code: string;
  /** Where it is: a file and path, a construct path, or an object key. */
  readonly where: string;
  /** What was found and what is allowed. */
  readonly problem: string;
  /** What the reader does about it. */
  readonly fix: string;
}

/** The one error class that crosses Palisade's module boundaries. Callers match on `code`, never on the text. */
export class PalisadeError extends Error implements ErrorDetails {
  readonly code: string;
  readonly where: string;
  readonly problem: string;
  readonly fix: string;

  constructor(details: ErrorDetails) {
    super(`${details.code} ${details.where}\n  ${details.problem}\n  fix: ${details.fix}`);
    this.name = 'PalisadeError';
    this.code = details.code;
    this.where = details.where;
    this.problem = details.problem;
    this.fix = details.fix;
  }
}
