import { createHash } from 'node:crypto';
import type {
  ListedObject,
  ObjectVersion,
  OpenVersion,
  VaultStore,
  VersionReference,
} from '../../../lambda/support/vault-store';

/** How the sender had S3 check an upload. */
export type Upload = 'whole' | 'parts' | 'unchecked';

interface Version {
  readonly versionId: string;
  readonly content: Buffer;
  readonly upload: Upload;
  tags: Record<string, string>;
}

/** A versioned bucket in memory. Counts what is asked of it, and can lie about what it wrote. */
export class MemoryVault implements VaultStore {
  readonly calls = { open: 0, copy: 0, tag: 0, describe: 0 };
  /** Runs before each copy; a test changes the world, or throws, here. */
  beforeCopy: (key: string) => void = () => {};
  /** Stands for storage that keeps other bytes than it was given. */
  corruptCopies = false;
  /** Sizes that a listing claims, for objects too large for a test. */
  readonly claimedSizes = new Map<string, number>();
  private readonly objects = new Map<string, Version[]>();
  private written = 0;

  put(key: string, content: string | Buffer, upload: Upload = 'whole'): string {
    const versionId = `version-${++this.written}`;
    const version = { versionId, content: Buffer.from(content), upload, tags: {} };
    this.objects.set(key, [...(this.objects.get(key) ?? []), version]);
    return versionId;
  }

  remove(key: string): void {
    this.objects.delete(key);
  }

  text(key: string): string {
    return this.current(key).content.toString('utf8');
  }

  tagsOf(key: string): Record<string, string> {
    return this.current(key).tags;
  }

  keys(prefix = ''): string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    for (const key of this.keys(prefix)) {
      yield { key, size: this.claimedSizes.get(key) ?? this.current(key).content.length };
    }
  }

  async describe(key: string): Promise<ObjectVersion> {
    this.calls.describe++;
    const { content, upload, versionId } = this.current(key);
    const sha256 = upload === 'whole' ? createHash('sha256').update(content).digest('hex') : undefined;
    return { key, size: content.length, versionId, checked: upload !== 'unchecked', sha256 };
  }

  async open(key: string): Promise<OpenVersion> {
    this.calls.open++;
    const { content } = this.current(key);
    const description = await this.describe(key);
    this.calls.describe--;
    const body = (async function* () {
      for (let offset = 0; offset < content.length; offset += 7) {
        yield content.subarray(offset, offset + 7);
      }
    })();
    return { ...description, body };
  }

  async copy(source: VersionReference, key: string): Promise<{ versionId: string; sha256?: string }> {
    this.calls.copy++;
    this.beforeCopy(source.key);
    const version = this.objects.get(source.key)?.find(({ versionId }) => versionId === source.versionId);
    if (!version) {
      throw new Error(`no version ${source.versionId} of ${source.key}`);
    }
    this.put(key, this.corruptCopies ? 'other bytes' : version.content);
    return this.describe(key);
  }

  async writeOnce(key: string, text: string): Promise<boolean> {
    if (this.objects.has(key)) {
      return false;
    }
    this.put(key, text);
    return true;
  }

  async tag({ key, versionId }: VersionReference, tags: Record<string, string>): Promise<void> {
    this.calls.tag++;
    const version = this.objects.get(key)?.find((one) => one.versionId === versionId);
    if (!version) {
      throw new Error(`no version ${versionId} of ${key}`);
    }
    version.tags = tags;
  }

  private current(key: string): Version {
    const version = this.objects.get(key)?.at(-1);
    if (!version) {
      throw new Error(`AccessDenied: ${key}`);
    }
    return version;
  }
}
