import { ByteReader } from './byte-reader';
import { decompress } from './decompress';
import { DEFAULT_SCAN_LIMITS, ScanBudget } from './limits';
import { tarEntries } from './tar';

/**
 * Reads one file out of a `tar.gz` stream. Gives undefined when there is none of that name; throws `ScanStop` for
 * an archive that the scanner would call unsafe, or a file above `maximumBytes`.
 */
export async function readMember(
  source: AsyncIterable<Uint8Array>,
  name: string,
  maximumBytes: number,
): Promise<Uint8Array | undefined> {
  const budget = new ScanBudget(DEFAULT_SCAN_LIMITS);
  const archive = new ByteReader(decompress('gzip', new ByteReader(source), budget));
  let member: Uint8Array | undefined;
  for await (const entry of tarEntries(archive, budget)) {
    if (entry.name.replace(/^\.\//, '') === name) {
      const content = new ByteReader(entry.content);
      member = Buffer.from(await content.peek(maximumBytes + 1));
    }
  }
  if (member && member.length > maximumBytes) {
    throw new RangeError(`${name} is larger than ${maximumBytes} bytes`);
  }
  return member;
}
