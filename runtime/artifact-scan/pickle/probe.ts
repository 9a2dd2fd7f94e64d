import {
  type Argument,
  COUNTED,
  FIXED,
  GLOBAL,
  INST,
  isLiteral,
  littleEndian,
  MARK,
  OPCODES,
  type Opcode,
  STOP,
} from './opcodes';

/**
 * What the start of some content is to a pickle loader.
 *
 * - `imports`: a program that imports something.
 * - `complete`: a program that runs to its end and imports nothing: it makes plain data.
 * - `perhaps`: still a valid program where the window ends.
 * - `no`: a loader would fail before it did anything.
 */
export type PickleProbe = 'imports' | 'complete' | 'perhaps' | 'no';

/** Bytes of content that the probe looks at. */
export const PICKLE_WINDOW = 64 * 1024;

/** What can be imported: also a module whose file name has a hyphen. */
const IMPORTABLE = /^[\p{L}_][\p{L}\p{N}_-]*(\.[\p{L}_<][\p{L}\p{N}_>-]*)*$/u;
const POP = 0x30;

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
      this.verdict = this.depth > 0 ? 'complete' : 'no';
    } else if (code === GLOBAL || code === INST) {
      this.import();
    } else if (code === POP && this.marks.at(-1) === this.depth) {
      this.marks.pop();
    } else {
      const opcode = OPCODES.get(code);
      if (!opcode || !this.argument(opcode.argument) || !this.take(opcode.takes)) {
        this.verdict ??= 'no';
      } else if (opcode.imports) {
        this.verdict = 'imports';
      }
      this.depth += opcode?.gives ?? 0;
    }
  }

  private import(): void {
    const module = this.line();
    if (module !== undefined && !IMPORTABLE.test(module)) {
      this.verdict = 'no';
      return;
    }
    const name = module === undefined ? undefined : this.line();
    if (module !== undefined && name !== undefined) {
      this.verdict = IMPORTABLE.test(module) && IMPORTABLE.test(name) ? 'imports' : 'no';
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
    const found = this.window.indexOf(0x0a, this.at);
    // At the end of a file Python takes the last character for the line's end.
    const end = found < 0 && this.ended && this.at < this.window.length ? this.window.length - 1 : found;
    if (end < 0) {
      this.verdict = this.outOfWindow(this.window.length + 1);
      return undefined;
    }
    const text = Buffer.from(this.window.subarray(this.at, end)).toString('utf8');
    this.at = end + 1;
    return text;
  }

  private get ended(): boolean {
    return this.window.length < PICKLE_WINDOW;
  }

  /** A program that needs bytes up to `needed`: refused by the loader when the content is shorter. */
  private outOfWindow(needed: number): PickleProbe {
    const whole = this.ended ? this.window.length : (this.total ?? Number.POSITIVE_INFINITY);
    return needed > whole ? 'no' : 'perhaps';
  }
}
