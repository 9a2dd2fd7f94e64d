import { Refusal } from './refusal';
import { misfit, type Schema } from './schema';

/** Longest body, in bytes. API Gateway's firewall lets 64 KiB through, a balancer 1 MB to Lambda. */
export const MAXIMUM_BODY = 1_048_576;

/** Any text of a body. No longer than a body, and said all the same: API Gateway's schemas bound every part. */
export const BODY_TEXT: Schema = { type: 'string', maxLength: MAXIMUM_BODY };

/** How deep arrays and objects may lie in each other: what walks a body later may recurse. */
export const MAXIMUM_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Reads a JSON body. Throws W001 for what is not JSON or nested too deeply, W002 for what does not fit the schema. */
export function readJson<T>(body: string, schema: Schema): T {
  const value = parseJson(body);
  const found = misfit(value, schema);
  if (found) {
    throw new Refusal('PALISADE-W002', `${found.where === '' ? 'the body' : found.where} ${found.problem}`, {
      where: found.where,
    });
  }
  return value as T;
}

/** Parses what is nested within bounds. Throws W001. */
export function parseJson(body: string): unknown {
  if (depthOf(body) > MAXIMUM_DEPTH) {
    throw new Refusal('PALISADE-W001', `the body is nested more than ${MAXIMUM_DEPTH} deep`);
  }
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal('PALISADE-W001', 'the body is not JSON');
  }
}

/**
 * Every string of a JSON text, names too, as the receiver may read them: escapes resolved, and of a name that comes twice both
 * values, since parsers differ in which they take.
 */
export function stringsIn(json: string): string[] {
  const strings: string[] = [];
  for (let at = json.indexOf('"'); at !== -1; at = json.indexOf('"', at)) {
    const end = endOfString(json, at);
    const literal = json.slice(at, end);
    strings.push(literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1));
    at = end;
  }
  return strings;
}

/** Deepest nesting. Counts brackets outside of strings, so it is right for JSON and harmless for anything else. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      at = endOfString(text, at) - 1;
    } else if (unit === 0x5b || unit === 0x7b) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (unit === 0x5d || unit === 0x7d) {
      depth -= 1;
    }
  }
  return deepest;
}

/** Index after the closing quote of the string that opens at `start`; the end of the text where it does not close. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === BACKSLASH) {
      at += 1;
    } else if (unit === QUOTE) {
      return at + 1;
    }
  }
  return text.length;
}
