import { PalisadeError } from '../../runtime/errors';

/** Kinds of sections, with their numbers in the file (aws-nitro-enclaves-image-format, src/defs/mod.rs; so are all numbers here). */
export const SECTION = { kernel: 1, cmdline: 2, ramdisk: 3, signature: 4, metadata: 5 } as const;

/** Name of a kind of section. */
export type SectionKind = keyof typeof SECTION;

/** Bytes of the header at the start of the file. All numbers in an EIF are big-endian. */
export const HEADER_BYTES = 548;
/** Bytes of the header in front of each section. */
export const SECTION_HEADER_BYTES = 12;
/** Slots of the section table. */
export const MAXIMUM_SECTIONS = 32;
/** Version 3 brought the signature, version 4 the metadata. */
export const VERSIONS = [3, 4];

const MAGIC = 0x2e656966;
const ARM64 = 1;
const TABLE = 28;
const CRC_AT = HEADER_BYTES - 4;

/** What the header says. */
export interface EifHeader {
  readonly version: number;
  readonly architecture: 'x86_64' | 'arm64';
  /** Memory that the image asks for, in bytes. */
  readonly defaultMemory: number;
  readonly defaultCpus: number;
  /** Where each section's header starts, and how long its data is. */
  readonly sections: readonly { readonly offset: number; readonly size: number }[];
  readonly crc32: number;
}

/** Reads a header. Throws PALISADE-E100 for what is no EIF, E101 for its version, E102 for its section table. */
export function parseHeader(bytes: Buffer, where: string): EifHeader {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(0) !== MAGIC) {
    throw eifFault('E100', where, 'not an enclave image: it does not start with .eif and a whole header');
  }
  const version = bytes.readUInt16BE(4);
  if (!VERSIONS.includes(version)) {
    throw eifFault('E101', where, `version ${version}, readable: ${VERSIONS.join(', ')}`);
  }
  const count = bytes.readUInt16BE(26);
  if (count === 0 || count > MAXIMUM_SECTIONS) {
    throw eifFault('E102', where, `${count} sections, allowed: 1 to ${MAXIMUM_SECTIONS}`);
  }
  return {
    version,
    architecture: bytes.readUInt16BE(6) & ARM64 ? 'arm64' : 'x86_64',
    defaultMemory: wholeNumber(bytes, 8, where),
    defaultCpus: wholeNumber(bytes, 16, where),
    sections: Array.from({ length: count }, (_, index) => ({
      offset: wholeNumber(bytes, TABLE + 8 * index, where),
      size: wholeNumber(bytes, TABLE + 8 * (MAXIMUM_SECTIONS + index), where),
    })),
    crc32: bytes.readUInt32BE(CRC_AT),
  };
}

/** Writes a header, all but the checksum. */
export function headerBytes(header: Omit<EifHeader, 'crc32'>): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt16BE(header.version, 4);
  bytes.writeUInt16BE(header.architecture === 'arm64' ? ARM64 : 0, 6);
  bytes.writeBigUInt64BE(BigInt(header.defaultMemory), 8);
  bytes.writeBigUInt64BE(BigInt(header.defaultCpus), 16);
  bytes.writeUInt16BE(header.sections.length, 26);
  header.sections.forEach(({ offset, size }, index) => {
    bytes.writeBigUInt64BE(BigInt(offset), TABLE + 8 * index);
    bytes.writeBigUInt64BE(BigInt(size), TABLE + 8 * (MAXIMUM_SECTIONS + index));
  });
  return bytes;
}

/** The part of the header that the checksum covers. */
export function checkedHeader(bytes: Buffer): Buffer {
  return bytes.subarray(0, CRC_AT);
}

/** Puts the checksum into a header. */
export function setChecksum(bytes: Buffer, crc32: number): void {
  bytes.writeUInt32BE(crc32, CRC_AT);
}

/** Reads what stands in front of a section. Throws PALISADE-E103 for an unknown kind. */
export function parseSectionHeader(bytes: Buffer, where: string): { kind: SectionKind; size: number } {
  const type = bytes.readUInt16BE(0);
  const kind = (Object.keys(SECTION) as SectionKind[]).find((name) => SECTION[name] === type);
  if (!kind) {
    throw eifFault('E103', where, `a section of type ${type}`);
  }
  return { kind, size: wholeNumber(bytes, 4, where) };
}

/** What stands in front of a section. */
export function sectionHeaderBytes(kind: SectionKind, size: number): Buffer {
  const bytes = Buffer.alloc(SECTION_HEADER_BYTES);
  bytes.writeUInt16BE(SECTION[kind], 0);
  bytes.writeBigUInt64BE(BigInt(size), 4);
  return bytes;
}

function wholeNumber(bytes: Buffer, at: number, where: string): number {
  const value = bytes.readBigUInt64BE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw eifFault('E102', where, `a size or offset of ${value}`);
  }
  return Number(value);
}

/** Why an image is refused. */
export function eifFault(code: string, where: string, problem: string, fix?: string): PalisadeError {
  return new PalisadeError({
    code: `PALISADE-${code}`,
    where,
    problem,
    fix: fix ?? 'take the image as it was built; a damaged or altered one cannot be measured',
  });
}
