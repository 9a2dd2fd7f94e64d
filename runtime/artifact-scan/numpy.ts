import type { ByteReader } from './byte-reader';
import { readPickles } from './pickle';
import { malformed, SCAN_CODES, ScanStop } from './verdict';

const MAXIMUM_HEADER = 64 * 1024;
const HEADER =
  /^\{'descr': '[<>|=]([biufcmMSUO])(\d{0,6})(?:\[[a-zA-Z0-9]{1,8}\])?', 'fortran_order': (?:True|False), 'shape': \(((?:\d+,? ?)*)\), \} *\n$/;

/**
 * Checks a NumPy array of numbers, dates or text. An array of objects is a pickle (NumPy, "NEP 1: A simple file format"),
 * and is judged as one; on its own it is unknown at best, since `numpy.load` refuses it unless its caller allows pickles.
 */
export async function requireNumpy(reader: ByteReader, alone: boolean): Promise<void> {
  const [major] = (await reader.read(8)).subarray(6);
  const length = Buffer.from(await reader.read(major === 1 ? 2 : 4));
  const headerBytes = major === 1 ? length.readUInt16LE() : length.readUInt32LE();
  if (headerBytes > MAXIMUM_HEADER) {
    throw malformed('a NumPy header that is too long');
  }
  const header = Buffer.from(await reader.read(headerBytes)).toString('latin1');
  const match = HEADER.exec(header);
  if (!match) {
    throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'a NumPy array of structures');
  }
  const [, type, elementBytes, shape] = match;
  if (type === 'O') {
    await readPickles(reader);
    if (alone) {
      throw new ScanStop(
        SCAN_CODES.UNKNOWN,
        'unknown',
        'a pickle that is named an array, which NumPy by itself refuses',
      );
    }
    return;
  }
  const sides = shape.split(',').filter((side) => side.trim() !== '');
  const bytes = sides.reduce((product, side) => product * Number(side), Number(elementBytes) * (type === 'U' ? 4 : 1));
  const start = reader.position;
  await reader.drain();
  if (reader.position - start !== bytes) {
    throw malformed('a NumPy array with more or less data than its header states');
  }
}
