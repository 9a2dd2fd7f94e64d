import { SCAN_CODES, ScanStop } from '../verdict';
import { describeImport, judgeImport } from './imports';
import { isPlainType, judgeTypeState } from './numpy-type';
import { GLOBAL, MARK, STOP } from './opcodes';
import { type Dictionary, type Import, madeBy, ofKind, type Tuple, tupleOf, type Value, weightOf } from './values';

/** Values on the stack, marks, and entries of the memo: what CPython's pickler writes stays far below. */
const MAXIMUM_DEPTH = 250_000;
const MAXIMUM_MEMO = 8_000_000;
/** What kept values may weigh beyond the number of bytes read. */
const FREE_WEIGHT = 24 * 2 ** 20;

/** The problem of an import whose name is no text that is known. */
export const COMPUTED_NAME = 'a pickle that computes the name of what it imports';

const code = (name: string): number => name.charCodeAt(0);
const [POP, POP_MARK, DUP] = ['0', '1', '2'].map(code);
const EMPTY_TUPLE: Tuple = { kind: 'tuple', items: [], weight: 8 };
/** Entries of a dictionary that something depends on: those of joblib's arrays. */
const KEPT_ENTRIES = new Set(['dtype', 'shape', 'numpy_array_alignment_bytes']);

/** Harmless to name, but constructors that can lay an array over given bytes, which pickles of arrays do not call. */
const CONSTRUCTORS = new Set(['numpy ndarray', 'numpy matrix', 'copyreg __newobj__', 'copyreg __newobj_ex__']);

/** Persistent ids mean what the loader makes of them; PyTorch's name the bytes of a tensor. */
const STORAGE_TAG = 'storage';
const ELEMENT_BYTES: ReadonlyMap<string, number> = new Map([
  ['ComplexDouble', 16],
  ['Double', 8],
  ['Long', 8],
  ['ComplexFloat', 8],
  ['Float', 4],
  ['Int', 4],
  ['QInt32', 4],
  ['Half', 2],
  ['BFloat16', 2],
  ['Short', 2],
]);

/**
 * The pickle machine over values of which only what matters is known: it resolves every import exactly as a loader does,
 * and builds nothing.
 *
 * Throws `ScanStop` with `unsafe` at the first import that runs, reads or sends, and at what only an attack does. What is
 * merely not known is remembered in `doubt`, and the machine goes on, because worse may follow.
 */
export class PickleMachine {
  /** Why the pickle cannot be called safe, if nothing worse turns up. */
  doubt?: ScanStop;
  /** The value at STOP. */
  result: Value;
  stopped = false;
  private stack: Value[] = [];
  private readonly outer: Value[][] = [];
  private depth = 0;
  private readonly memo: Value[] = [];
  private memoSize = 0;
  private weight = 0;
  private frameEnd = 0;

  /** `onStorage` gets each tensor storage that is named; `keepsTexts`: lists of texts are kept. */
  constructor(
    private readonly onStorage: (key: string, elementBytes: number, count: number) => void,
    private readonly keepsTexts = false,
  ) {}

  /** Checks that what is kept is in proportion to `read`, the bytes read so far. */
  requireProportion(read: number): void {
    if (this.weight > FREE_WEIGHT + read) {
      throw new ScanStop(SCAN_CODES.LIMIT, 'unknown', 'a pickle with more small values than are followed');
    }
  }

  /** Entries that a copy of the machine takes. */
  get size(): number {
    return this.depth + this.memo.length;
  }

  /** A copy that goes its own way. */
  copy(): PickleMachine {
    const copy = new PickleMachine(() => undefined);
    copy.stack = [...this.stack];
    copy.outer.push(...this.outer.map((values) => [...values]));
    copy.depth = this.depth;
    this.memo.forEach((value, index) => {
      copy.memo[index] = value;
    });
    copy.memoSize = this.memoSize;
    return copy;
  }

  /** Remembers why the pickle cannot be called safe. */
  suspect(problem: string): void {
    this.doubt ??= new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', problem);
  }

  /** FRAME: the next `length` bytes, from `start` on, are read at once. */
  frame(start: number, length: number): void {
    if (start < this.frameEnd) {
      throw broken('has a frame within a frame');
    }
    this.frameEnd = start + length;
  }

  /**
   * Checks that the instruction from `start` to `end` does not cross the end of a frame, nor stop before it. Python's two
   * loaders go on in different places then: each can be shown a program that the other does not see.
   */
  requireWhole(start: number, end: number): void {
    if (start < this.frameEnd && (end > this.frameEnd || (this.stopped && end < this.frameEnd))) {
      throw broken('has a frame that does not end with an instruction');
    }
  }

  /** GLOBAL and INST. */
  import(opcode: number, module: string, name: string): void {
    const imported = this.imported(module, name);
    if (opcode === GLOBAL) {
      this.push(imported);
    } else {
      this.call(imported, tupleOf(this.popMark()));
    }
  }

  /** An instruction that puts a literal on the stack. */
  push(value: Value): void {
    this.depth += 1;
    if (this.depth > MAXIMUM_DEPTH) {
      throw new ScanStop(SCAN_CODES.LIMIT, 'unknown', 'a pickle with a deeper stack than is followed');
    }
    this.weight += weightOf(value);
    this.stack.push(value);
  }

  /** PUT and its forms; without an index, MEMOIZE. */
  put(index = this.memoSize): void {
    // The index alone makes CPython reserve memory for all below it.
    if (index > MAXIMUM_MEMO) {
      throw new ScanStop(SCAN_CODES.LIMIT, 'unknown', 'a pickle with more memo entries than are followed');
    }
    const value = memorable(this.top());
    this.memoSize += index in this.memo ? 0 : 1;
    this.weight += weightOf(value) + (index in this.memo ? -weightOf(this.memo[index]) : 8);
    this.memo[index] = value;
  }

  /** GET and its forms. */
  get(index: number): void {
    if (!(index in this.memo)) {
      throw broken('takes from its memo what it never put there');
    }
    this.push(this.memo[index]);
  }

  /** PERSID: the id is text, which no tensor's is. */
  persistentText(): void {
    this.suspect('a pickle with a persistent id, which means what its loader makes of it');
    this.push(undefined);
  }

  /** EXT1, EXT2 and EXT4: what they import is registered in the process that loads. */
  extension(): void {
    this.suspect('a pickle that imports by extension code');
    this.push(undefined);
  }

  /** An instruction without an argument. */
  plain(opcode: number): void {
    switch (opcode) {
      case MARK:
        this.outer.push(this.stack);
        this.depth += 1;
        this.stack = [];
        if (this.depth > MAXIMUM_DEPTH) {
          throw new ScanStop(SCAN_CODES.LIMIT, 'unknown', 'a pickle with more marks than are followed');
        }
        break;
      case STOP:
        this.result = this.pop();
        this.stopped = true;
        break;
      case POP:
        if (this.stack.length > 0) {
          this.pop();
        } else {
          this.popMark();
        }
        break;
      case POP_MARK:
        this.popMark();
        break;
      case DUP:
        this.push(this.top());
        break;
      default:
        this.build(String.fromCharCode(opcode));
        break;
    }
  }

  /** Replaces the value on top; used where a reader puts something else in its place. */
  replaceTop(value: Value): void {
    this.pop();
    this.push(value);
  }

  /** The value on top. */
  top(): Value {
    if (this.stack.length === 0) {
      throw broken('takes from an empty stack');
    }
    return this.stack[this.stack.length - 1];
  }

  private build(opcode: string): void {
    switch (opcode) {
      case ')':
        this.push(EMPTY_TUPLE);
        break;
      case ']':
      case '\x8f':
        this.push({ kind: 'list', texts: [], weight: 100 });
        break;
      case '}':
        this.push(emptyDictionary());
        break;
      case '\x85':
      case '\x86':
      case '\x87':
        this.push(tupleOf(this.popMany(opcode.charCodeAt(0) - 0x84)));
        break;
      case 't':
        this.push(tupleOf(this.popMark()));
        break;
      case 'l':
      case '\x91':
        this.push({ kind: 'list', texts: this.texts(this.popMark()), weight: 100 });
        break;
      case 'd':
        this.push(this.filled(emptyDictionary(), this.popMark()));
        break;
      case 'a':
        this.append(this.popMany(1));
        break;
      case 'e':
      case '\x90':
        this.append(this.popMark());
        break;
      case 's':
        this.fill(this.popMany(2));
        break;
      case 'u':
        this.fill(this.popMark());
        break;
      case 'N':
      case '\x88':
      case '\x89':
        this.push(undefined);
        break;
      default:
        this.act(opcode);
        break;
    }
  }

  /** Instructions that call, import, or set attributes. */
  private act(opcode: string): void {
    switch (opcode) {
      case '\x93': {
        const [module, name] = this.popMany(2);
        this.push(this.imported(module, name));
        break;
      }
      case 'R':
      case '\x81': {
        const [callable, values] = this.popMany(2);
        this.call(callable, values);
        break;
      }
      case '\x92': {
        const [callable, values] = this.popMany(3);
        this.call(callable, values);
        break;
      }
      case 'o': {
        const [callable, ...values] = this.popMark();
        this.call(callable, tupleOf(values));
        break;
      }
      case 'b':
        this.setState();
        break;
      case 'Q':
        this.persistent(this.pop());
        break;
      case '\x97':
        this.suspect('a pickle that takes buffers from its loader');
        this.push(undefined);
        break;
      case '\x98':
        this.push(this.pop());
        break;
      default:
        throw broken('has an instruction that does not exist');
    }
  }

  private imported(module: Value, name: Value): Import {
    if (typeof module !== 'string' || typeof name !== 'string') {
      throw new ScanStop(SCAN_CODES.PICKLE, 'unsafe', COMPUTED_NAME);
    }
    const verdict = judgeImport(module, name);
    if (verdict === 'dangerous') {
      throw new ScanStop(SCAN_CODES.PICKLE, 'unsafe', `a pickle that imports ${describeImport(module, name)}`);
    }
    if (verdict === 'unknown') {
      this.suspect(`a pickle that imports ${describeImport(module, name)}, of which nothing is known`);
    }
    return { kind: 'import', module, name, verdict, weight: 64 + module.length + name.length };
  }

  private call(callable: Value, values: Value): void {
    const by = ofKind(callable, 'import');
    if (!by) {
      this.suspect('a pickle that calls something that it has made');
      this.push(undefined);
      return;
    }
    if (CONSTRUCTORS.has(`${by.module} ${by.name}`)) {
      this.suspect('a pickle that makes an array in an unusual way');
    }
    if (by.name === 'encode' && !isPlainEncoding(values)) {
      this.suspect('a pickle that converts text by an unusual codec');
    }
    this.push(madeBy(by.name === '_reconstructor' ? this.reconstructed(by, values) : by, values));
  }

  /** `copyreg._reconstructor(class, base, state)` makes an object of the class. */
  private reconstructed(by: Import, values: Value): Import {
    const made = ofKind(ofKind(values, 'tuple')?.items?.[0], 'import');
    if (!made) {
      this.suspect('a pickle that makes an object of a class that is not known');
    }
    return made ?? by;
  }

  private setState(): void {
    const [target, state] = this.popMany(2);
    if (ofKind(target, 'import')) {
      throw new ScanStop(SCAN_CODES.PICKLE, 'unsafe', 'a pickle that changes attributes of what it imports');
    }
    const made = ofKind(target, 'made');
    const judged = made?.by.name === 'dtype' ? judgeTypeState(made, state) : 'sound';
    if (judged === 'forged') {
      throw new ScanStop(SCAN_CODES.PICKLE, 'unsafe', 'a pickle with a NumPy type that takes bytes for pointers');
    }
    if (judged === 'unclear') {
      this.suspect('a pickle with a NumPy type of objects or structures that is not followed');
    }
    this.push(made?.by.name === 'NumpyArrayWrapper' ? madeBy(made.by, state) : target);
  }

  private persistent(id: Value): void {
    const [tag, type, key, , count] = ofKind(id, 'tuple')?.items ?? [];
    const storage = ofKind(type, 'import')?.name.replace(/Storage$/, '');
    if (tag !== STORAGE_TAG || storage === undefined || typeof key !== 'string' || typeof count !== 'number') {
      this.persistentText();
      return;
    }
    this.weight += key.length + 160;
    this.onStorage(key, ELEMENT_BYTES.get(storage) ?? 1, count);
    this.push(undefined);
  }

  private append(values: readonly Value[]): void {
    const target = this.top();
    this.requireData(target);
    const list = ofKind(target, 'list');
    for (const text of list ? this.texts(values) : []) {
      list?.texts.push(text);
    }
  }

  private texts(values: readonly Value[]): string[] {
    const texts = this.keepsTexts ? values.filter((value) => typeof value === 'string') : [];
    this.weight += texts.reduce((sum, text) => sum + text.length + 24, 0);
    return texts;
  }

  private fill(values: readonly Value[]): void {
    const target = this.top();
    this.requireData(target);
    const dictionary = ofKind(target, 'dict');
    if (dictionary) {
      this.filled(dictionary, values);
    }
  }

  private filled(dictionary: Dictionary, values: readonly Value[]): Dictionary {
    for (let index = 0; index + 1 < values.length; index += 2) {
      const [key, value] = [values[index], values[index + 1]];
      dictionary.plainFields &&= isPlainType(ofKind(value, 'tuple')?.items?.[0]);
      dictionary.knownKeys &&= typeof key === 'string';
      if (typeof key === 'string' && KEPT_ENTRIES.has(key)) {
        dictionary.entries[key] = value;
      }
    }
    return dictionary;
  }

  /** What takes elements is a container, not an import whose methods would be called. */
  private requireData(target: Value): void {
    if (ofKind(target, 'import')) {
      throw new ScanStop(SCAN_CODES.PICKLE, 'unsafe', 'a pickle that calls methods of what it imports');
    }
  }

  private pop(): Value {
    const value = this.top();
    this.stack.pop();
    this.drop(value);
    this.depth -= 1;
    return value;
  }

  private popMany(count: number): Value[] {
    if (this.stack.length < count) {
      throw broken('takes from an empty stack');
    }
    this.depth -= count;
    const values = this.stack.splice(this.stack.length - count);
    values.forEach(this.drop, this);
    return values;
  }

  private popMark(): Value[] {
    const values = this.stack;
    const outer = this.outer.pop();
    if (!outer) {
      throw broken('ends a group that it did not begin');
    }
    this.stack = outer;
    this.depth -= values.length + 1;
    values.forEach(this.drop, this);
    return values;
  }

  private drop(value: Value): void {
    this.weight -= weightOf(value);
  }
}

/** A pickle that no loader reads to its end. */
export function broken(problem: string): ScanStop {
  return new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', `a broken pickle: ${problem}`);
}

/**
 * What the memo keeps of a value: names, imports and what they made. Containers are used where they stand; of one that comes
 * back from the memo nothing is known, which counts against the pickle where anything depends on it.
 */
function memorable(value: Value): Value {
  if (typeof value !== 'object' || value.kind === 'import' || value.kind === 'made') {
    return value;
  }
  const keeps = value.kind === 'tuple' && value.items?.some((item) => typeof item === 'object');
  return keeps ? value : undefined;
}

/** Bytes in old pickles: `_codecs.encode(text, 'latin1')`. */
function isPlainEncoding(values: Value): boolean {
  const encoding = ofKind(values, 'tuple')?.items?.[1];
  return typeof encoding === 'string' && /^(latin-?1|utf-?8|ascii)$/i.test(encoding);
}

function emptyDictionary(): Dictionary {
  return { kind: 'dict', entries: {}, plainFields: true, knownKeys: true, weight: 400 };
}
