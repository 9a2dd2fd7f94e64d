import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { parse, stringify } from 'yaml';
import { loadManifests, ManifestError, type Manifests } from '../../../lib/manifest';

/** The manifests that ship. */
export const SHIPPED = path.resolve(__dirname, '../../../manifests');
/** A day on which they hold. */
export const AS_OF = '2026-11-24';

/** Any mapping read from YAML, open to be spoiled. */
// biome-ignore lint/suspicious/noExplicitAny: tests put values of every wrong type into it.
export type Loose = any;

/** A copy of the shipped manifests in a temporary folder named `manifests`. */
export class Folder {
  readonly path: string;
  private readonly parent: string;

  constructor() {
    this.parent = mkdtempSync(path.join(tmpdir(), 'palisade-'));
    this.path = path.join(this.parent, 'manifests');
    cpSync(SHIPPED, this.path, { recursive: true });
  }

  file(name: string): string {
    return path.join(this.path, name);
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(this.file(name), content);
  }

  /** Reads a file, lets `change` spoil what it says, and writes it back. */
  edit(name: string, change: (data: Loose) => void): void {
    const data = parse(readFileSync(this.file(name), 'utf8'));
    change(data);
    this.write(name, stringify(data));
  }

  load(asOf = AS_OF): Manifests {
    return loadManifests(this.path, { asOf });
  }

  /** What loading finds, as `code where` without the constant parts. */
  faults(asOf = AS_OF): string[] {
    return this.refusal(asOf).errors.map((error) => `${error.code.slice('PALISADE-'.length)} ${error.where}`);
  }

  refusal(asOf = AS_OF): ManifestError {
    try {
      this.load(asOf);
    } catch (error) {
      if (error instanceof ManifestError) {
        return error;
      }
      throw error;
    }
    throw new Error('the manifests were accepted');
  }

  remove(): void {
    rmSync(this.parent, { recursive: true, force: true });
  }
}
