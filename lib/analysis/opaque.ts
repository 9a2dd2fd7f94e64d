/** A value that only a deployment knows. */
export class Opaque {
  constructor(readonly reason: string) {}

  toString(): string {
    return `<${this.reason}>`;
  }
}

/** A value as text. Total: a template may hold an object where a text belongs, even one with a `toString` of its own. */
export function textOf(value: unknown): string {
  const object = value !== null && typeof value === 'object' && !(value instanceof Opaque);
  return object ? jsonOf(value) : String(value);
}

/** Too deep for the stack, or longer than any text may be: such a value says nothing. */
function jsonOf(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '<value without end>';
  }
}
