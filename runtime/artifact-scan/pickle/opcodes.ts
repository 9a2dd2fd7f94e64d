/** How the argument of an instruction is written. */
export type Argument =
  | 'none'
  | 'byte'
  | 'two'
  | 'four'
  | 'eight'
  | 'line'
  | 'number'
  | 'float'
  | 'quoted'
  | 'counted1'
  | 'counted4'
  | 'counted8';

/** One instruction of the pickle machine. */
export interface Opcode {
  readonly argument: Argument;
  /** Values taken from the stack; `mark`: all above the last mark, `mark+1`: and the one below. */
  readonly takes: number | 'mark' | 'mark+1';
  readonly gives: number;
  /** Lets the file choose what Python imports. Without an import, no other instruction has anything to call. */
  readonly imports?: boolean;
}

const op = (argument: Argument, takes: Opcode['takes'], gives: number, imports = false): Opcode => ({
  argument,
  takes,
  gives,
  imports,
});

/** The instruction set of protocols 0 to 5 (CPython, Lib/pickletools.py). MARK, GLOBAL, INST and STOP are apart. */
export const OPCODES: ReadonlyMap<number, Opcode> = new Map(
  Object.entries({
    I: op('number', 0, 1),
    J: op('four', 0, 1),
    K: op('byte', 0, 1),
    M: op('two', 0, 1),
    L: op('number', 0, 1),
    '\x8a': op('counted1', 0, 1),
    '\x8b': op('counted4', 0, 1),
    S: op('quoted', 0, 1),
    T: op('counted4', 0, 1),
    U: op('counted1', 0, 1),
    B: op('counted4', 0, 1),
    C: op('counted1', 0, 1),
    '\x8e': op('counted8', 0, 1),
    '\x96': op('counted8', 0, 1),
    '\x97': op('none', 0, 1),
    '\x98': op('none', 1, 1),
    N: op('none', 0, 1),
    '\x88': op('none', 0, 1),
    '\x89': op('none', 0, 1),
    V: op('line', 0, 1),
    '\x8c': op('counted1', 0, 1),
    X: op('counted4', 0, 1),
    '\x8d': op('counted8', 0, 1),
    F: op('float', 0, 1),
    G: op('eight', 0, 1),
    ']': op('none', 0, 1),
    a: op('none', 2, 1),
    e: op('none', 'mark+1', 1),
    l: op('none', 'mark', 1),
    ')': op('none', 0, 1),
    t: op('none', 'mark', 1),
    '\x85': op('none', 1, 1),
    '\x86': op('none', 2, 1),
    '\x87': op('none', 3, 1),
    '}': op('none', 0, 1),
    d: op('none', 'mark', 1),
    s: op('none', 3, 1),
    u: op('none', 'mark+1', 1),
    '\x8f': op('none', 0, 1),
    '\x90': op('none', 'mark+1', 1),
    '\x91': op('none', 'mark', 1),
    '0': op('none', 1, 0),
    '1': op('none', 'mark', 0),
    '2': op('none', 1, 2),
    g: op('number', 0, 1),
    h: op('byte', 0, 1),
    j: op('four', 0, 1),
    p: op('number', 1, 1),
    q: op('byte', 1, 1),
    r: op('four', 1, 1),
    '\x94': op('none', 1, 1),
    '\x80': op('byte', 0, 0),
    '\x95': op('eight', 0, 0),
    '\x82': op('byte', 0, 1, true),
    '\x83': op('two', 0, 1, true),
    '\x84': op('four', 0, 1, true),
    '\x93': op('none', 2, 1, true),
    R: op('none', 2, 1),
    b: op('none', 2, 1),
    '\x81': op('none', 2, 1),
    '\x92': op('none', 3, 1),
    o: op('none', 'mark', 1),
    P: op('line', 0, 1),
    Q: op('none', 1, 1),
  }).map(([name, opcode]) => [name.charCodeAt(0), opcode]),
);

export const MARK = 0x28;
export const STOP = 0x2e;
export const GLOBAL = 0x63;
export const INST = 0x69;

/** Bytes of arguments of fixed length. */
export const FIXED: Partial<Record<Argument, number>> = { none: 0, byte: 1, two: 2, four: 4, eight: 8 };

/** Bytes of the count that stands before an argument. */
export const COUNTED: Partial<Record<Argument, number>> = { counted1: 1, counted4: 4, counted8: 8 };

/** An unsigned number, least significant byte first. */
export function littleEndian(bytes: Uint8Array, start: number, length: number): number {
  let value = 0;
  for (let index = length - 1; index >= 0; index -= 1) {
    value = value * 256 + (bytes[start + index] ?? 0);
  }
  return value;
}

/** Whether a loader can read `text` as the argument of such an instruction. */
export function isLiteral(argument: Argument, text: string): boolean {
  switch (argument) {
    case 'number':
      return /^\s*[+-]?[0-9_]+L?\s*$/.test(text);
    case 'float':
      return /^\s*[+-]?([0-9][0-9_.]*(e[+-]?\d+)?|\.\d+|inf|nan|infinity)\s*$/i.test(text);
    case 'quoted':
      return /^\s*(["']).*\1\s*$/s.test(text);
    default:
      return true;
  }
}
