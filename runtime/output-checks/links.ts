import { leadsOutside } from './destination';
import type { AllowedHosts } from './hosts';
import type { Edit } from './span';

/** What stands in place of a link. It is never nothing, so that what stood around a link does not become one. */
const REMOVED = '[LINK]';

/** A way in which links are written. What was matched is looked at again from its end, so that nothing hides a link in another. */
interface Form {
  /** A text without it has no such link. */
  readonly sign: string;
  /** Ends where the destination begins, which is a group in a lookahead. */
  readonly pattern: RegExp;
  /** Whether only links stand there. */
  readonly certain: boolean;
}

/** A value as HTML and CSS write it: in quotes, or up to a blank. Quotes that nobody closes hide nothing. */
const VALUE = `[\\0- ]*(?="([^"]*)|'([^']*)|([^\\0- "'>)]{1,512}))`;
/** Longest value without quotes: a longer one is not read to its end, and does not pass. */
const LONGEST = 512;

/** A destination as Markdown writes it, up to the next. */
const DESTINATION = '[\\0- ]*(?=<([^<>\\n\\]]*)|((?:(?!\\][(:])[^\\0- <])+))';

const FORMS: readonly Form[] = [
  // CommonMark: links and images; link reference definitions; autolinks.
  { sign: '](', pattern: new RegExp(`\\]\\(${DESTINATION}`, 'g'), certain: true },
  { sign: ']:', pattern: new RegExp(`\\]:${DESTINATION}`, 'g'), certain: false },
  { sign: '<', pattern: /<(?=([a-z][a-z0-9+.-]{1,31}:[^\0- <>]{0,2048}))/gi, certain: false },
  // Attributes of HTML and SVG, looked for anywhere: where a tag begins and ends, parsers disagree.
  {
    sign: '=',
    pattern: new RegExp(
      `(?<![A-Za-z0-9_-])(?:href|src|srcset|imagesrcset|action|formaction|poster|background|data|cite|longdesc|ping|manifest|profile|codebase|classid|archive|icon|lowsrc|dynsrc)[\\0- ]*=${VALUE}`,
      'gi',
    ),
    certain: true,
  },
  // CSS, and the refresh of HTML.
  { sign: '(', pattern: new RegExp(`(?<![A-Za-z0-9_-])(?:url|src|image-set)\\(${VALUE}`, 'gi'), certain: true },
  { sign: '@', pattern: new RegExp(`@import[\\0- ]${VALUE}`, 'gi'), certain: true },
  { sign: '=', pattern: new RegExp(`[;,"'][\\0- ]*url[\\0- ]*=${VALUE}`, 'gi'), certain: true },
  // Whatever else takes a string for a link.
  { sign: '//', pattern: /["'`(=](?=(\/\/[a-z0-9-]{1,63}\.[a-z][^\0- "'`<>)]{0,2048}))/gi, certain: true },
];

/** What readers of plain text take for a link by itself (GitHub Flavored Markdown, "Autolinks"). IDNA ignores what shows nothing. */
const BARE =
  /(?:(?:https?|ftp|wss?):[\\/]{1,8}|(?<![A-Za-z0-9])www\.)[^\0- <>"`^|\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]{0,2048}/gi;

/**
 * Links that lead to other hosts than the allowed ones, and what to write there instead: those of Markdown, HTML and CSS, and bare ones.
 * Relative links stay. A host without scheme (`example.com/x`) is text, unless it begins with `www.`.
 */
export function linksOutside(text: string, allowed: AllowedHosts): Edit[] {
  const edits = [...FORMS.flatMap((form) => written(text, form, allowed)), ...bare(text, allowed)];
  return merged(edits.sort((a, b) => a.start - b.start || b.end - a.end));
}

function written(text: string, { sign, pattern, certain }: Form, allowed: AllowedHosts): Edit[] {
  const edits: Edit[] = [];
  for (const match of text.includes(sign) ? text.matchAll(pattern) : []) {
    const [, one, other, unquoted] = match;
    const value = one ?? other ?? unquoted;
    const destination = sign === '](' && other ? balanced(other) : value;
    // Some attributes name several, with blanks or commas between them.
    const all = [destination, ...destination.split(/[\0- ,]+/)];
    if (unquoted?.length === LONGEST || all.some((each) => leadsOutside(each, allowed, certain))) {
      const after = match.index + match[0].length;
      // A quote or an angle bracket opens what the group holds.
      const start = after + (text.startsWith(destination, after) ? 0 : 1);
      const end = start + destination.length;
      edits.push(
        sign === ']('
          ? { start: match.index + 1, end: closed(text, end), replacement: ` ${REMOVED}` }
          : { start, end, replacement: REMOVED },
      );
    }
  }
  return edits;
}

/** With the brackets that close it, where they follow at once. */
function closed(text: string, end: number): number {
  const angle = text[end] === '>' ? end + 1 : end;
  return text[angle] === ')' ? angle + 1 : angle;
}

/** Up to the bracket that closes the link. */
function balanced(destination: string): string {
  let depth = 0;
  for (let index = 0; index < destination.length; index += 1) {
    depth += destination[index] === '(' ? 1 : destination[index] === ')' ? -1 : 0;
    if (depth < 0) {
      return destination.slice(0, index);
    }
  }
  return destination;
}

function bare(text: string, allowed: AllowedHosts): Edit[] {
  return [...text.matchAll(BARE)].flatMap(({ 0: value, index }) => {
    const url = withoutPunctuation(value);
    const outside = leadsOutside(/^www\./i.test(url) ? `https://${url}` : url, allowed, true);
    return outside ? [{ start: index, end: index + url.length, replacement: REMOVED }] : [];
  });
}

/** Without what belongs to the sentence; a closing bracket that was opened within belongs to the link. */
function withoutPunctuation(url: string): string {
  let end = url.length;
  const sentence = `.,;:!?'*_~${url.includes('(') ? '' : ')'}${url.includes('[') ? '' : ']'}`;
  while (end > 0 && sentence.includes(url[end - 1])) {
    end -= 1;
  }
  return url.slice(0, end);
}

/** Links within a link go with it. */
function merged(edits: readonly Edit[]): Edit[] {
  const result: Edit[] = [];
  for (const edit of edits) {
    const last = result.at(-1);
    if (last && edit.start < last.end) {
      result[result.length - 1] = { ...last, end: Math.max(last.end, edit.end) };
    } else {
      result.push(edit);
    }
  }
  return result;
}
