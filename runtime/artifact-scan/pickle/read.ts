import { type ByteReader, Section } from '../byte-reader';
import { SCAN_CODES, ScanStop } from '../verdict';
import { broken, PickleMachine } from './machine';
import { typeCode } from './numpy-type';
import { type Argument, COUNTED, FIXED, GLOBAL, INST, isLiteral, littleEndian, MARK, OPCODES, STOP } from './opcodes';
import { PICKLE_WINDOW, probePickle } from './probe';
import { type Made, ofKind, textOf, type Value } from './values';

/** Bytes of a tensor that lie outside the pickle that names them. */
export interface TensorStorage {
  readonly key: string;
  readonly bytes: number;
}

/** First value of a file that `torch.save` wrote before PyTorch 1.6 (torch/serialization.py, `MAGIC_NUMBER`). */
const TORCH_MAGIC = '6cfc9c46f9206aa85019';
/** What such a file holds before the bytes of its tensors: magic, version, system, object, keys of the storages. */
const TORCH_PICKLES = 5;
/** Arrays of objects within arrays of objects. */
const MAXIMUM_NESTING = 8;
const TORCH_ELEMENTS = 2 ** 40;

/**
 * Follows every pickle of some content to its end: several in a row, joblib's with the bytes of arrays in between, and
 * PyTorch's old files with the bytes of tensors behind. Gives the storages that lie elsewhere.
 *
 * Throws `ScanStop` with `unsafe` for what attacks, and `unknown` for what is neither that nor known to be data.
 */
export async function readPickles(reader: ByteReader): Promise<TensorStorage[]> {
  const storages = new Map<string, Storage>();
  let old = false;
  let count = 0;
  let doubt: ScanStop | undefined;
  do {
    const walk = new PickleWalk(reader, storages, old && count === TORCH_PICKLES - 1);
    const machine = await walk.run(0);
    old ||= count === 0 && walk.first === TORCH_MAGIC;
    doubt ??= machine.doubt;
    count += 1;
    if (old && count === TORCH_PICKLES) {
      await readStorages(reader, storages, ofKind(machine.result, 'list')?.texts ?? []);
      storages.clear();
      break;
    }
  } while (await anotherPickle(reader));
  if (doubt) {
    throw doubt;
  }
  return [...storages].map(([key, { elementBytes, elements }]) => ({ key, bytes: elementBytes * elements }));
}

interface Storage {
  readonly elementBytes: number;
  readonly elements: number;
}

/** Whether another program follows. Anything else behind a pickle is for a loader of which nothing is known. */
async function anotherPickle(reader: ByteReader): Promise<boolean> {
  const window = await reader.peek(PICKLE_WINDOW);
  if (window.length > 0 && probePickle(window) === 'no') {
    throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'data behind a pickle');
  }
  return window.length > 0;
}

/** For each key, in order: the number of elements in eight bytes, then the elements. */
async function readStorages(reader: ByteReader, storages: ReadonlyMap<string, Storage>, keys: readonly string[]) {
  for (const key of keys) {
    const storage = storages.get(key);
    const elements = Buffer.from(await reader.read(8)).readBigInt64LE();
    if (!storage || elements !== BigInt(storage.elements)) {
      throw broken('tensors whose bytes it does not name');
    }
    await new Section(reader, storage.elementBytes * storage.elements).skip();
  }
  if (keys.length !== storages.size || !(await reader.ended())) {
    throw broken('more or less bytes of tensors than it names');
  }
}

/** One pickle: takes instructions off the reader and has the machine follow them. */
class PickleWalk {
  /** The first long integer, in hexadecimal as it is written. */
  first?: string;
  private readonly machine: PickleMachine;

  constructor(
    private readonly reader: ByteReader,
    private readonly storages: Map<string, Storage>,
    keepsTexts: boolean,
  ) {
    this.machine = new PickleMachine(
      (key, elementBytes, elements) => this.storage(key, elementBytes, elements),
      keepsTexts,
    );
  }

  async run(nesting: number): Promise<PickleMachine> {
    const start = this.reader.position;
    while (!this.machine.stopped) {
      const window = await this.reader.peek(PICKLE_WINDOW);
      const last = window.length < PICKLE_WINDOW;
      const batch = new Batch(window, last, this.machine);
      batch.run();
      this.first ??= batch.firstLong;
      this.reader.take(batch.at);
      this.machine.requireProportion(this.reader.position - start);
      if (batch.skip > 0) {
        await new Section(this.reader, batch.skip).skip();
      } else if (batch.array) {
        await this.array(batch.array, nesting);
      }
    }
    return this.machine;
  }

  private storage(key: string, elementBytes: number, elements: number): void {
    const known = this.storages.get(key);
    const bounded = Number.isInteger(elements) && elements >= 0 && elements <= TORCH_ELEMENTS;
    if (!bounded || (known && (known.elements !== elements || known.elementBytes !== elementBytes))) {
      throw broken('a tensor whose size it states in two ways');
    }
    this.storages.set(key, { elementBytes, elements });
  }

  /** The bytes of an array, which joblib writes behind its description; of objects, another pickle. */
  private async array(wrapper: Made, nesting: number): Promise<void> {
    const entries = ofKind(wrapper.from, 'dict')?.entries;
    const type = ofKind(entries?.dtype, 'made');
    const sides = ofKind(entries?.shape, 'tuple')?.items;
    const code = type && /^[|<>=]?([biufcOSUmM])(\d{1,9})$/.exec(typeCode(type) ?? '');
    if (!code || !sides?.every((side): side is number => typeof side === 'number' && side >= 0)) {
      throw broken('an array whose bytes it does not describe');
    }
    if (code[1] === 'O') {
      if (nesting >= MAXIMUM_NESTING) {
        throw new ScanStop(SCAN_CODES.LIMIT, 'unknown', 'arrays of objects nested too deep');
      }
      const inner = await new PickleWalk(this.reader, this.storages, false).run(nesting + 1);
      this.machine.doubt ??= inner.doubt;
      this.machine.replaceTop(undefined);
      return;
    }
    if (typeof entries?.numpy_array_alignment_bytes === 'number') {
      const [padding] = await this.reader.read(1);
      await this.reader.read(padding);
    }
    const elementBytes = Number(code[2]) * (code[1] === 'U' ? 4 : 1);
    await new Section(
      this.reader,
      sides.reduce((product, side) => product * side, elementBytes),
    ).skip();
  }
}

/** The instructions that lie in one window. */
class Batch {
  /** Bytes of the window that were followed. */
  at = 0;
  /** Bytes behind those that are the rest of a literal. */
  skip = 0;
  /** An array whose bytes follow. */
  array?: Made;
  firstLong?: string;

  constructor(
    private readonly window: Uint8Array,
    private readonly last: boolean,
    private readonly machine: PickleMachine,
  ) {}

  run(): void {
    while (this.at < this.window.length && !this.machine.stopped && this.skip === 0 && !this.array) {
      if (!this.step()) {
        return;
      }
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
      case '\x95':
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
    const bytes = whole ? Buffer.from(this.window.buffer, this.window.byteOffset + start, length) : undefined;
    this.machine.push(bytes && this.literal(opcode, bytes));
    this.at = Math.min(start + length, this.window.length);
    this.skip = start + length - this.at;
    return true;
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
        this.machine.push(textOf(unescaped(Buffer.from(text, 'latin1').toString('utf8'))));
        break;
      case 'F':
        this.machine.push(undefined);
        break;
      default:
        this.machine.push(Number(text.replace('L', '')));
    }
    return true;
  }

  /** Where the line ends that begins at `start`; undefined where it goes on behind the window. */
  private lineEnd(start: number): number | undefined {
    const end = this.window.indexOf(0x0a, start);
    if (end >= 0) {
      return end;
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
const codes = (names: string) => new Set([...names].map((name) => name.charCodeAt(0)));
const SIGNED = codes('T\x8b');
const INTEGERS = codes('\x8a\x8b');
const BYTES = codes('BC\x8e\x96');

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
