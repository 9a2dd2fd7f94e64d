import type { ByteReader } from '../byte-reader';
import { SCAN_CODES, ScanStop } from '../verdict';
import { followWindow } from './batch';
import { COMPUTED_NAME } from './machine';

const WINDOW = 64 * 1024;
/** Bytes of a hidden program that are followed: enough for what it imports first. */
const PROGRAM = 4096;
/** Places that are tried. Nothing is claimed of content that has more of them. */
const MAXIMUM_TRIES = 2000;
/** Beginnings of programs: PROTO 2 to 5, and in older protocols the import of what attacks begin with. */
const BEGINNING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the protocol's number.
  /\x80[\x02-\x05]|c(?:os|nt|posix|sys|subprocess|builtins|__builtin__|runpy|pty|socket|commands|importlib|webbrowser|shutil)\n/g;

/**
 * Reads content of no known format to its end, and throws `unsafe` where a dangerous pickle begins somewhere within it.
 * A loader that starts at the beginning would not run it; one that starts elsewhere does.
 */
export async function requireNoHiddenPickle(reader: ByteReader): Promise<void> {
  let tries = 0;
  for (;;) {
    const window = await reader.peek(WINDOW + PROGRAM);
    if (window.length === 0) {
      return;
    }
    const text = Buffer.from(window.buffer, window.byteOffset, window.length).toString('latin1');
    const end = Math.min(window.length, WINDOW);
    BEGINNING.lastIndex = 0;
    for (let found = BEGINNING.exec(text); found && found.index < end; found = BEGINNING.exec(text)) {
      tries += 1;
      if (tries <= MAXIMUM_TRIES && isDangerous(window.subarray(found.index, found.index + PROGRAM))) {
        throw new ScanStop(SCAN_CODES.PICKLE, 'unsafe', 'a pickle that runs code, behind other content');
      }
    }
    reader.take(end);
  }
}

/**
 * Whether a program begins here that imports something dangerous by its name. Numbers look like programs now and then,
 * also like ones that import what has no name; they do not spell one.
 */
export function isDangerous(program: Uint8Array): boolean {
  try {
    followWindow(program);
    return false;
  } catch (error) {
    if (error instanceof ScanStop) {
      return error.verdict === 'unsafe' && error.message !== COMPUTED_NAME;
    }
    throw error;
  }
}
