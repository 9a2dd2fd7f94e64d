import { visit } from 'jsonc-parser';
import { fault } from './fault';

/** Longest signature file, in characters: some three hundred thousand files. Hostile JSON takes some 25 times its length once parsed. */
export const MAXIMUM_LENGTH = 64 * 1024 * 1024;
const MAXIMUM_DEPTH = 32;

/** Parses JSON of which there is only one reading: no name twice in an object. Throws PALISADE-S020. */
export function parseOnce(text: string, where: string): unknown {
  if (text.length > MAXIMUM_LENGTH) {
    throw fault('S020', where, `is longer than ${MAXIMUM_LENGTH} characters`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fault('S020', where, 'is no JSON');
  }
  const open: Set<string>[] = [];
  let depth = 0;
  // Arrays too: the visitor calls itself for each.
  const enter = () => {
    depth += 1;
    if (depth > MAXIMUM_DEPTH) {
      throw fault('S020', where, `is nested more than ${MAXIMUM_DEPTH} deep`);
    }
  };
  const leave = () => {
    depth -= 1;
  };
  visit(text, {
    onObjectBegin: () => {
      enter();
      open.push(new Set());
    },
    onObjectProperty: (name) => {
      if (open.at(-1)?.has(name)) {
        throw fault('S020', where, `has the name ${JSON.stringify(name)} twice`);
      }
      open.at(-1)?.add(name);
    },
    onObjectEnd: () => {
      leave();
      open.pop();
    },
    onArrayBegin: enter,
    onArrayEnd: leave,
  });
  return value;
}
