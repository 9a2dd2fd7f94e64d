import { crc32, deflateRawSync } from 'node:zlib';

/** Text in which each character is one byte. */
export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** A stream of chunks of at most `chunk` bytes. */
export async function* streamOf(content: Uint8Array, chunk = 65_536): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += chunk) {
    yield content.subarray(start, start + chunk);
  }
}

export interface TarFile {
  readonly name: string;
  readonly content?: Uint8Array;
  readonly type?: string;
  readonly size?: number;
}

/** A ustar archive. */
export function tar(files: readonly TarFile[]): Buffer {
  return Buffer.concat([...files.map(tarFile), Buffer.alloc(1024)]);
}

function tarFile({ name, content = Buffer.alloc(0), type = '0', size = content.length }: TarFile): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'utf8');
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

export interface ZipFile {
  readonly name: string;
  readonly content: Buffer;
  readonly stored?: boolean;
  readonly mode?: number;
  /** Name in the central directory. @default - the same */
  readonly listedAs?: string;
  readonly flags?: number;
  readonly statedSize?: number;
  /** Lengths and checksum follow the content, in fields of so many bytes, as PyTorch writes them. */
  readonly descriptor?: 4 | 8;
  /** The local header states its lengths in the ZIP64 field, as NumPy writes it. */
  readonly zip64?: boolean;
  readonly method?: number;
  readonly crc?: number;
  /** Not in the central directory. */
  readonly unlisted?: boolean;
}

/** A zip archive. */
export function zip(files: readonly ZipFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const data = file.stored ? file.content : deflateRawSync(file.content);
    const local = localHeader(file, data);
    const record = file.descriptor ? descriptor(file, data) : Buffer.alloc(0);
    if (!file.unlisted) {
      directory.push(centralHeader(file, data, offset));
    }
    parts.push(local, data, record);
    offset += local.length + data.length + record.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

function localHeader(file: ZipFile, data: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header, 4, file, data);
  header.writeUInt16LE(Buffer.byteLength(file.name), 26);
  const extra = Buffer.alloc(file.zip64 ? 20 : 0);
  if (file.zip64) {
    header.fill(0xff, 18, 26);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(16, 2);
    extra.writeBigUInt64LE(BigInt(file.content.length), 4);
    extra.writeBigUInt64LE(BigInt(data.length), 12);
  }
  if (file.descriptor) {
    header.fill(0, 14, 26);
  }
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, Buffer.from(file.name), extra]);
}

function centralHeader(file: ZipFile, data: Buffer, offset: number): Buffer {
  const central = Buffer.alloc(46);
  const listed = file.listedAs ?? file.name;
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(0x0314, 4);
  writeCommon(central, 6, file, data);
  central.writeUInt16LE(Buffer.byteLength(listed), 28);
  central.writeUInt32LE(((file.mode ?? 0o100644) << 16) >>> 0, 38);
  central.writeUInt32LE(offset, 42);
  return Buffer.concat([central, Buffer.from(listed)]);
}

function descriptor(file: ZipFile, data: Buffer): Buffer {
  const record = Buffer.alloc(file.descriptor === 8 ? 24 : 16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(file.crc ?? crc32(file.content), 4);
  if (file.descriptor === 8) {
    record.writeBigUInt64LE(BigInt(data.length), 8);
    record.writeBigUInt64LE(BigInt(file.content.length), 16);
  } else {
    record.writeUInt32LE(data.length, 8);
    record.writeUInt32LE(file.content.length, 12);
  }
  return record;
}

function writeCommon(header: Buffer, start: number, file: ZipFile, data: Buffer): void {
  header.writeUInt16LE(file.zip64 ? 45 : 20, start);
  header.writeUInt16LE((file.flags ?? 0) | (file.descriptor ? 8 : 0), start + 2);
  header.writeUInt16LE(file.method ?? (file.stored ? 0 : 8), start + 4);
  header.writeUInt32LE(file.crc ?? crc32(file.content), start + 10);
  header.writeUInt32LE(data.length, start + 14);
  header.writeUInt32LE(file.statedSize ?? file.content.length, start + 18);
}

/** A safetensors file of tensors of bytes. */
export function safetensors(tensors: Readonly<Record<string, number>>, change: object = {}): Buffer {
  let end = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, length]) => {
      const offsets = [end, end + length];
      end += length;
      return [name, { dtype: 'U8', shape: [length], data_offsets: offsets }];
    }),
  );
  const text = Buffer.from(JSON.stringify({ __metadata__: { format: 'pt' }, ...header, ...change }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(end, 0xff)]);
}
