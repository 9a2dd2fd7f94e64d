import type { ObjectStore } from '../../../runtime/training';

/** A store in memory that counts what is opened. */
export class MemoryStore implements ObjectStore {
  readonly opened: string[] = [];

  constructor(private readonly objects: Readonly<Record<string, string | Buffer>>) {}

  async *list(prefix: string) {
    for (const key of Object.keys(this.objects).sort()) {
      if (key.startsWith(prefix)) {
        yield { key, bytes: this.objects[key].length };
      }
    }
  }

  async open(key: string) {
    this.opened.push(key);
    if (!Object.hasOwn(this.objects, key)) {
      throw new Error('AccessDenied');
    }
    const content = Buffer.from(this.objects[key]);
    return { body: chunks(content), bytes: content.length, versionId: 'v1' };
  }
}

async function* chunks(content: Buffer) {
  for (let start = 0; start < content.length; start += 5) {
    yield content.subarray(start, start + 5);
  }
}
