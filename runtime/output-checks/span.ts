/** A part of a text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A part of a text, and what is to stand there. */
export interface Edit extends Span {
  readonly replacement: string;
}

/** Makes the edits. Where two overlap, the first stands for both. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const { start, end, replacement } of [...edits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (start >= from) {
      result += text.slice(from, start) + replacement;
    }
    from = Math.max(from, end);
  }
  return result + text.slice(from);
}
