import * as fs from 'node:fs';

const STEP = 16 * 1024 * 1024;

/** Whether a process holds these bytes anywhere in the memory that it can write. Needs root, or the same user. */
export function holds(pid: number, needle: Buffer): boolean {
  const memory = fs.openSync(`/proc/${pid}/mem`, 'r');
  try {
    return writableRanges(pid).some(([start, end]) => rangeHolds(memory, start, end, needle));
  } finally {
    fs.closeSync(memory);
  }
}

function writableRanges(pid: number): [number, number][] {
  return fs
    .readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const found = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      return found ? [[Number.parseInt(found[1], 16), Number.parseInt(found[2], 16)]] : [];
    }) as [number, number][];
}

/** By pieces that overlap by the needle's length. */
function rangeHolds(memory: number, start: number, end: number, needle: Buffer): boolean {
  for (let at = start; at < end; at += STEP) {
    const bytes = Buffer.alloc(Math.min(STEP + needle.length, end - at));
    try {
      const length = fs.readSync(memory, bytes, 0, bytes.length, at);
      if (bytes.subarray(0, length).includes(needle)) {
        return true;
      }
    } catch {
      // Pages that a device holds cannot be read.
      return false;
    }
  }
  return false;
}
