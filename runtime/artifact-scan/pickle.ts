/**
 * What the start of some content is to a pickle loader.
 *
 * - `pickle`: a program that imports something, or one that runs to its end.
 * - `perhaps`: still a valid program where the window ends.
 * - `no`: a loader would fail before it did anything.
 */
export type PickleProbe = 'pickle' | 'perhaps' | 'no';

/** Bytes of content that the probe looks at. */
export const PICKLE_WINDOW = 64 * 1024;

type Argument =
  | 'none'
  | 'byte'
  | 'two'
  | 'four'
  | 'eight'
  | 'line'
  | 'number'
  | 'float'
  | 'quoted'
  | 'counted1'
  | 'counted4'
  | 'counted8';

interface Opcode {
  readonly argument: Argument;
  /** Values taken from the stack; `mark`: all above the last mark, `mark+1`: and the one below. */
  readonly takes: number | 'mark' | 'mark+1';
  readonly gives: number;
  /** Lets the file choose what Python imports. Without an import, no other instruction has anything to call. */
  readonly imports?: boolean;
}

const op = (argument: Argument, takes: Opcode['takes'], gives: number, imports = false): Opcode => ({
  argument,
  takes,
  gives,
  imports,
});

/** The instruction set of protocols 0 to 5 (CPython, Lib/pickletools.py). MARK, GLOBAL, INST and STOP are handled apart. */
const OPCODES: ReadonlyMap<number, Opcode> = new Map(
  Object.entries({
    I: op('number', 0, 1),
    J: op('four', 0, 1),
    K: op('byte', 0, 1),
    M: op('two', 0, 1),
    L: op('number', 0, 1),
    '\x8a': op('counted1', 0, 1),
    '\x8b': op('counted4', 0, 1),
    S: op('quoted', 0, 1),
    T: op('counted4', 0, 1),
    U: op('counted1', 0, 1),
    B: op('counted4', 0, 1),
    C: op('counted1', 0, 1),
    '\x8e': op('counted8', 0, 1),
    '\x96': op('counted8', 0, 1),
    '\x97': op('none', 0, 1),
    '\x98': op('none', 1, 1),
    N: op('none', 0, 1),
    '\x88': op('none', 0, 1),
    '\x89': op('none', 0, 1),
    V: op('line', 0, 1),
    '\x8c': op('counted1', 0, 1),
    X: op('counted4', 0, 1),
    '\x8d': op('counted8', 0, 1),
    F: op('float', 0, 1),
    G: op('eight', 0, 1),
    ']': op('none', 0, 1),
    a: op('none', 2, 1),
    e: op('none', 'mark+1', 1),
    l: op('none', 'mark', 1),
    ')': op('none', 0, 1),
    t: op('none', 'mark', 1),
    '\x85': op('none', 1, 1),
    '\x86': op('none', 2, 1),
    '\x87': op('none', 3, 1),
    '}': op('none', 0, 1),
    d: op('none', 'mark', 1),
    s: op('none', 3, 1),
    u: op('none', 'mark+1', 1),
    '\x8f': op('none', 0, 1),
    '\x90': op('none', 'mark+1', 1),
    '\x91': op('none', 'mark', 1),
    '0': op('none', 1, 0),
    '1': op('none', 'mark', 0),
    '2': op('none', 1, 2),
    g: op('number', 0, 1),
    h: op('byte', 0, 1),
    j: op('four', 0, 1),
    p: op('number', 1, 1),
    q: op('byte', 1, 1),
    r: op('four', 1, 1),
    '\x94': op('none', 1, 1),
    '\x80': op('byte', 0, 0),
    '\x95': op('eight', 0, 0),
    '\x82': op('byte', 0, 1, true),
    '\x83': op('two', 0, 1, true),
    '\x84': op('four', 0, 1, true),
    '\x93': op('none', 2, 1, true),
    R: op('none', 2, 1),
    b: op('none', 2, 1),
    '\x81': op('none', 2, 1),
    '\x92': op('none', 3, 1),
    o: op('none', 'mark', 1),
    P: op('line', 0, 1),
    Q: op('none', 1, 1),
  }).map(([name, opcode]) => [name.charCodeAt(0), opcode]),
);

const MARK = 0x28;
const STOP = 0x2e;
const GLOBAL = 0x63;
const INST = 0x69;
const FIXED: Partial<Record<Argument, number>> = { none: 0, byte: 1, two: 2, four: 4, eight: 8 };
const COUNTED: Partial<Record<Argument, number>> = { counted1: 1, counted4: 4, counted8: 8 };
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u;

/**
 * Follows the pickle machine over the first bytes of some content, without building any object.
 *
 * A loader acts while it reads, so what comes after the first import does not matter: a program that breaks later has
 * already run.
 *
 * @param window first bytes of the content, at most `PICKLE_WINDOW`
 * @param total length of the content, where it is known
 */
export function probePickle(window: Uint8Array, total?: number): PickleProbe {
  return new PickleMachine(window, total).run();
}

class PickleMachine {
  private at = 0;
  private depth = 0;
  private readonly marks: number[] = [];
  private verdict?: PickleProbe;

  constructor(
    private readonly window: Uint8Array,
    private readonly total?: number,
  ) {}

  run(): PickleProbe {
    while (!this.verdict) {
      if (this.at >= this.window.length) {
        return this.outOfWindow(this.at + 1);
      }
      this.step(this.window[this.at++]);
    }
    return this.verdict;
  }

  private step(code: number): void {
    if (code === MARK) {
      this.marks.push(this.depth);
    } else if (code === STOP) {
      this.verdict = this.depth > 0 ? 'pickle' : 'no';
    } else if (code === GLOBAL || code === INST) {
      this.import();
    } else {
      const opcode = OPCODES.get(code);
      if (!opcode || !this.argument(opcode.argument) || !this.take(opcode.takes)) {
        this.verdict ??= 'no';
      } else if (opcode.imports) {
        this.verdict = 'pickle';
      }
      this.depth += opcode?.gives ?? 0;
    }
  }

  private import(): void {
    const module = this.line();
    const name = module === undefined ? undefined : this.line();
    if (module !== undefined && name !== undefined) {
      this.verdict = IDENTIFIER.test(module) && IDENTIFIER.test(name) ? 'pickle' : 'no';
    }
  }

  private take(takes: Opcode['takes']): boolean {
    if (typeof takes === 'number') {
      this.depth -= takes;
      return this.depth >= (this.marks.at(-1) ?? 0);
    }
    const mark = this.marks.pop();
    if (mark === undefined) {
      return false;
    }
    this.depth = takes === 'mark' ? mark : mark - 1;
    return this.depth >= (this.marks.at(-1) ?? 0);
  }

  /** Steps over an argument; false when it cannot be one or when the window ends in it (`verdict` is then set). */
  private argument(argument: Argument): boolean {
    const fixed = FIXED[argument];
    if (fixed !== undefined) {
      return this.skip(fixed);
    }
    const counted = COUNTED[argument];
    if (counted !== undefined) {
      const start = this.at;
      return this.skip(counted) && this.skip(littleEndian(this.window, start, counted));
    }
    const text = this.line();
    return text !== undefined && isLiteral(argument, text);
  }

  private skip(length: number): boolean {
    if (this.at + length > this.window.length) {
      this.verdict = this.outOfWindow(this.at + length);
      return false;
    }
    this.at += length;
    return true;
  }

  private line(): string | undefined {
    const end = this.window.indexOf(0x0a, this.at);
    if (end < 0) {
      this.verdict = this.outOfWindow(this.window.length + 1);
      return undefined;
    }
    const text = Buffer.from(this.window.subarray(this.at, end)).toString('utf8');
    this.at = end + 1;
    return text;
  }

  /** A program that needs bytes up to `needed`: refused by the loader when the content is shorter. */
  private outOfWindow(needed: number): PickleProbe {
    const ended = this.window.length < PICKLE_WINDOW;
    const whole = ended ? this.window.length : (this.total ?? Number.POSITIVE_INFINITY);
    return needed > whole ? 'no' : 'perhaps';
  }
}

function isLiteral(argument: Argument, text: string): boolean {
  switch (argument) {
    case 'number':
      return /^\s*[+-]?[0-9_]+L?\s*$/.test(text);
    case 'float':
      return /^\s*[+-]?([0-9][0-9_.]*(e[+-]?\d+)?|\.\d+|inf|nan|infinity)\s*$/i.test(text);
    case 'quoted':
      return /^\s*(["']).*\1\s*$/s.test(text);
    default:
      return true;
  }
}

function littleEndian(bytes: Uint8Array, start: number, length: number): number {
  let value = 0;
  for (let index = length - 1; index >= 0; index -= 1) {
    value = value * 256 + (bytes[start + index] ?? 0);
  }
  return value;
}
