import type { ByteReader } from './byte-reader';
import { isDangerous, PICKLE_WINDOW, type TensorStorage } from './pickle';
import { malformed, SCAN_CODES, ScanStop } from './verdict';

/**
 * Entries of an archive that hold nothing but the bytes of tensors: `torch.save` writes `<name>/data.pkl`, then each
 * storage that the pickle names as `<name>/data/<key>`, without any form of its own.
 */
export class TensorEntries {
  private readonly bytes = new Map<string, number>();

  /** Takes up the storages that the pickle in entry `name` names. */
  named(name: string, storages: readonly TensorStorage[]): void {
    const folder = name.replace(/\.pkl$/, '');
    for (const { key, bytes } of folder === name ? [] : storages) {
      this.bytes.set(`${folder}/${key}`, bytes);
    }
  }

  /** Whether the entry is such a storage. */
  expects(name: string): boolean {
    return this.bytes.has(name);
  }

  /** Reads the storage, which has to have the length that was named, and to be no program. */
  async read(name: string, reader: ByteReader): Promise<void> {
    if (isDangerous(await reader.peek(PICKLE_WINDOW))) {
      throw new ScanStop(SCAN_CODES.PICKLE, 'unsafe', 'a pickle in place of a tensor');
    }
    await reader.drain();
    if (reader.position !== this.bytes.get(name)) {
      throw malformed('a tensor with more or less data than its pickle states');
    }
  }
}
