import { createHash } from 'node:crypto';
import type { ArchiveEntry } from './archive-entry';
import { ByteReader } from './byte-reader';
import { decompress } from './decompress';
import { detectFormat, FORMAT_CHECKS, type Format, PACKED, zipKind } from './formats';
import { DEFAULT_SCAN_LIMITS, ScanBudget, type ScanLimits } from './limits';
import { PICKLE_WINDOW, probePickle, readPickles, requireNoHiddenPickle, type TensorStorage } from './pickle';
import { PolyglotWatch } from './polyglot';
import { tarEntries } from './tar';
import { TensorEntries } from './tensor-entries';
import { isRunByName, requireNoFileAccess } from './text';
import { malformed, SCAN_CODES, type ScanFinding, ScanStop, type Verdict, worst } from './verdict';
import { zipEntries } from './zip';

/** Findings that a report lists; the verdict counts all. */
const MAXIMUM_FINDINGS = 100;

/**
 * Formats that need no look at whether they are a pickle as well: the pickle itself, and those whose signature asks the
 * loader for an object by persistent id (`P`), which Python's loaders refuse and PyTorch's takes for a zip archive.
 */
const NO_PICKLE_ASIDE = new Set<Format>(['pickle', 'zip', 'png']);

/** Formats whose content is judged entry by entry, so that a zip archive at their end has been. */
const CONTAINERS = new Set<Format>(['zip', 'tar', 'gzip', 'zlib']);

/** What a scan found. */
export interface ScanReport {
  readonly verdict: Verdict;
  /** The first 100 findings; empty when the verdict is safe. */
  readonly findings: ScanFinding[];
  /** What the artifact itself is, from the outside; a zip archive by what its names make it. */
  readonly format: Format;
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
  /** Name within the model's folder: `code/inference.py` is run. It only ever counts against. */
  readonly name?: string;
}

/**
 * Judges a model artifact by its content, in one pass and bounded memory. Names only ever count against it.
 *
 * Safe is what is proven to be data, or a program that only makes data: formats of weights and tables, pickles of harmless
 * imports, and archives of these. What runs, reads or sends, a link, an escaping path, a bomb, or a file that readers would
 * disagree on is unsafe. Everything else is unknown. Errors of `source` itself are thrown.
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
  const scan = new Scan(new ScanBudget(options.limits ?? DEFAULT_SCAN_LIMITS));
  const content = measured();
  await scan.artifact(content, options);
  for await (const _ of content) {
    // What a finding left unread belongs to the digest.
  }
  return {
    verdict: worst(scan.findings),
    findings: scan.findings.slice(0, MAXIMUM_FINDINGS),
    format: scan.format,
    formats: scan.formats,
    bytes,
    sha256: hash.digest('hex'),
  };
}

class Scan {
  readonly findings: ScanFinding[] = [];
  readonly formats: Partial<Record<Format, number>> = {};
  /** Format of the artifact itself. */
  format: Format = 'other';
  private runByName = false;

  constructor(private readonly budget: ScanBudget) {}

  async artifact(source: AsyncGenerator<Uint8Array>, { size, name = '' }: ScanOptions): Promise<void> {
    try {
      this.runByName = isRunByName(name);
      await this.judge({ [Symbol.asyncIterator]: () => ({ next: () => source.next() }) }, '', 0, size);
    } catch (error) {
      this.note('', error);
    }
  }

  /**
   * Judges one content, and gives the tensors that it names and another entry holds. Findings of entries inside it are
   * noted and the rest is read on; its own are thrown.
   */
  private async judge(
    source: AsyncIterable<Uint8Array>,
    name: string,
    depth: number,
    size?: number,
  ): Promise<readonly TensorStorage[]> {
    const watch = new PolyglotWatch();
    const reader = new ByteReader(watch.watch(source));
    const window = await reader.peek(PICKLE_WINDOW);
    const format = recognise(window, size);
    this.formats[format] = (this.formats[format] ?? 0) + 1;
    this.format = name === '' && depth === 0 ? format : this.format;
    if (!NO_PICKLE_ASIDE.has(format)) {
      requireNoPickle(window, format, size);
    }
    if (isRunByName(name) || (depth === 0 && this.runByName)) {
      await requireNoFileAccess(reader);
      throw new ScanStop(SCAN_CODES.CODE, 'unknown', 'code that a container would run');
    }
    const storages = window.length > 0 ? await this.read(format, reader, name, depth) : [];
    if (!(await reader.ended())) {
      throw malformed(`data after the end of the ${format} content`);
    }
    if (!CONTAINERS.has(format)) {
      watch.requireNone(format);
    }
    return storages;
  }

  private async read(
    format: Format,
    reader: ByteReader,
    name: string,
    depth: number,
  ): Promise<readonly TensorStorage[]> {
    switch (format) {
      case 'gzip':
      case 'zlib':
        this.budget.nesting(depth);
        return this.judge(decompress(format, reader, this.budget), name, depth + 1);
      case 'tar':
        await this.entries(tarEntries(reader, this.budget), name, depth);
        return [];
      case 'zip':
        await this.zip(reader, name, depth);
        return [];
      case 'pickle':
        return this.pickles(reader, name);
      default: {
        const check = FORMAT_CHECKS[format];
        if (!check) {
          await requireNoHiddenPickle(reader);
          throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', unjudged(format));
        }
        await check(reader, depth === 0);
        return [];
      }
    }
  }

  private async pickles(reader: ByteReader, name: string): Promise<readonly TensorStorage[]> {
    try {
      const { storages, doubt } = await readPickles(reader);
      if (doubt) {
        this.note(name, doubt);
      }
      return storages;
    } catch (error) {
      if (error instanceof ScanStop && error.verdict === 'unknown') {
        // Where one loader stops another one may not: what is left is looked at as well.
        await requireNoHiddenPickle(reader);
      }
      throw error;
    }
  }

  private async zip(reader: ByteReader, name: string, depth: number): Promise<void> {
    const names: string[] = [];
    try {
      await this.entries(zipEntries(reader, this.budget), name, depth, names);
    } finally {
      this.format = depth === 0 ? zipKind(names) : this.format;
    }
  }

  /** Judges the entries of an archive, whose names are added to `names`. */
  private async entries(
    entries: AsyncIterable<ArchiveEntry>,
    name: string,
    depth: number,
    names: string[] = [],
  ): Promise<void> {
    this.budget.nesting(depth);
    const tensors = new TensorEntries();
    for await (const entry of entries) {
      names.push(entry.name);
      const path = name ? `${name}!${entry.name}` : entry.name;
      try {
        if (tensors.expects(entry.name)) {
          await tensors.read(entry.name, new ByteReader(entry.content));
        } else {
          tensors.named(entry.name, await this.judge(entry.content, path, depth + 1, entry.size));
        }
      } catch (error) {
        this.note(path, error);
      }
    }
  }

  private note(entry: string, error: unknown): void {
    const exhausted = error instanceof ScanStop && error.code === SCAN_CODES.LIMIT && error.verdict === 'unsafe';
    if (!(error instanceof ScanStop) || (exhausted && entry !== '')) {
      throw error;
    }
    this.findings.push({ code: error.code, verdict: error.verdict, entry, problem: error.message });
  }
}

/** What the content is. A pickle has no signature: it is what is nothing else. */
function recognise(window: Uint8Array, size?: number): Format {
  const format = detectFormat(window);
  const open = format === 'text' || format === 'other';
  return open && probePickle(window, size) !== 'no' ? 'pickle' : format;
}

/** Content of another format must not be a pickle as well: plain data to one reader, code to another. */
function requireNoPickle(window: Uint8Array, format: Format, size?: number): void {
  const probe = probePickle(window, size);
  if (probe === 'imports') {
    throw new ScanStop(SCAN_CODES.PICKLE, 'unsafe', `${format} content that is a pickle as well`);
  }
  if (probe === 'perhaps') {
    throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', `${format} content that may be a pickle as well`);
  }
}

function unjudged(format: Format): string {
  return PACKED.has(format) ? `${format} data, which is not unpacked` : 'content of no known format';
}
