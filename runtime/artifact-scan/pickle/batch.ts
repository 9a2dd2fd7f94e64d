import { SCAN_CODES, ScanStop } from '../verdict';
import { broken, COMPUTED_NAME, PickleMachine } from './machine';
import { type Argument, COUNTED, FIXED, GLOBAL, INST, isLiteral, littleEndian, MARK, OPCODES, STOP } from './opcodes';
import { type Made, ofKind, textOf, type Value } from './values';

/** Follows a pickle as far as `window` goes. Throws what stands against it, be it only that it is cut off. */
export function followWindow(window: Uint8Array): void {
  new Batch(window, true, new PickleMachine(() => undefined)).run();
}

/** The instructions that lie in one window: takes them apart and has the machine follow them. */
export class Batch {
  /** Bytes of the window that were followed. */
  at = 0;
  /** Bytes behind those that are the rest of a literal. */
  skip = 0;
  /** The window lies within a text that ends with its line. */
  skipsLine = false;
  /** An array whose bytes follow. */
  array?: Made;
  firstLong?: string;

  constructor(
    private readonly window: Uint8Array,
    private readonly last: boolean,
    private readonly machine: PickleMachine,
    private readonly start = 0,
    private readonly nesting = 0,
  ) {}

  run(): void {
    while (this.at < this.window.length && !this.machine.stopped && this.skip === 0 && !this.array) {
      const from = this.at;
      if (!this.step()) {
        return;
      }
      this.machine.requireWhole(this.start + from, this.start + this.at + this.skip);
    }
    if (this.at >= this.window.length && this.last && !this.machine.stopped && this.skip === 0 && !this.array) {
      throw broken('ends in the middle');
    }
  }

  /** Follows one instruction; false where it goes on behind the window. */
  private step(): boolean {
    const opcode = this.window[this.at];
    if (opcode === MARK || opcode === STOP) {
      this.machine.plain(opcode);
      this.at += 1;
      return true;
    }
    if (opcode === GLOBAL || opcode === INST) {
      return this.import(opcode);
    }
    const argument = OPCODES.get(opcode)?.argument;
    if (argument === undefined) {
      throw broken('has an instruction that does not exist');
    }
    const fixed = FIXED[argument];
    if (fixed !== undefined) {
      return this.fixed(opcode, fixed);
    }
    const counted = COUNTED[argument];
    return counted === undefined ? this.line(opcode, argument) : this.counted(opcode, counted);
  }

  private import(opcode: number): boolean {
    const module = this.lineEnd(this.at + 1);
    const name = module === undefined ? undefined : this.lineEnd(module + 1);
    if (module === undefined || name === undefined) {
      return false;
    }
    const text = (start: number, end: number) => Buffer.from(this.window.subarray(start, end)).toString('utf8');
    this.machine.import(opcode, text(this.at + 1, module), text(module + 1, name));
    this.at = name + 1;
    return true;
  }

  private fixed(opcode: number, length: number): boolean {
    const start = this.at + 1;
    if (start + length > this.window.length) {
      return this.cut();
    }
    const number = littleEndian(this.window, start, length);
    switch (String.fromCharCode(opcode)) {
      case 'J':
        this.machine.push(number > 0x7fffffff ? number - 2 ** 32 : number);
        break;
      case 'K':
      case 'M':
        this.machine.push(number);
        break;
      case 'G':
        this.machine.push(undefined);
        break;
      case 'h':
      case 'j':
        this.machine.get(number);
        break;
      case 'q':
      case 'r':
        this.machine.put(number);
        break;
      case '\x94':
        this.machine.put();
        break;
      case '\x82':
      case '\x83':
      case '\x84':
        this.machine.extension();
        break;
      case '\x80':
        break;
      case '\x95':
        this.machine.frame(this.start + start + length, number);
        break;
      default:
        this.machine.plain(opcode);
    }
    this.at = start + length;
    if (opcode === 0x62) {
      const made = ofKind(this.machine.top(), 'made');
      this.array = made?.by.name === 'NumpyArrayWrapper' ? made : undefined;
    }
    return true;
  }

  private counted(opcode: number, width: number): boolean {
    const start = this.at + 1 + width;
    if (start > this.window.length) {
      return this.cut();
    }
    const length = littleEndian(this.window, this.at + 1, width);
    if (!Number.isSafeInteger(length) || (SIGNED.has(opcode) && length > 0x7fffffff)) {
      throw broken('a literal of an impossible length');
    }
    const whole = start + length <= this.window.length;
    if (!whole && this.at > 0 && length < SHORT) {
      return this.cut();
    }
    const seen = this.window.subarray(start, start + length);
    if (!INTEGERS.has(opcode) && BEGINNINGS.has(seen[0])) {
      this.requireNoProgram(UNICODE.has(opcode) ? asBytes(Buffer.from(seen).toString()) : seen);
    }
    const bytes = whole ? Buffer.from(seen.buffer, seen.byteOffset, length) : undefined;
    this.machine.push(bytes && this.literal(opcode, bytes));
    this.at = Math.min(start + length, this.window.length);
    this.skip = start + length - this.at;
    return true;
  }

  /** Bytes that are a pickle themselves: whoever has them in a model has them loaded. */
  private requireNoProgram(bytes: Uint8Array): void {
    if (!PROGRAMS.has(bytes[0]) || !(bytes.includes(NAME_END) || bytes.includes(STACK_GLOBAL))) {
      return;
    }
    if (this.nesting >= MAXIMUM_NESTING) {
      throw new ScanStop(SCAN_CODES.LIMIT, 'unknown', NESTED);
    }
    try {
      new Batch(bytes, true, new PickleMachine(() => undefined), 0, this.nesting + 1).run();
    } catch (error) {
      if (!(error instanceof ScanStop) || error.message === NESTED || isAttack(error)) {
        throw error;
      }
    }
  }

  private literal(opcode: number, bytes: Buffer): Value {
    if (INTEGERS.has(opcode)) {
      this.firstLong ??= bytes.toString('hex');
      return bytes.length > 0 && bytes.length <= 6 ? bytes.readIntLE(0, bytes.length) : undefined;
    }
    return BYTES.has(opcode) || bytes.length > SHORT ? undefined : textOf(bytes.toString('utf8'));
  }

  private line(opcode: number, argument: Argument): boolean {
    const start = this.at + 1;
    if (this.at === 0 && !this.last && TEXTS.has(opcode) && this.window.indexOf(0x0a) < 0) {
      this.at = this.window.length;
      this.skipsLine = true;
      return false;
    }
    const end = this.lineEnd(start);
    if (end === undefined) {
      return false;
    }
    const text = Buffer.from(this.window.subarray(start, end)).toString('latin1');
    if (!isLiteral(argument, text)) {
      throw broken('has a literal that is none');
    }
    this.at = end + 1;
    switch (String.fromCharCode(opcode)) {
      case 'g':
        this.machine.get(Number(text));
        break;
      case 'p':
        this.machine.put(Number(text));
        break;
      case 'P':
        this.machine.persistentText();
        break;
      case 'S':
        this.machine.push(textOf(unescaped(text.trim().slice(1, -1))));
        break;
      case 'V':
        this.unicode(unescaped(Buffer.from(text, 'latin1').toString('utf8')));
        break;
      case 'F':
        this.machine.push(undefined);
        break;
      default:
        this.machine.push(Number(text.replace('L', '')));
    }
    return true;
  }

  private unicode(text: string): void {
    this.requireNoProgram(asBytes(text));
    this.machine.push(textOf(text));
  }

  /** Where the line ends that begins at `start`; undefined where it goes on behind the window. */
  private lineEnd(start: number): number | undefined {
    const end = this.window.indexOf(0x0a, start);
    if (end >= 0) {
      return end;
    }
    if (this.last && start < this.window.length) {
      // At the end of a file Python takes the last character for the line's end.
      return this.window.length - 1;
    }
    if (this.at === 0 && !this.last) {
      throw new ScanStop(SCAN_CODES.LIMIT, 'unknown', 'a pickle with a longer line than is followed');
    }
    this.cut();
    return undefined;
  }

  /** The window ends within an instruction: more is read, if there is more. */
  private cut(): false {
    if (this.last) {
      throw broken('ends in the middle');
    }
    return false;
  }
}

/** Literals below this length are taken whole. */
const SHORT = 4096;
/** Pickles as bytes of pickles. */
const MAXIMUM_NESTING = 8;
const NESTED = 'pickles nested too deep';
const codes = (names: string) => new Set([...names].map((name) => name.charCodeAt(0)));
const SIGNED = codes('T\x8b');
const INTEGERS = codes('\x8a\x8b');
const BYTES = codes('BC\x8e\x96');
const TEXTS = codes('VS');
/** What a pickle that imports begins with: its protocol, an import, a mark, an empty list or dictionary. */
const PROGRAMS = codes('\x80c(]}');
/** The same, and what the protocol's instruction is in UTF-8. */
const BEGINNINGS = new Set([...PROGRAMS, 0xc2]);
/** Every import ends a line, or is of names that were pushed before. */
const NAME_END = 0x0a;
const STACK_GLOBAL = 0x93;
const UNICODE = codes('X\x8c\x8d');

/** Text of protocol 0 with its escapes replaced, as far as names could be hidden in them. */
function unescaped(text: string): string {
  return text.replaceAll(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{1,3})|([\\'"]))/gi,
    (_, ...groups: string[]) => {
      const [two, four, eight, octal, itself] = groups;
      const hexadecimal = two ?? four ?? eight;
      const point = hexadecimal === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hexadecimal, 16);
      return itself ?? (point <= 0x10ffff ? String.fromCodePoint(point) : '');
    },
  );
}

/** Before protocol 3 bytes are text of the same code points. */
function asBytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Whether a dangerous import is spelled out. Numbers look like computed ones now and then. */
function isAttack({ verdict, message }: ScanStop): boolean {
  return verdict === 'unsafe' && message !== COMPUTED_NAME;
}
