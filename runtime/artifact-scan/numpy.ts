import type { ByteReader } from './byte-reader';
import { readPickles } from './pickle';
import { malformed, SCAN_CODES, ScanStop } from './verdict';

const MAXIMUM_HEADER = 64 * 1024;
const HEADER = /^\{'descr': (.+), 'fortran_order': (?:True|False), 'shape': \(((?:\d+,? ?)*)\), \} *\n$/;
/** A type: order, kind, bytes, and the unit of a date. */
const TYPE = /^'[<>|=]?([biufcmMSUVO])(\d{0,9})(?:\[[a-zA-Z0-9]{1,8}\])?'$/;
/** A field of a structure: name, type, and sides. */
const FIELD = /\('[^'\\]{1,255}', ('[^'\\]{1,24}')(?:, \(((?:\d+,? ?)*)\))?\)(?:, )?/y;

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
  const [, type, shape] = HEADER.exec(header) ?? [];
  if (type === undefined) {
    throw unknownStructure();
  }
  if (TYPE.exec(type)?.[1] === 'O') {
    await requireObjects(reader, alone);
    return;
  }
  const bytes = elements(shape) * elementBytes(type);
  const start = reader.position;
  await reader.drain();
  if (reader.position - start !== bytes) {
    throw malformed('a NumPy array with more or less data than its header states');
  }
}

async function requireObjects(reader: ByteReader, alone: boolean): Promise<void> {
  const { doubt } = await readPickles(reader);
  if (doubt) {
    throw doubt;
  }
  if (alone) {
    throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'a pickle that is named an array, which NumPy by itself refuses');
  }
}

function elements(shape: string): number {
  const sides = shape.split(',').filter((side) => side.trim() !== '');
  return sides.reduce((product, side) => product * Number(side), 1);
}

/** Bytes of one element: of a plain type, or of a structure of plain types without padding. */
function elementBytes(type: string): number {
  const [, kind, bytes] = TYPE.exec(type) ?? [];
  if (kind !== undefined && kind !== 'O') {
    return Number(bytes) * (kind === 'U' ? 4 : 1);
  }
  if (!type.startsWith('[') || !type.endsWith(']')) {
    throw unknownStructure();
  }
  let size = 0;
  FIELD.lastIndex = 1;
  while (FIELD.lastIndex < type.length - 1) {
    const [, field, shape = ''] = FIELD.exec(type) ?? [];
    if (field === undefined) {
      throw unknownStructure();
    }
    size += elements(shape) * elementBytes(field);
  }
  return size;
}

function unknownStructure(): ScanStop {
  return new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'a NumPy array of a type that is not followed');
}
