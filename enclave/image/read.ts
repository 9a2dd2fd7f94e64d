import * as fs from 'node:fs';
import { crc32 } from 'node:zlib';
import {
  checkedHeader,
  type EifHeader,
  eifFault,
  HEADER_BYTES,
  parseHeader,
  parseSectionHeader,
  SECTION_HEADER_BYTES,
  type SectionKind,
} from './format';
import { type ImageMeasurements, ImageMeasurer, measureCertificate } from './measure';
import { MAXIMUM_SIGNATURE, verifySignature } from './signature';

/** What is in an image, and what it measures. */
export interface EifDescription extends Omit<EifHeader, 'sections'> {
  readonly sections: readonly { readonly kind: SectionKind; readonly offset: number; readonly size: number }[];
  readonly cmdline: string;
  /** Names, versions and times that the builder wrote. Not measured: a claim. */
  readonly metadata?: unknown;
  /** Who signed the image. */
  readonly signer?: { readonly subject: string; readonly notBefore: Date; readonly notAfter: Date };
  readonly measurements: ImageMeasurements;
}

/** Read at once; memory does not grow with the image. */
const CHUNK = 1024 * 1024;
/** Longest command line: x86_64's own limit is 2,048 (Linux, COMMAND_LINE_SIZE), others' a little more. */
const MAXIMUM_CMDLINE = 65_536;
const MAXIMUM_METADATA = 1024 * 1024;

/** Sections whose content is kept while it is measured. */
const KEPT: Readonly<Partial<Record<SectionKind, number>>> = {
  cmdline: MAXIMUM_CMDLINE,
  signature: MAXIMUM_SIGNATURE,
  metadata: MAXIMUM_METADATA,
};

/**
 * Reads an enclave image file once from front to back, checks it and measures it. Nothing is taken on trust: sections
 * stand without gap in the order of the table and fill the file, the checksum holds, and a signature is of this image.
 *
 * Throws PALISADE-E100 for a file that is no EIF, E101 for its version, E102 for its layout, E103 for its sections,
 * E104 for its checksum, E105 and E106 for its signature, E107 for its metadata.
 */
export function readEif(file: string): EifDescription {
  const descriptor = open(file);
  try {
    return read(descriptor, file);
  } finally {
    fs.closeSync(descriptor);
  }
}

function open(file: string): number {
  try {
    return fs.openSync(file, 'r');
  } catch (error) {
    throw eifFault('E100', file, `cannot be read (${(error as NodeJS.ErrnoException).code})`, 'name an enclave image');
  }
}

function read(descriptor: number, where: string): EifDescription {
  const start = bytesAt(descriptor, 0, Math.min(HEADER_BYTES, fs.fstatSync(descriptor).size));
  const header = parseHeader(start, where);
  requireLayout(header, fs.fstatSync(descriptor).size, where);
  const measurer = new ImageMeasurer();
  const kept = new Map<SectionKind, Buffer>();
  let checksum = crc32(checkedHeader(start));
  const sections = header.sections.map(({ offset, size }) => {
    const head = bytesAt(descriptor, offset, SECTION_HEADER_BYTES);
    const { kind, size: stated } = parseSectionHeader(head, where);
    if (stated !== size) {
      throw eifFault('E102', where, `a ${kind} of ${stated} bytes, which the table gives ${size}`);
    }
    checksum = crc32(head, checksum);
    const hashes = measurer.section(kind);
    const keep = keeper(kind, size, where);
    for (const chunk of chunks(descriptor, offset + SECTION_HEADER_BYTES, size)) {
      checksum = crc32(chunk, checksum);
      for (const hash of hashes) {
        hash.update(chunk);
      }
      keep?.push(Buffer.from(chunk));
    }
    if (keep) {
      requireFirst(kept, kind, where);
      kept.set(kind, Buffer.concat(keep));
    }
    return { kind, offset, size };
  });
  if (checksum !== header.crc32) {
    throw eifFault('E104', where, `checksum ${checksum.toString(16)}, the header says ${header.crc32.toString(16)}`);
  }
  requireSections(sections, where);
  return { ...header, sections, ...contents(kept, measurer, where) };
}

/** Sections follow each other without gap, and nothing follows them: what is not in the table is not measured. */
function requireLayout({ sections }: EifHeader, size: number, where: string): void {
  let end = HEADER_BYTES;
  sections.forEach((section, index) => {
    if (section.offset !== end) {
      throw eifFault('E102', where, `section ${index} starts at ${section.offset}, expected ${end}`);
    }
    end += SECTION_HEADER_BYTES + section.size;
  });
  if (end !== size) {
    throw eifFault('E102', where, `${size} bytes, and the sections end at ${end}`);
  }
}

function keeper(kind: SectionKind, size: number, where: string): Buffer[] | undefined {
  const limit = KEPT[kind];
  if (limit !== undefined && size > limit) {
    throw eifFault('E102', where, `a ${kind} of ${size} bytes, allowed: ${limit}`);
  }
  return limit === undefined ? undefined : [];
}

function requireFirst(kept: ReadonlyMap<SectionKind, Buffer>, kind: SectionKind, where: string): void {
  if (kept.has(kind)) {
    throw eifFault('E103', where, `more than one ${kind}`);
  }
}

function requireSections(sections: readonly { kind: SectionKind; size: number }[], where: string): void {
  const count = (kind: SectionKind) => sections.filter((section) => section.kind === kind).length;
  if (count('kernel') !== 1 || count('cmdline') !== 1 || count('ramdisk') === 0) {
    throw eifFault('E103', where, 'not one kernel, one command line and at least one ramdisk');
  }
}

function contents(kept: ReadonlyMap<SectionKind, Buffer>, measurer: ImageMeasurer, where: string) {
  const [metadata, signature] = [kept.get('metadata'), kept.get('signature')];
  const cmdline = kept.get('cmdline')?.toString('utf8') ?? '';
  const measurements = measurer.result();
  const known = { cmdline, ...(metadata && { metadata: json(metadata, where) }) };
  if (!signature) {
    return { ...known, measurements };
  }
  const certificate = verifySignature(signature, measurements.PCR0, where);
  const signer = {
    subject: certificate.subject.replaceAll('\n', ', '),
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
  };
  return { ...known, signer, measurements: { ...measurements, PCR8: measureCertificate(certificate.raw) } };
}

function json(metadata: Buffer, where: string): unknown {
  try {
    return JSON.parse(metadata.toString('utf8'));
  } catch {
    throw eifFault('E107', where, 'the metadata is not JSON');
  }
}

/** Pieces of the file, each valid until the next is taken. */
export function* chunks(descriptor: number, offset: number, size: number): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size));
  for (let done = 0; done < size; ) {
    const length = fs.readSync(descriptor, buffer, 0, Math.min(buffer.length, size - done), offset + done);
    if (length === 0) {
      throw eifFault('E102', 'enclave image', 'the file became shorter while it was read');
    }
    done += length;
    yield buffer.subarray(0, length);
  }
}

function bytesAt(descriptor: number, offset: number, size: number): Buffer {
  return Buffer.concat([...chunks(descriptor, offset, size)].map((chunk) => Buffer.from(chunk)));
}
