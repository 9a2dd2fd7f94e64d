import { createHash } from 'node:crypto';
import type { ArchiveEntry } from './archive-entry';
import { ByteReader } from './byte-reader';
import { decompress } from './decompress';
import { detectFormat, FORMAT_CHECKS, type Format } from './formats';
import { DEFAULT_SCAN_LIMITS, ScanBudget, type ScanLimits } from './limits';
import { PICKLE_WINDOW, probePickle } from './pickle';
import { tarEntries } from './tar';
import { isRunByName } from './text';
import { malformed, SCAN_CODES, type ScanFinding, ScanStop, type Verdict, worst } from './verdict';
import { zipEntries } from './zip';

/** Findings that a report lists; the verdict counts all. */
const MAXIMUM_FINDINGS = 100;

/** What a scan found. */
export interface ScanReport {
  readonly verdict: Verdict;
  /** The first 100 findings; empty when the verdict is safe. */
  readonly findings: ScanFinding[];
  /** Files by format, archives included. */
  readonly formats: Readonly<Partial<Record<Format, number>>>;
  /** Length of the artifact in bytes. */
  readonly bytes: number;
  /** SHA-256 of the artifact in hexadecimal. */
  readonly sha256: string;
}

/** Options of a scan. */
export interface ScanOptions {
  /** @default DEFAULT_SCAN_LIMITS */
  readonly limits?: ScanLimits;
  /** Length of the artifact, where it is known. */
  readonly size?: number;
}

/**
 * Judges a model artifact by its content, in one pass and bounded memory. Names only ever count against it.
 *
 * Safe is what is proven to be data: safetensors, JSON, Universal Binary JSON, ONNX without external data, arrays of
 * numbers, plain text, and tar, gzip and zip archives of these. A pickle, a link, an escaping path, a bomb, or a file
 * that readers would disagree on is unsafe. Everything else is unknown. Errors of `source` itself are thrown.
 */
export async function scanArtifact(source: AsyncIterable<Uint8Array>, options: ScanOptions = {}): Promise<ScanReport> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const reader = new ByteReader(measured());
  const scan = new Scan(new ScanBudget(options.limits ?? DEFAULT_SCAN_LIMITS));
  await scan.artifact(reader, options.size);
  await reader.drain();
  return {
    verdict: worst(scan.findings),
    findings: scan.findings.slice(0, MAXIMUM_FINDINGS),
    formats: scan.formats,
    bytes,
    sha256: hash.digest('hex'),
  };
}

class Scan {
  readonly findings: ScanFinding[] = [];
  readonly formats: Partial<Record<Format, number>> = {};

  constructor(private readonly budget: ScanBudget) {}

  async artifact(reader: ByteReader, size?: number): Promise<void> {
    try {
      await this.judge(reader, '', 0, size);
    } catch (error) {
      this.note('', error);
    }
  }

  /** Judges one content. Findings of entries inside it are noted and the rest is read on; its own are thrown. */
  private async judge(reader: ByteReader, name: string, depth: number, size?: number): Promise<void> {
    const window = await reader.peek(PICKLE_WINDOW);
    requireNoPickle(window, size);
    const format = detectFormat(window);
    this.formats[format] = (this.formats[format] ?? 0) + 1;
    if (isRunByName(name)) {
      throw new ScanStop(SCAN_CODES.CODE, 'unknown', 'code that a container would run');
    }
    if (window.length > 0) {
      await this.read(format, reader, name, depth);
    }
    if (!(await reader.ended())) {
      throw malformed(`data after the end of the ${format} content`);
    }
  }

  private async read(format: Format, reader: ByteReader, name: string, depth: number): Promise<void> {
    switch (format) {
      case 'gzip':
        this.budget.nesting(depth);
        return this.judge(new ByteReader(decompress('gzip', reader.rest(), this.budget)), name, depth + 1);
      case 'tar':
        return this.entries(tarEntries(reader, this.budget), name, depth);
      case 'zip':
        return this.entries(zipEntries(reader, this.budget), name, depth);
      default: {
        const check = FORMAT_CHECKS[format];
        if (!check) {
          throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'content of no known format');
        }
        return check(reader);
      }
    }
  }

  private async entries(entries: AsyncIterable<ArchiveEntry>, name: string, depth: number): Promise<void> {
    this.budget.nesting(depth);
    for await (const entry of entries) {
      const path = name ? `${name}!${entry.name}` : entry.name;
      try {
        await this.judge(new ByteReader(entry.content), path, depth + 1, entry.size);
      } catch (error) {
        this.note(path, error);
      }
    }
  }

  private note(entry: string, error: unknown): void {
    if (!(error instanceof ScanStop) || (error.code === SCAN_CODES.LIMIT && entry !== '')) {
      throw error;
    }
    this.findings.push({ code: error.code, verdict: error.verdict, entry, problem: error.message });
  }
}

function requireNoPickle(window: Uint8Array, size?: number): void {
  const probe = probePickle(window, size);
  if (probe === 'pickle') {
    throw new ScanStop(SCAN_CODES.PICKLE, 'unsafe', 'a pickle: loading it runs code');
  }
  if (probe === 'perhaps') {
    throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'may be a pickle');
  }
}
