import { fault } from './fault';

/** Where a text will stand. */
export type EncodingContext = 'html' | 'markdown' | 'sql' | 'shell';

const ENCODERS: Readonly<Record<EncodingContext, (text: string) => string>> = { html, markdown, sql, shell };

/**
 * Encodes a text so that it stays text where it will stand, and is read there as it was.
 *
 * - `html`: the content of an element, or an attribute's value in quotes. Not script, style, comments, or the value of an attribute that
 *   is a URL or code.
 * - `markdown`: text within a line of CommonMark or GFM, line breaks included: it begins nothing and ends nothing. Not code.
 * - `sql`: a string literal, with its quotes, in standard SQL: PostgreSQL (`standard_conforming_strings`, as it is by default), SQLite,
 *   Oracle, Db2, Trino and Athena, SQL Server (`N` before it). Not where a backslash escapes: MySQL, MariaDB, Redshift, BigQuery,
 *   Snowflake, Spark. A parameter is better wherever there can be one.
 * - `shell`: one word of a POSIX shell, in quotes. Not cmd.exe or PowerShell; write `--` before it, since it may begin with a hyphen.
 *
 * Throws PALISADE-W160 at a NUL and W161 at half a surrogate pair for `sql` and `shell`, which cannot say them (`html` and `markdown`
 * say U+FFFD), and W162 at a context that is none of these.
 */
export function encodeFor(context: EncodingContext, text: string): string {
  if (!Object.hasOwn(ENCODERS, context)) {
    throw fault('W162', 'encodeFor', `${context} is no context`, 'take html, markdown, sql or shell');
  }
  return ENCODERS[context](text);
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const NUL = /\0/g;

/** A carriage return is written as a reference, because parsers of HTML make a line feed of it. */
function html(text: string): string {
  return shown(text).replace(/[&<>"'`\r]/g, reference);
}

/** References hold even where a renderer lets HTML pass; line breaks as references begin no block. */
function markdown(text: string): string {
  return shown(text)
    .replace(/[!-/:-@[-`{-~]/g, (sign) => ('&<>'.includes(sign) ? reference(sign) : `\\${sign}`))
    .replace(/[\t\n\v\f\r]|^ | $/g, reference);
}

function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

function shown(text: string): string {
  return text.replace(LONE_SURROGATE, '\ufffd').replace(NUL, '\ufffd');
}

function sql(text: string): string {
  return `'${sayable('sql', text).replaceAll("'", "''")}'`;
}

function shell(text: string): string {
  return `'${sayable('shell', text).replaceAll("'", `'\\''`)}'`;
}

function sayable(context: EncodingContext, text: string): string {
  if (text.includes('\0')) {
    throw fault('W160', `encodeFor ${context}`, 'the text has a NUL, which cannot be said there', 'refuse the text');
  }
  if (text.search(LONE_SURROGATE) >= 0) {
    throw fault('W161', `encodeFor ${context}`, 'the text has half a surrogate pair', 'refuse the text');
  }
  return text;
}
