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
}

/** A zip archive. */
export function zip(files: readonly ZipFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const data = file.stored ? file.content : deflateRawSync(file.content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    writeCommon(local, 4, file, data);
    local.writeUInt16LE(Buffer.byteLength(file.name), 26);
    const central = Buffer.alloc(46);
    const listed = file.listedAs ?? file.name;
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(0x0314, 4);
    writeCommon(central, 6, file, data);
    central.writeUInt16LE(Buffer.byteLength(listed), 28);
    central.writeUInt32LE(((file.mode ?? 0o100644) << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    directory.push(central, Buffer.from(listed));
    parts.push(local, Buffer.from(file.name), data);
    offset += 30 + Buffer.byteLength(file.name) + data.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

function writeCommon(header: Buffer, start: number, file: ZipFile, data: Buffer): void {
  header.writeUInt16LE(20, start);
  header.writeUInt16LE(file.flags ?? 0, start + 2);
  header.writeUInt16LE(file.stored ? 0 : 8, start + 4);
  header.writeUInt32LE(crc32(file.content), start + 10);
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
