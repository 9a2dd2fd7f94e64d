import { type Made, ofKind, type Value } from './values';

const OBJECT_FLAGS = 63;
/** Flags that make NumPy treat elements as pointers: counted references, and pickled as a list. */
const POINTERS = 0b11;

/** Whether the value is a NumPy type that holds no objects. */
export function isPlainType(value: Value): boolean {
  const made = ofKind(value, 'made');
  return made?.by.name === 'dtype' && !/^[|<>=]?[OV]/.test(typeCode(made) ?? 'O');
}

/** Whether the state gives the type the length that its name says: NumPy takes that of texts, bytes and structures from the state. */
function isOwnSize(code: string, size: Value): boolean {
  const [, letter, digits] = /^[|<>=]?([SUV])(\d{1,9})$/.exec(code) ?? [];
  return letter === undefined || size === Number(digits) * (letter === 'U' ? 4 : 1);
}

/** Letters and digits of a type, such as `f8`; undefined where it was not made from text. */
export function typeCode({ from }: Made): string | undefined {
  const code = ofKind(from, 'tuple')?.items?.[0];
  return typeof code === 'string' ? code : undefined;
}

/**
 * Judges the state that a pickle gives a NumPy type (`dtype.__setstate__`: version, order, subtype, names, fields, size,
 * alignment, flags). Flags that do not belong to the type make NumPy take bytes for pointers, or pointers for bytes.
 */
export function judgeTypeState(type: Made, state: Value): 'sound' | 'forged' | 'unclear' {
  const items = ofKind(state, 'tuple')?.items;
  const code = typeCode(type);
  const flags = items?.[7];
  if (!items || code === undefined || typeof flags !== 'number') {
    return 'unclear';
  }
  if (/^[|<>=]?O/.test(code)) {
    return flags === OBJECT_FLAGS ? 'sound' : 'forged';
  }
  if (!isOwnSize(code, items[5])) {
    return 'forged';
  }
  const [, , subtype, , fields] = items;
  const parts = ofKind(subtype, 'tuple');
  const plain =
    (!parts || isPlainType(parts.items?.[0])) && (!ofKind(fields, 'dict') || ofKind(fields, 'dict')?.plainFields);
  if (!plain) {
    return /^[|<>=]?V/.test(code) ? 'unclear' : 'forged';
  }
  return (flags & POINTERS) === 0 ? 'sound' : 'forged';
}
