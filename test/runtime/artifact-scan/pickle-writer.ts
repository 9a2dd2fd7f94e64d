/** A value as a pickle holds it. */
export type Pickled =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Pickled[]
  | { readonly tuple: readonly Pickled[] }
  | { readonly dict: readonly (readonly [Pickled, Pickled])[] }
  | { readonly set: readonly Pickled[] }
  | { readonly float: number }
  /** An import: module and name. */
  | { readonly global: readonly [module: string, name: string] }
  /** A call (REDUCE), by which most objects are pickled; `state` is then set (BUILD), `items` are added. */
  | {
      readonly call: Pickled;
      readonly with: readonly Pickled[];
      readonly state?: Pickled;
      readonly items?: readonly (readonly [Pickled, Pickled])[];
    }
  /** `cls.__new__(cls, ...)` (NEWOBJ). */
  | { readonly make: Pickled; readonly with: readonly Pickled[]; readonly state?: Pickled }
  | { readonly persistent: Pickled };

export const global = (module: string, name: string): Pickled => ({ global: [module, name] });
export const call = (module: string, name: string, ...values: Pickled[]): Pickled => ({
  call: global(module, name),
  with: values,
});
export const tuple = (...values: Pickled[]): Pickled => ({ tuple: values });

/** Protocols 0 to 5. */
export const PROTOCOLS = [0, 1, 2, 3, 4, 5] as const;

/** Writes a pickle with the instructions of the protocol, each value put in the memo as CPython does. */
export function pickle(value: Pickled, protocol: number): Buffer {
  const writer = new PickleWriter(protocol);
  writer.write(value);
  const head = protocol >= 2 ? Buffer.from([0x80, protocol]) : Buffer.alloc(0);
  const body = Buffer.concat([...writer.parts, Buffer.from('.')]);
  const frame = Buffer.alloc(protocol >= 4 ? 9 : 0);
  if (protocol >= 4) {
    frame.writeUInt8(0x95);
    frame.writeBigUInt64LE(BigInt(body.length), 1);
  }
  return Buffer.concat([head, frame, body]);
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

class PickleWriter {
  readonly parts: Buffer[] = [];
  private memo = 0;

  constructor(private readonly protocol: number) {}

  write(value: Pickled): void {
    if (value === null) {
      this.text('N');
    } else if (typeof value === 'boolean') {
      this.text(this.protocol >= 2 ? (value ? '\x88' : '\x89') : value ? 'I01\n' : 'I00\n');
    } else if (typeof value === 'number') {
      this.integer(value);
    } else if (typeof value === 'string') {
      this.string(value);
    } else if (value instanceof Uint8Array) {
      this.bytes(value);
    } else if (Array.isArray(value)) {
      this.list(value);
    } else {
      this.object(value);
    }
  }

  private object(value: Exclude<Pickled, null | boolean | number | string | Uint8Array | Pickled[]>): void {
    if ('tuple' in value) {
      this.tuple(value.tuple);
    } else if ('dict' in value) {
      this.text(this.protocol >= 1 ? '}' : '(d');
      this.remember();
      this.items(value.dict);
    } else if ('set' in value) {
      this.write({ call: global(this.protocol >= 3 ? 'builtins' : '__builtin__', 'set'), with: [[...value.set]] });
    } else if ('float' in value) {
      this.float(value.float);
    } else if ('global' in value) {
      this.global(...value.global);
    } else if ('call' in value) {
      this.write(value.call);
      this.tuple(value.with);
      this.text('R');
      this.remember();
      this.items(value.items ?? []);
      this.state(value.state);
    } else if ('make' in value) {
      this.make(value);
    } else {
      this.write(value.persistent);
      this.text('Q');
    }
  }

  private make(value: { readonly make: Pickled; readonly with: readonly Pickled[]; readonly state?: Pickled }): void {
    this.write(value.make);
    this.tuple(value.with);
    this.text(this.protocol >= 2 ? '\x81' : 'R');
    this.remember();
    this.state(value.state);
  }

  private state(state: Pickled | undefined): void {
    if (state !== undefined) {
      this.write(state);
      this.text('b');
    }
  }

  private integer(value: number): void {
    if (this.protocol === 0) {
      this.text(`I${value}\n`);
    } else if (value >= 0 && value < 256) {
      this.parts.push(Buffer.from([0x4b, value]));
    } else if (value >= -(2 ** 31) && value < 2 ** 31) {
      this.text('J');
      this.parts.push(u32(value >>> 0));
    } else {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(value));
      this.text('\x8a\x08');
      this.parts.push(bytes);
    }
  }

  private float(value: number): void {
    const bytes = Buffer.alloc(9);
    bytes.write('G');
    bytes.writeDoubleBE(value, 1);
    this.parts.push(this.protocol === 0 ? Buffer.from(`F${value}\n`) : bytes);
  }

  private string(value: string): void {
    const bytes = Buffer.from(value);
    if (this.protocol === 0) {
      this.text(`V${rawUnicodeEscape(value)}\n`);
    } else if (this.protocol >= 4 && bytes.length < 256) {
      this.parts.push(Buffer.from([0x8c, bytes.length]), bytes);
    } else {
      this.text('X');
      this.parts.push(u32(bytes.length), bytes);
    }
    this.remember();
  }

  private bytes(value: Uint8Array): void {
    if (this.protocol < 3) {
      const latin1 = Buffer.from(value).toString('latin1');
      this.write({ call: global('_codecs', 'encode'), with: [latin1, 'latin1'] });
    } else {
      this.text('B');
      this.parts.push(u32(value.length), Buffer.from(value));
      this.remember();
    }
  }

  private list(values: readonly Pickled[]): void {
    this.text(this.protocol >= 1 ? ']' : '(l');
    this.remember();
    if (this.protocol === 0) {
      for (const value of values) {
        this.write(value);
        this.text('a');
      }
    } else if (values.length > 0) {
      this.text('(');
      values.forEach(this.write, this);
      this.text('e');
    }
  }

  private items(entries: readonly (readonly [Pickled, Pickled])[]): void {
    const marked = this.protocol >= 1 && entries.length > 0;
    this.text(marked ? '(' : '');
    for (const [key, value] of entries) {
      this.write(key);
      this.write(value);
      this.text(marked ? '' : 's');
    }
    this.text(marked ? 'u' : '');
  }

  private tuple(values: readonly Pickled[]): void {
    if (values.length === 0) {
      this.text(this.protocol >= 1 ? ')' : '(t');
      return;
    }
    const short = this.protocol >= 2 && values.length <= 3;
    this.text(short ? '' : '(');
    values.forEach(this.write, this);
    this.text(short ? String.fromCharCode(0x84 + values.length) : 't');
    this.remember();
  }

  private global(module: string, name: string): void {
    if (this.protocol >= 4) {
      this.string(module);
      this.string(name);
      this.text('\x93');
    } else {
      this.text(`c${module}\n${name}\n`);
    }
    this.remember();
  }

  private remember(): void {
    const index = this.memo++;
    if (this.protocol >= 4) {
      this.text('\x94');
    } else if (this.protocol === 0) {
      this.text(`p${index}\n`);
    } else if (index < 256) {
      this.parts.push(Buffer.from([0x71, index]));
    } else {
      this.text('r');
      this.parts.push(u32(index));
    }
  }

  private text(instructions: string): void {
    this.parts.push(Buffer.from(instructions, 'latin1'));
  }
}

/** A NumPy type, as NumPy pickles it. */
const lengthOf = (code: string): number =>
  /^[SUV]/.test(code) ? Number(code.slice(1)) * (code.startsWith('U') ? 4 : 1) : -1;

/** A NumPy type as NumPy pickles it: with its length where that is not always the same. */
export const numpyType = (code: string, flags = 0, size = lengthOf(code)): Pickled => ({
  call: global('numpy', 'dtype'),
  with: [code, false, true],
  state: tuple(3, '<', null, null, null, size, -1, flags),
});

/** A NumPy array, as NumPy pickles it. */
export const numpyArray = (type: Pickled, data: Pickled, core = 'numpy.core'): Pickled => ({
  call: global(`${core}.multiarray`, '_reconstruct'),
  with: [global('numpy', 'ndarray'), tuple(0), Buffer.from('b')],
  state: tuple(1, tuple(2), type, false, data),
});

/** A tensor, as PyTorch pickles it: its bytes are the storage `key`. */
export const torchTensor = (key: string, elements: number): Pickled =>
  call(
    'torch._utils',
    '_rebuild_tensor_v2',
    { persistent: tuple('storage', global('torch', 'FloatStorage'), key, 'cpu', elements) },
    0,
    tuple(elements),
    tuple(1),
    false,
    call('collections', 'OrderedDict'),
  );

/** Python's raw-unicode-escape: what Latin-1 does not have, and what would end the line, by number. */
function rawUnicodeEscape(text: string): string {
  return Array.from(text, (character) => {
    const point = character.codePointAt(0) as number;
    if (point > 0xffff) {
      return `\\U${point.toString(16).padStart(8, '0')}`;
    }
    return point > 0xff || character === '\\' || character === '\n'
      ? `\\u${point.toString(16).padStart(4, '0')}`
      : character;
  }).join('');
}
