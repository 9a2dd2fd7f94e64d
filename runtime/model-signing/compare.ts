import type { ModelStatement, SignedFile } from './statement';

/** How a file differs from what was signed. */
export interface Difference {
  readonly name: string;
  readonly difference: 'altered' | 'missing' | 'extra';
}

/** What differs between a model and what was signed of it: files of the statement, then those that are extra. `found`: the files that there are, with their digests. */
export function differencesOf(statement: ModelStatement, found: readonly SignedFile[]): Difference[] {
  const there = new Map(found.map(({ name, digest }) => [name, digest]));
  const signed = new Set(statement.files.map(({ name }) => name));
  const changed = statement.files.flatMap(({ name, digest }): Difference[] => {
    const now = there.get(name);
    return now === digest ? [] : [{ name, difference: now === undefined ? 'missing' : 'altered' }];
  });
  const extra = found.filter(({ name }) => !signed.has(name));
  return [...changed, ...extra.map(({ name }): Difference => ({ name, difference: 'extra' }))];
}
