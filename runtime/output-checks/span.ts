/** A part of a text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A part of a text, and what is to stand there. */
export interface Edit extends Span {
  readonly replacement: string;
}

/** A text after edits. */
export interface Edited {
  readonly text: string;
  /** Where a part of `text` stood before: what was replaced counts as a whole. */
  readonly originalOf: (span: Span) => Span;
}

/** What would make a link of a mask in brackets before it: a destination, or a definition's. */
const LINKING = /^(?:\(|:[\0- ]*[^\0- ]{0,64}[/\\:&])/;

/** Makes edits, which are in order and do not overlap. A blank keeps a mask from becoming the text of a link. */
export function edited(text: string, edits: readonly Edit[]): Edited {
  const pieces: { readonly at: number; readonly text: string; readonly original: Span; readonly kept: boolean }[] = [];
  let at = 0;
  const push = (piece: string, original: Span, kept: boolean) => {
    pieces.push({ at, text: piece, original, kept });
    at += piece.length;
  };
  let from = 0;
  for (const { start, end, replacement } of [...edits, { start: text.length, end: text.length, replacement: '' }]) {
    const between = text.slice(from, start);
    if (from > 0 && LINKING.test(between)) {
      push(' ', { start: from, end: from }, false);
    }
    push(between, { start: from, end: start }, true);
    push(replacement, { start, end }, false);
    from = end;
  }
  const pieceAt = (place: number) => {
    let [low, high] = [0, pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      [low, high] = pieces[middle].at <= place ? [middle, high] : [low, middle - 1];
    }
    return pieces[low];
  };
  return {
    text: pieces.map((piece) => piece.text).join(''),
    originalOf: ({ start, end }) => {
      const first = pieceAt(start);
      const last = pieceAt(end - 1);
      return {
        start: first.original.start + (first.kept ? start - first.at : 0),
        end: last.kept ? last.original.start + end - last.at : last.original.end,
      };
    },
  };
}
