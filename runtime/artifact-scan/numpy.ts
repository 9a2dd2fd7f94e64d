import type { ByteReader } from './byte-reader';
import { malformed, SCAN_CODES, ScanStop } from './verdict';

const MAXIMUM_HEADER = 64 * 1024;
const HEADER =
  /^\{'descr': '[<>|=]([biufc])(\d{1,2})', 'fortran_order': (?:True|False), 'shape': \(((?:\d+,? ?)*)\), \} *\n$/;

/** Checks a NumPy array of plain numbers. An array of objects is a pickle (NumPy, "NEP 1: A simple file format"). */
export async function requireNumpy(reader: ByteReader): Promise<void> {
  const [major] = (await reader.read(8)).subarray(6);
  const length = Buffer.from(await reader.read(major === 1 ? 2 : 4));
  const headerBytes = major === 1 ? length.readUInt16LE() : length.readUInt32LE();
  if (headerBytes > MAXIMUM_HEADER) {
    throw malformed('a NumPy header that is too long');
  }
  const header = Buffer.from(await reader.read(headerBytes)).toString('latin1');
  const match = HEADER.exec(header);
  if (!match) {
    throw header.includes('O')
      ? new ScanStop(SCAN_CODES.PICKLE, 'unsafe', 'a NumPy array of objects')
      : new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'a NumPy array of structures');
  }
  const sides = match[3].split(',').filter((side) => side.trim() !== '');
  const bytes = sides.reduce((product, side) => product * Number(side), Number(match[2]));
  const start = reader.position;
  await reader.drain();
  if (reader.position - start !== bytes) {
    throw malformed('a NumPy array with more or less data than its header states');
  }
}
