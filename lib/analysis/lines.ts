/** A place in a text; both numbers start at 1. */
export interface Position {
  readonly line: number;
  /** In UTF-16 units, as editors and SARIF's default count. */
  readonly column: number;
}

/** Finds lines by offset. */
export class Lines {
  private readonly starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
      starts.push(end + 1);
    }
    this.starts = starts;
  }

  /** Line and column of an offset, by binary search. */
  at(offset: number): Position {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.starts[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return { line: low + 1, column: offset - this.starts[low] + 1 };
  }
}
