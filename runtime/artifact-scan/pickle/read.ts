import { type ByteReader, Section } from '../byte-reader';
import { SCAN_CODES, ScanStop } from '../verdict';
import { Batch } from './batch';
import { requireNoHiddenPickle } from './hidden';
import { broken, COMPUTED_NAME, PickleMachine } from './machine';
import { typeCode } from './numpy-type';
import { PICKLE_WINDOW, probePickle } from './probe';
import { type Made, ofKind } from './values';

/** Bytes of a tensor that lie outside the pickle that names them. */
export interface TensorStorage {
  readonly key: string;
  readonly bytes: number;
}

/** What the pickles of some content are, where nothing speaks against them as attacks. */
export interface Pickles {
  readonly storages: readonly TensorStorage[];
  /** Why they cannot be called safe. */
  readonly doubt?: ScanStop;
}

/** First value of a file that `torch.save` wrote before PyTorch 1.6 (torch/serialization.py, `MAGIC_NUMBER`). */
const TORCH_MAGIC = '6cfc9c46f9206aa85019';
/** What such a file holds before the bytes of its tensors: magic, version, system, object, keys of the storages. */
const TORCH_PICKLES = 5;
/** Pickles in a row. */
const MAXIMUM_PICKLES = 10_000;
/** Entries of machines that are copied, all copies of one pickle together. */
const MAXIMUM_COPIED = 10_000_000;
/** Arrays of objects within arrays of objects. */
const MAXIMUM_NESTING = 8;
const TORCH_ELEMENTS = 2 ** 40;

/**
 * Follows every pickle of some content to its end: several in a row, joblib's with the bytes of arrays in between, and
 * PyTorch's old files with the bytes of tensors behind.
 *
 * Throws `ScanStop` with `unsafe` for what attacks, and `unknown` for what cannot be followed.
 */
export async function readPickles(reader: ByteReader): Promise<Pickles> {
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
    if (count > MAXIMUM_PICKLES) {
      throw new ScanStop(SCAN_CODES.LIMIT, 'unknown', `more than ${MAXIMUM_PICKLES} pickles in a row`);
    }
    if (old && count === TORCH_PICKLES) {
      await readStorages(reader, storages, ofKind(machine.result, 'list')?.texts ?? []);
      storages.clear();
      break;
    }
  } while (await anotherPickle(reader));
  const named = [...storages].map(([key, { elementBytes, elements }]) => ({ key, bytes: elementBytes * elements }));
  return { storages: named, doubt };
}

interface Storage {
  readonly elementBytes: number;
  readonly elements: number;
}

/** Whether another program follows. Anything else behind a pickle is for a loader of which nothing is known. */
async function anotherPickle(reader: ByteReader): Promise<boolean> {
  const window = await reader.peek(PICKLE_WINDOW);
  if (window.length > 0 && probePickle(window) === 'no') {
    await requireNoHiddenPickle(reader);
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
  private copied = 0;

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
      const batch = new Batch(window, last, this.machine, this.reader.position);
      batch.run();
      this.first ??= batch.firstLong;
      this.reader.take(batch.at);
      this.machine.requireProportion(this.reader.position - start);
      if (batch.skipsLine) {
        await this.skipLine();
      } else if (batch.skip > 0) {
        await new Section(this.reader, batch.skip).skip();
      } else if (batch.array) {
        await this.array(batch.array, nesting);
      }
    }
    return this.machine;
  }

  /** The rest of a text of protocol 0 that is longer than a window. */
  private async skipLine(): Promise<void> {
    for (let bytes = await this.reader.chunk(); bytes.length > 0; bytes = await this.reader.chunk()) {
      const end = bytes.indexOf(0x0a);
      if (end >= 0) {
        this.reader.unread(bytes.subarray(end + 1));
        this.machine.push(undefined);
        return;
      }
    }
    throw broken('ends in the middle');
  }

  private storage(key: string, elementBytes: number, elements: number): void {
    const known = this.storages.get(key);
    const bounded = Number.isInteger(elements) && elements >= 0 && elements <= TORCH_ELEMENTS;
    if (!bounded || (known && (known.elements !== elements || known.elementBytes !== elementBytes))) {
      throw broken('a tensor whose size it states in two ways');
    }
    this.storages.set(key, { elementBytes, elements });
  }

  /**
   * A loader other than joblib's does not know that these bytes are an array, and goes on with them as instructions: with
   * its stack and memo as they stand, they must not lead to a dangerous import.
   */
  private async requireNoProgram(): Promise<void> {
    this.copied += this.machine.size;
    const window = await this.reader.peek(PICKLE_WINDOW);
    const copy = this.copied <= MAXIMUM_COPIED ? this.machine.copy() : undefined;
    try {
      if (copy) {
        new Batch(window, window.length < PICKLE_WINDOW, copy).run();
      }
    } catch (error) {
      if (!(error instanceof ScanStop) || (error.verdict === 'unsafe' && error.message !== COMPUTED_NAME)) {
        throw error;
      }
      return;
    }
    if (!copy?.stopped || copy.doubt) {
      this.machine.suspect('an array whose bytes may be a program to another loader');
    }
  }

  /** The bytes of an array, which joblib writes behind its description; of objects, another pickle. */
  private async array(wrapper: Made, nesting: number): Promise<void> {
    const state = ofKind(wrapper.from, 'dict');
    const entries = state?.knownKeys ? state.entries : undefined;
    const alignment = entries?.numpy_array_alignment_bytes;
    const type = ofKind(entries?.dtype, 'made');
    const sides = ofKind(entries?.shape, 'tuple')?.items;
    const code = type && /^[|<>=]?([biufcOSUVmM])(\d{1,9})$/.exec(typeCode(type) ?? '');
    const padded = entries !== undefined && Object.hasOwn(entries, 'numpy_array_alignment_bytes');
    if (
      !code ||
      (padded && typeof alignment !== 'number') ||
      !sides?.every((side): side is number => typeof side === 'number' && side >= 0)
    ) {
      throw broken('an array whose bytes it does not describe');
    }
    await this.requireNoProgram();
    if (code[1] === 'O') {
      if (nesting >= MAXIMUM_NESTING) {
        throw new ScanStop(SCAN_CODES.LIMIT, 'unknown', 'arrays of objects nested too deep');
      }
      const inner = await new PickleWalk(this.reader, this.storages, false).run(nesting + 1);
      this.machine.doubt ??= inner.doubt;
      this.machine.replaceTop(undefined);
      return;
    }
    if (padded) {
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
