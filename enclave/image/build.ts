import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { crc32 } from 'node:zlib';
import { writeCpio } from './cpio';
import {
  checkedHeader,
  eifFault,
  HEADER_BYTES,
  headerBytes,
  SECTION_HEADER_BYTES,
  type SectionKind,
  sectionHeaderBytes,
  setChecksum,
} from './format';
import { type ImageMeasurements, ImageMeasurer } from './measure';
import { chunks, readEif } from './read';
import { signMeasurement } from './signature';

/** What an image is built from. */
export interface EifParts {
  /** Path of the kernel. */
  readonly kernel: string;
  /** Its command line. */
  readonly cmdline: string;
  /** The first holds init, the others the application. Files are taken as they are, folders packed as initramfs. */
  readonly ramdisks: readonly string[];
  /** @default 'x86_64' */
  readonly architecture?: 'x86_64' | 'arm64';
  /** Memory that the image asks for, in bytes. @default 536870912 - 512 MiB */
  readonly defaultMemory?: number;
  /** @default 2 */
  readonly defaultCpus?: number;
  /** What the metadata calls the image. @default 'enclave' */
  readonly name?: string;
  /** @default '1.0' */
  readonly version?: string;
  /** Signs PCR0, which adds PCR8. ECDSA is random: a signed image differs each time, its measurements do not. @default - unsigned */
  readonly signer?: { readonly certificatePem: string; readonly keyPem: string };
}

/** What a section's data comes from. */
type Source = { readonly kind: SectionKind; readonly size: number } & (
  | { readonly file: string }
  | { readonly bytes: Buffer }
);

const VERSION = 4;
const DEFAULT_MEMORY = 512 * 1024 * 1024;

/**
 * Writes an enclave image file, the same bytes for the same parts, and gives what it measures, read back from the file.
 * The file appears whole or not at all.
 *
 * Throws PALISADE-E108 for a part that cannot be read or a key, PALISADE-E109 where the output is one of the parts.
 */
export function buildEif(parts: EifParts, output: string): ImageMeasurements {
  requireOther(parts, output);
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'palisade-eif-'));
  const partial = `${output}.partial`;
  try {
    const sources = sourcesOf(parts, scratch);
    const signed = parts.signer ? [...sources, signature(sources, parts.signer)] : sources;
    write(parts, signed, partial);
    const { measurements } = readEif(partial);
    fs.renameSync(partial, output);
    return measurements;
  } finally {
    fs.rmSync(scratch, { recursive: true });
    fs.rmSync(partial, { force: true });
  }
}

function requireOther({ kernel, ramdisks }: EifParts, output: string): void {
  const real = (file: string) => (fs.existsSync(file) ? fs.realpathSync(file) : path.resolve(file));
  if ([kernel, ...ramdisks].some((part) => real(part) === real(output))) {
    throw eifFault('E109', output, 'the output is one of the parts', 'name another output');
  }
}

function sourcesOf(parts: EifParts, scratch: string): Source[] {
  if (parts.ramdisks.length === 0) {
    throw eifFault('E108', 'ramdisks', 'none', 'give at least the one that holds init');
  }
  const ramdisks = parts.ramdisks.map((part, index) => fileSource('ramdisk', packed(part, scratch, index)));
  return [
    fileSource('kernel', parts.kernel),
    bytesSource('cmdline', Buffer.from(parts.cmdline)),
    bytesSource('metadata', Buffer.from(JSON.stringify(metadataOf(parts)))),
    ...ramdisks,
  ];
}

/** The fields that AWS's tools ask for. The time is zero: it would make every build another file. */
function metadataOf({ name = 'enclave', version = '1.0' }: EifParts) {
  return {
    ImageName: name,
    ImageVersion: version,
    BuildMetadata: {
      BuildTime: '1970-01-01T00:00:00+00:00',
      BuildTool: 'palisade',
      BuildToolVersion: '1',
      OperatingSystem: 'Linux',
      KernelVersion: 'unknown',
    },
    DockerInfo: {},
    CustomMetadata: null,
  };
}

function packed(part: string, scratch: string, index: number): string {
  if (!fs.existsSync(part) || !fs.statSync(part).isDirectory()) {
    return part;
  }
  const file = path.join(scratch, `${index}.cpio`);
  const descriptor = fs.openSync(file, 'w');
  try {
    writeCpio(part, (bytes) => writeAll(descriptor, bytes));
  } finally {
    fs.closeSync(descriptor);
  }
  return file;
}

function fileSource(kind: SectionKind, file: string): Source {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size === 0) {
    throw eifFault('E108', file, `no ${kind}: not a file, or empty`, `name a file that holds the ${kind}`);
  }
  return { kind, file, size: stat.size };
}

function bytesSource(kind: SectionKind, bytes: Buffer): Source {
  return { kind, bytes, size: bytes.length };
}

function signature(sources: readonly Source[], { certificatePem, keyPem }: NonNullable<EifParts['signer']>): Source {
  const measurer = new ImageMeasurer();
  for (const source of sources) {
    const hashes = measurer.section(source.kind);
    for (const chunk of contentOf(source)) {
      for (const hash of hashes) {
        hash.update(chunk);
      }
    }
  }
  return bytesSource('signature', signMeasurement(measurer.result().PCR0, certificatePem, keyPem));
}

function write(parts: EifParts, sources: readonly Source[], file: string): void {
  const header = headerBytes({
    version: VERSION,
    architecture: parts.architecture ?? 'x86_64',
    defaultMemory: parts.defaultMemory ?? DEFAULT_MEMORY,
    defaultCpus: parts.defaultCpus ?? 2,
    sections: tableOf(sources),
  });
  const descriptor = fs.openSync(file, 'w');
  try {
    let checksum = crc32(checkedHeader(header));
    writeAll(descriptor, header);
    for (const bytes of pieces(sources)) {
      checksum = crc32(bytes, checksum);
      writeAll(descriptor, bytes);
    }
    setChecksum(header, checksum);
    fs.writeSync(descriptor, header, 0, HEADER_BYTES, 0);
  } finally {
    fs.closeSync(descriptor);
  }
}

function tableOf(sources: readonly Source[]): { offset: number; size: number }[] {
  let offset = HEADER_BYTES;
  return sources.map(({ size }) => {
    const section = { offset, size };
    offset += SECTION_HEADER_BYTES + size;
    return section;
  });
}

function* pieces(sources: readonly Source[]): Generator<Uint8Array> {
  for (const source of sources) {
    yield sectionHeaderBytes(source.kind, source.size);
    yield* contentOf(source);
  }
}

function* contentOf(source: Source): Generator<Uint8Array> {
  if ('bytes' in source) {
    yield source.bytes;
    return;
  }
  const descriptor = fs.openSync(source.file, 'r');
  try {
    yield* chunks(descriptor, 0, source.size);
  } finally {
    fs.closeSync(descriptor);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    at += fs.writeSync(descriptor, bytes, at);
  }
}
