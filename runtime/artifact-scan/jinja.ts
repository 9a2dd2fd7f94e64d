import { SCAN_CODES, ScanStop } from './verdict';

/** Longest chat template that is judged, in UTF-16 units. Published ones have a few thousand. */
export const MAXIMUM_TEMPLATE = 2 ** 20;

const TOKEN = /[A-Za-z_]\w*|\d[\w.]*|\s+|[\s\S]/y;
const OPENINGS: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}' };
/** Statements that read another template. */
const READS = new Set(['import', 'from', 'include', 'extends']);
/** Names from which objects lead to the interpreter: Jinja's own functions and internals of frames and functions. */
const LEADS = new Set(
  `lipsum cycler joiner mro subclasses func_globals func_code gi_frame gi_code cr_frame ag_frame f_globals f_builtins f_locals
   tb_frame url_for get_flashed_messages`.split(/\s+/),
);
/** Names that are dangerous once something is taken from them. */
const MODULES = new Set('os sys subprocess importlib builtins shutil socket pty codecs posix self request'.split(' '));
/** Names that are dangerous once they are called. */
const CALLS = new Set(
  'popen system eval exec open getattr setattr globals locals compile breakpoint input vars'.split(' '),
);
/** Special attributes, also written in pieces or as escapes. */
const SPECIAL = /__\w/;
const ESCAPED_UNDERSCORE = /\\x5f|\\u005f|\\U0000005f|\\137|\\N\{/i;

/**
 * Judges a chat template, which a loader renders with Jinja: throws `ScanStop` for one that reaches for more than the
 * conversation. Only a sandbox holds a template that hides better what it does.
 */
export function requireHarmlessTemplate(template: string): void {
  if (template.length > MAXIMUM_TEMPLATE) {
    throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'a chat template that is longer than is judged');
  }
  let at = 0;
  while (at < template.length) {
    const opening = template.indexOf('{', at);
    if (opening < 0) {
      return;
    }
    const mark = template.slice(opening, opening + 2);
    if (mark === '{#') {
      const end = template.indexOf('#}', opening + 2);
      at = end < 0 ? template.length : end + 2;
    } else if (OPENINGS[mark]) {
      at = requireHarmlessCode(template, opening + 2, OPENINGS[mark], mark === '{%');
    } else {
      at = opening + 1;
    }
  }
}

/** Judges one expression or statement from `start` on, and gives where it ends. */
function requireHarmlessCode(template: string, start: number, close: string, statement: boolean): number {
  let previous = '';
  let first = true;
  let at = start;
  while (at < template.length) {
    if (template.startsWith(close, at) || template.startsWith(`-${close}`, at)) {
      return at + close.length + (template[at] === '-' ? 1 : 0);
    }
    const character = template[at];
    if (character === '"' || character === "'") {
      const end = endOfString(template, at);
      requireHarmlessString(template.slice(at, end));
      at = end;
      previous = 'string';
      continue;
    }
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(template)?.[0] ?? character;
    at += token.length;
    if (token.trim() === '') {
      continue;
    }
    requireHarmlessToken(token, { previous, next: following(template, at), opensStatement: statement && first });
    first &&= token === '-' || token === '+';
    previous = token;
  }
  return at;
}

interface Place {
  readonly previous: string;
  /** The next character that is not blank. */
  readonly next: string;
  readonly opensStatement: boolean;
}

function requireHarmlessToken(token: string, { previous, next, opensStatement }: Place): void {
  const attack =
    SPECIAL.test(token) ||
    LEADS.has(token) ||
    (opensStatement && READS.has(token)) ||
    (previous === '|' && token === 'attr') ||
    (MODULES.has(token) && previous !== '.' && (next === '.' || next === '[')) ||
    (CALLS.has(token) && next === '(');
  if (attack) {
    throw unsafe();
  }
}

function requireHarmlessString(literal: string): void {
  if (SPECIAL.test(literal) || ESCAPED_UNDERSCORE.test(literal)) {
    throw unsafe();
  }
}

function endOfString(template: string, start: number): number {
  for (let at = start + 1; at < template.length; at += 1) {
    if (template[at] === '\\') {
      at += 1;
    } else if (template[at] === template[start]) {
      return at + 1;
    }
  }
  return template.length;
}

function following(template: string, at: number): string {
  let index = at;
  while (index < template.length && /\s/.test(template[index])) {
    index += 1;
  }
  return template[index] ?? '';
}

function unsafe(): ScanStop {
  return new ScanStop(SCAN_CODES.TEMPLATE, 'unsafe', 'a chat template that reaches for the interpreter');
}
