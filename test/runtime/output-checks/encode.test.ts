import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { encodeFor } from '../../../runtime/output-checks';

/** Any text that has neither NUL nor half a surrogate pair, rich in what the four languages make something of. */
const texts = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }).filter((text) => !text.includes('\0')),
      fc.constantFrom(
        ...'\'"`\\$!<>&;|*_#[](){}\n\r\t -+=~:/.,?@%^',
        "'; DROP TABLE t; --",
        '$(id)',
        '`id`',
        '</p><script>',
        '&amp;',
        '&#0;',
        '\n\n# ',
        '\n- ',
        '    ',
        '![x](//evil)',
        '\\\n',
        "'\\''",
      ),
    ),
    { maxLength: 24 },
  )
  .map((pieces) => pieces.join(''));

/** What a browser reads: text and attribute values, by the tokenizer of the HTML standard as far as encoded texts need it. */
function readHtml(html: string): string {
  expect(html).not.toMatch(/[<>"'`]/);
  expect(html.replace(/&(?:#\d+);/g, '')).not.toContain('&');
  return html.replace(/\r\n?/g, '\n').replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

/** What CommonMark reads in one line of text: backslashes before punctuation, references; blanks at both ends are not text. */
function readMarkdown(markdown: string): string {
  expect(markdown).not.toMatch(/[\n\r]/);
  const pieces = markdown.trim().match(/\\[!-/:-@[-`{-~]|&#\d+;|[^!-/:-@[-`{-~]/gu) ?? [];
  expect(pieces.join('')).toBe(markdown.trim());
  return pieces
    .map((piece) =>
      piece[0] === '\\' ? piece[1] : piece[0] === '&' ? String.fromCharCode(Number(piece.slice(2, -1))) : piece,
    )
    .join('');
}

test('HTML shows the same text, and has no markup in it', () => {
  fc.assert(
    fc.property(texts, (text) => expect(readHtml(encodeFor('html', text))).toBe(text)),
    { numRuns: 300 },
  );
});

test('Markdown shows the same text in one line, and every sign of it is escaped', () => {
  fc.assert(
    fc.property(texts, (text) => expect(readMarkdown(encodeFor('markdown', text))).toBe(text)),
    { numRuns: 300 },
  );
});

test('what HTML and Markdown cannot say is U+FFFD', () => {
  for (const context of ['html', 'markdown'] as const) {
    expect(encodeFor(context, 'a\0b\ud800c\udc00\ud83d\ude00')).toBe('a\ufffdb\ufffdc\ufffd\ud83d\ude00');
  }
});

test('SQL reads the same text: one literal, quotes doubled', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const literal = encodeFor('sql', text);
      expect(literal).toMatch(/^'(?:[^']|'')*'$/);
      expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test('a shell gives the text back, byte for byte', () => {
  // One shell for all: each text ends with a NUL, which none of them has.
  const all = fc.sample(texts, { numRuns: 300, seed: 7 });
  const script = all.map((text) => `printf '%s\\0' ${encodeFor('shell', text)}`).join('\n');
  const { stdout, status } = spawnSync('sh', { input: script });
  expect(status).toBe(0);
  expect(stdout.equals(Buffer.from(all.map((text) => `${text}\0`).join('')))).toBe(true);
});

test('NUL and half a surrogate pair are errors in SQL and shell, an unknown context everywhere', () => {
  for (const context of ['sql', 'shell'] as const) {
    expect(() => encodeFor(context, 'a\0b')).toThrow('PALISADE-W160');
    expect(() => encodeFor(context, 'a\ud800b')).toThrow('PALISADE-W161');
    expect(() => encodeFor(context, '\udc00')).toThrow('PALISADE-W161');
  }
  for (const context of ['url', 'toString', '__proto__']) {
    expect(() => encodeFor(context as 'html', 'a')).toThrow('PALISADE-W162');
  }
});
