import { type ByteReader, Section } from './byte-reader';
import { SCAN_CODES, ScanStop } from './verdict';

const MAXIMUM_DEPTH = 512;
/** Bytes of the values whose length is fixed (Universal Binary JSON, draft 12). */
const FIXED: Readonly<Record<string, number>> = { Z: 0, T: 0, F: 0, i: 1, U: 1, C: 1, I: 2, l: 4, d: 4, L: 8, D: 8 };

/** Checks one Universal Binary JSON value, the form in which XGBoost saves `.ubj` models: nothing but data. */
export async function requireUbjson(reader: ByteReader): Promise<void> {
  await value(reader, await marker(reader), 0);
  if (!(await reader.ended())) {
    throw notUbjson();
  }
}

async function value(reader: ByteReader, type: string, depth: number): Promise<void> {
  if (depth > MAXIMUM_DEPTH) {
    throw notUbjson();
  }
  if (type === '{' || type === '[') {
    return container(reader, type, depth);
  }
  if (type === 'S' || type === 'H') {
    return skip(reader, await length(reader));
  }
  const bytes = FIXED[type];
  if (bytes === undefined) {
    throw notUbjson();
  }
  return skip(reader, bytes);
}

async function container(reader: ByteReader, type: string, depth: number): Promise<void> {
  const keyed = type === '{';
  let elementType: string | undefined;
  if ((await next(reader)) === '$') {
    await marker(reader);
    elementType = await marker(reader);
  }
  if ((await next(reader)) === '#') {
    await marker(reader);
    return counted(reader, keyed, await length(reader), elementType, depth);
  }
  if (elementType !== undefined) {
    throw notUbjson();
  }
  while ((await next(reader)) !== (keyed ? '}' : ']')) {
    await element(reader, keyed, undefined, depth);
  }
  await marker(reader);
}

async function counted(reader: ByteReader, keyed: boolean, count: number, type: string | undefined, depth: number) {
  const bytes = type === undefined ? undefined : FIXED[type];
  if (!keyed && bytes !== undefined && bytes > 0) {
    return skip(reader, count * bytes);
  }
  if (bytes === 0) {
    // Elements without bytes: a count alone would keep the scanner busy for ever.
    throw notUbjson();
  }
  for (let index = 0; index < count; index += 1) {
    await element(reader, keyed, type, depth);
  }
}

async function element(reader: ByteReader, keyed: boolean, type: string | undefined, depth: number): Promise<void> {
  if (keyed) {
    await skip(reader, await length(reader));
  }
  await value(reader, type ?? (await marker(reader)), depth + 1);
}

/** A length: a marker of an integer type, then the integer, big-endian. */
async function length(reader: ByteReader): Promise<number> {
  const type = await marker(reader);
  if (!'iUIlL'.includes(type)) {
    throw notUbjson();
  }
  const bytes = Buffer.from(await reader.read(FIXED[type]));
  const number =
    type === 'L' ? Number(bytes.readBigInt64BE()) : type === 'U' ? bytes[0] : bytes.readIntBE(0, bytes.length);
  if (number < 0 || !Number.isSafeInteger(number)) {
    throw notUbjson();
  }
  return number;
}

async function marker(reader: ByteReader): Promise<string> {
  return String.fromCharCode((await reader.read(1))[0]);
}

async function next(reader: ByteReader): Promise<string> {
  return String.fromCharCode((await reader.peek(1))[0] ?? 0);
}

async function skip(reader: ByteReader, bytes: number): Promise<void> {
  await new Section(reader, bytes).skip();
}

function notUbjson(): ScanStop {
  return new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'begins as Universal Binary JSON but is not');
}
