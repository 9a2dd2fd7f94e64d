/** Numbers of one kind, kept to be written over: what a call throws away, the garbage collector makes a later call pay for. */
export class Room<T extends Int32Array | Float64Array> {
  private numbers: T;

  constructor(private readonly Numbers: new (length: number) => T) {
    this.numbers = new Numbers(0);
  }

  /** So many numbers, of no meaning. They are the caller's until the next call. */
  of(length: number): T {
    if (this.numbers.length < length) {
      this.numbers = new this.Numbers(roomFor(length));
    }
    return this.numbers.subarray(0, length) as T;
  }
}

const SMALL = 1 << 16;

/** How much room to make for so much: some more, so that a little more does not need another, but for what is large. */
export function roomFor(length: number): number {
  return Math.max(length, Math.min(2 * length, SMALL));
}
