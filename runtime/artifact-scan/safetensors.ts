import { ByteReader, Section } from './byte-reader';
import { type JsonListener, requireJson } from './json';
import { malformed, SCAN_CODES, ScanStop } from './verdict';

/** Longest header that the format allows (safetensors, `MAX_HEADER_SIZE`). */
const MAXIMUM_HEADER = 100_000_000;
/** Tensors whose names and places are kept. The largest published files have some thousands. */
const MAXIMUM_TENSORS = 500_000;
const MAXIMUM_DIMENSIONS = 64;
const METADATA = '__metadata__';

/** Bits per element (safetensors README, "Format", and the Dtype enumeration of its reference implementation). */
const DTYPE_BITS: ReadonlyMap<string, number> = new Map([
  ['F4', 4],
  ['F6_E2M3', 6],
  ['F6_E3M2', 6],
  ['BOOL', 8],
  ['U8', 8],
  ['I8', 8],
  ['F8_E4M3', 8],
  ['F8_E5M2', 8],
  ['F8_E8M0', 8],
  ['I16', 16],
  ['U16', 16],
  ['F16', 16],
  ['BF16', 16],
  ['I32', 32],
  ['U32', 32],
  ['F32', 32],
  ['I64', 64],
  ['U64', 64],
  ['F64', 64],
  ['C64', 64],
]);

/** Checks a safetensors file: header bounds, types, and tensors that cover the data exactly, without gap or overlap. */
export async function requireSafetensors(reader: ByteReader): Promise<void> {
  const header = new Header();
  const bytes = new ByteReader(new Section(reader, await headerLength(reader)));
  if ((await bytes.peek(1))[0] !== 0x7b) {
    throw notAHeader();
  }
  try {
    await requireJson(bytes, header);
  } catch (error) {
    throw error instanceof ScanStop && error.verdict === 'unknown' && error.code !== SCAN_CODES.LIMIT
      ? notAHeader()
      : error;
  }
  const end = header.covered();
  const start = reader.position;
  await reader.drain();
  if (reader.position - start !== end) {
    throw malformed('a safetensors file with more or less data than its header states');
  }
}

async function headerLength(reader: ByteReader): Promise<number> {
  const length = Buffer.from(await reader.read(8)).readBigUInt64LE();
  if (length > MAXIMUM_HEADER) {
    throw malformed('a safetensors header that is longer than the format allows');
  }
  return Number(length);
}

type Field = 'dtype' | 'shape' | 'data_offsets';

interface Tensor {
  dtype?: string;
  readonly shape: number[];
  readonly data_offsets: number[];
}

/** Follows the header as it is read: an object of tensors and one of texts, each key once. */
class Header implements JsonListener {
  private depth = 0;
  private name = '';
  private field = '';
  private readonly names = new Set<string>();
  private fields = new Set<string>();
  private tensor: Tensor = { shape: [], data_offsets: [] };
  private readonly ranges: [start: number, end: number][] = [];
  private unknownType = false;

  begin(container: '{' | '['): void {
    this.depth += 1;
    const list =
      this.depth === 3 && this.name !== METADATA && (this.field === 'shape' || this.field === 'data_offsets');
    if (container === '{' ? this.depth > 2 : !list) {
      throw notAHeader();
    }
    if (this.depth === 2) {
      this.fields = new Set();
      this.tensor = { shape: [], data_offsets: [] };
    }
  }

  key(text: string | undefined): void {
    const keys = this.depth === 1 ? this.names : this.fields;
    if (text === undefined || keys.has(text)) {
      throw notAHeader();
    }
    keys.add(text);
    if (keys.size > MAXIMUM_TENSORS) {
      throw new ScanStop(SCAN_CODES.LIMIT, 'unknown', `a safetensors file of more than ${MAXIMUM_TENSORS} tensors`);
    }
    if (this.depth === 1) {
      this.name = text;
    } else {
      this.field = text;
    }
  }

  text(text: string | undefined): void {
    if (this.depth !== 2 || (this.name !== METADATA && this.field !== 'dtype')) {
      throw notAHeader();
    }
    this.tensor.dtype = text;
  }

  number(text: string): void {
    const values = this.depth === 3 ? this.tensor[this.field as Exclude<Field, 'dtype'>] : undefined;
    if (!values || !/^\d{1,16}$/.test(text) || values.length >= MAXIMUM_DIMENSIONS) {
      throw notAHeader();
    }
    values.push(Number(text));
  }

  literal(): void {
    throw notAHeader();
  }

  end(): void {
    if (this.depth === 2 && this.name !== METADATA) {
      this.complete(this.tensor);
    }
    this.depth -= 1;
  }

  /** Bytes of the data that the tensors cover, from its beginning. */
  covered(): number {
    if (this.unknownType) {
      throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'a safetensors file with an unknown element type');
    }
    this.ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    let end = 0;
    for (const range of this.ranges) {
      if (range[0] !== end) {
        throw malformed('safetensors offsets that leave a gap or overlap');
      }
      end = range[1];
    }
    return end;
  }

  private complete({ dtype = '', shape, data_offsets: [start, end, more] }: Tensor): void {
    if (this.fields.size !== 3 || ['dtype', 'shape', 'data_offsets'].some((field) => !this.fields.has(field))) {
      throw notAHeader();
    }
    const bits = DTYPE_BITS.get(dtype);
    const length = shape.reduce((product, side) => product * side, bits ?? 8);
    if (start === undefined || end === undefined || more !== undefined || !Number.isSafeInteger(length)) {
      throw notAHeader();
    }
    this.unknownType ||= bits === undefined;
    if (bits !== undefined && (end - start) * 8 !== length) {
      throw malformed('a safetensors tensor whose place has another size than its shape');
    }
    this.ranges.push([start, end]);
  }
}

function notAHeader(): ScanStop {
  return malformed('a safetensors header that is not one');
}
