import type { ByteReader } from '../byte-reader';
import { requireHarmlessText } from '../model-config';
import { SCAN_CODES, ScanStop } from '../verdict';
import { readAttribute } from './attribute';
import { denseObjects } from './dense';
import { address, brokenHdf5, FileImage } from './image';
import { type HeaderMessage, headerMessages } from './object-header';

const MAXIMUM_OBJECTS = 100_000;
const MAXIMUM_TREE_DEPTH = 16;

/** Types of messages (HDF5 File Format Specification 3.0, IV.A.2). */
const LINK_INFO = 0x02;
const LINK = 0x06;
const EXTERNAL_FILES = 0x07;
const LAYOUT = 0x08;
const FILTERS = 0x0b;
const ATTRIBUTE = 0x0c;
const SYMBOL_TABLE = 0x11;
const ATTRIBUTE_INFO = 0x15;

const VIRTUAL_LAYOUT = 3;
const HARD_LINK = 0;
const SOFT_LINK = 1;
/** Filters that the library has, and LZF, which h5py has; others are loaded as plugins. */
const OWN_FILTERS = new Set([1, 2, 3, 4, 5, 6, 32_000]);
/** Attributes from which Keras builds a model (keras/src/legacy/saving/legacy_h5_format.py). */
const CONFIGURATIONS = new Set(['model_config', 'training_config', 'optimizer_config', 'config']);

/**
 * Checks an HDF5 file as Keras loads it: every object that is reachable from the root, with configurations that only name
 * Keras's own layers, and no link, dataset or filter that leads out of the file.
 */
export async function requireHdf5(reader: ByteReader): Promise<void> {
  const walk = new Walk(await FileImage.of(reader));
  walk.run();
}

class Walk {
  private readonly waiting: number[] = [];
  private readonly seen = new Set<number>();
  private doubt?: ScanStop;

  constructor(private readonly image: FileImage) {}

  run(): void {
    this.visit(this.root());
    for (let at = this.waiting.pop(); at !== undefined; at = this.waiting.pop()) {
      for (const message of headerMessages(this.image, at)) {
        this.judge(message);
      }
    }
    if (this.doubt) {
      throw this.doubt;
    }
  }

  /** Address of the root group's header, from a superblock of either form with eight-byte addresses. */
  private root(): number | undefined {
    const version = this.image.read(8, 1)[0];
    const old = version < 2;
    const start = this.image.read(0, old ? 16 : 12);
    const sizes = old ? [start[13], start[14]] : [start[9], start[10]];
    const base = version === 0 ? 24 : version === 1 ? 28 : 12;
    const fields = this.image.read(base, old ? 48 : 32);
    const elsewhere = old ? address(fields, 24) : address(fields, 8);
    if (version > 3 || sizes.some((size) => size !== 8) || address(fields, 0) !== 0 || elsewhere !== undefined) {
      throw brokenHdf5();
    }
    return old ? address(fields, 40) : address(fields, 24);
  }

  private visit(at: number | undefined): void {
    if (at === undefined) {
      throw brokenHdf5();
    }
    if (!this.seen.has(at)) {
      this.seen.add(at);
      this.waiting.push(at);
    }
    if (this.seen.size > MAXIMUM_OBJECTS) {
      throw brokenHdf5();
    }
  }

  private judge({ type, shared, data }: HeaderMessage): void {
    switch (type) {
      case SYMBOL_TABLE:
        this.tree(address(data, 0), MAXIMUM_TREE_DEPTH);
        break;
      case LINK:
        this.link(data);
        break;
      case LINK_INFO:
        this.dense(data, data[1] & 1 ? 10 : 2, (link) => this.link(link));
        break;
      case ATTRIBUTE_INFO:
        this.dense(data, data[1] & 1 ? 4 : 2, (attribute) => this.attribute(false, attribute));
        break;
      case ATTRIBUTE:
        this.attribute(shared, data);
        break;
      case EXTERNAL_FILES:
        throw outside();
      case LAYOUT:
        this.layout(data);
        break;
      case FILTERS:
        this.filters(data);
        break;
      default:
    }
  }

  /** A group of the old form: a tree of nodes, then tables of 40-byte entries. */
  private tree(at: number | undefined, depth: number): void {
    if (at === undefined || depth === 0) {
      throw brokenHdf5();
    }
    const head = this.image.read(at, 8);
    const signature = head.subarray(0, 4).toString('latin1');
    const count = head.readUInt16LE(6);
    if (signature === 'SNOD') {
      const entries = this.image.read(at + 8, 40 * count);
      for (let index = 0; index < count; index += 1) {
        this.entry(entries.subarray(40 * index, 40 * (index + 1)));
      }
    } else if (signature === 'TREE' && head[4] === 0) {
      const children = this.image.read(at + 24, 16 * count + 8);
      for (let index = 0; index < count; index += 1) {
        this.tree(address(children, 16 * index + 8), depth - 1);
      }
    } else {
      throw brokenHdf5();
    }
  }

  private entry(entry: Buffer): void {
    const isSoftLink = entry.readUInt32LE(16) === 2;
    if (!isSoftLink) {
      this.visit(address(entry, 8));
    }
  }

  /** A link of the new form: version, flags, then optional type, order and character set, the name, and where it leads. */
  private link(data: Buffer): void {
    const flags = data[1];
    let at = 2;
    const type = flags & 0x08 ? data[at++] : HARD_LINK;
    at += (flags & 0x04 ? 8 : 0) + (flags & 0x10 ? 1 : 0);
    const width = 1 << (flags & 3);
    if (at + width > data.length || width === 8) {
      throw brokenHdf5();
    }
    at += width + data.readUIntLE(at, width);
    if (type === HARD_LINK) {
      this.visit(address(data, at));
    } else if (type !== SOFT_LINK) {
      throw outside();
    }
  }

  /** Links or attributes that are kept apart, by the addresses of their heap and of their names. */
  private dense(data: Buffer, at: number, judge: (object: Buffer) => void): void {
    const heap = address(data, at);
    if (heap !== undefined) {
      denseObjects(this.image, heap, address(data, at + 8)).forEach(judge);
    }
  }

  private attribute(shared: boolean, data: Buffer): void {
    if (shared) {
      throw brokenHdf5();
    }
    const { name, text } = readAttribute(this.image, data);
    if (CONFIGURATIONS.has(name) || /^\s*[{[]/.test(text ?? '')) {
      this.configuration(text);
    }
  }

  private configuration(text: string | undefined): void {
    try {
      requireHarmlessText(text);
    } catch (error) {
      if (!(error instanceof ScanStop) || error.verdict === 'unsafe') {
        throw error;
      }
      this.doubt ??= error;
    }
  }

  private layout(data: Buffer): void {
    if (data[0] >= 3 && data[1] === VIRTUAL_LAYOUT) {
      throw outside();
    }
  }

  /** Version, number of filters, then for each its id, name, flags and values. */
  private filters(data: Buffer): void {
    const old = data[0] === 1;
    let at = old ? 8 : 2;
    for (let index = 0; index < data[1]; index += 1) {
      if (at + 8 > data.length) {
        throw brokenHdf5();
      }
      const id = data.readUInt16LE(at);
      const named = old || id >= 256;
      const name = named ? data.readUInt16LE(at + 2) : 0;
      const values = data.readUInt16LE(at + (named ? 6 : 4));
      at += (named ? 8 : 6) + (old ? Math.ceil(name / 8) * 8 : name) + 4 * values + (old && values % 2 === 1 ? 4 : 0);
      if (!OWN_FILTERS.has(id)) {
        this.doubt ??= new ScanStop(
          SCAN_CODES.EXTERNAL,
          'unknown',
          'an HDF5 file with a filter that is loaded as a plugin',
        );
      }
    }
  }
}

function outside(): ScanStop {
  return new ScanStop(SCAN_CODES.EXTERNAL, 'unsafe', 'an HDF5 file that leads to another file');
}
