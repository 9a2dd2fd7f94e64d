import * as fs from 'node:fs';
import type { ParseError } from 'jsonc-parser';
import { PalisadeError } from '../../runtime/errors';
import { jsonPackage } from './lazily';
import { Lines } from './lines';
import type { Template } from './template';
import { isRecord } from './values';
import { parseYaml, type SyntaxFault, valueOfYaml } from './yaml-text';

/** How a template is written. */
export type Format = 'json' | 'yaml';

/**
 * Reads one template, in JSON or YAML. Throws PALISADE-X001 for a file that is neither, PALISADE-X002 for one that
 * holds no object and PALISADE-X003 for one that cannot be read.
 */
export function readTemplate(file: string): Template {
  return templateIn(file, readText(file));
}

/** The template that a text holds. Throws as `readTemplate` does; `file` is for messages and gives the format. */
export function templateIn(file: string, text: string): Template {
  const value = formatOf(file, text) === 'json' ? readJsonText(file, text) : readYamlText(file, text);
  if (!isRecord(value)) {
    throw noTemplate(file, `found ${kindOf(value)} where a template has an object`);
  }
  return value as Template;
}

/** A file that holds something other than a template: PALISADE-X002. */
export function noTemplate(file: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-X002',
    where: file,
    problem: `is no CloudFormation template: ${problem}`,
    fix: 'give templates that have Resources, or the folder of a synthesized assembly (cdk.out)',
  });
}

/** By the end of its name; for another end, by how the text starts. */
export function formatOf(file: string, text: string): Format {
  if (/\.json$/i.test(file)) {
    return 'json';
  }
  return !/\.ya?ml$/i.test(file) && /^\s*[{[]/.test(text) ? 'json' : 'yaml';
}

/** A file's text, without a byte order mark. Throws PALISADE-X003 for a file that cannot be read. */
export function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** A file or folder that is not there, or may not be read: PALISADE-X003. */
export function unreadable(file: string, error: unknown): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-X003',
    where: file,
    problem: `cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`,
    fix: 'check the path, and that it may be read',
  });
}

/** Reads a JSON file of any kind. Throws PALISADE-X001 and PALISADE-X003. */
export function readJson(file: string): unknown {
  return readJsonText(file, readText(file));
}

function readJsonText(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(file, text, 'JSON', jsonFault(text, error as Error));
  }
}

function readYamlText(file: string, text: string): unknown {
  const result = deepEnough(() => valueOfYaml(parseYaml(text)));
  if ('problem' in result) {
    throw malformed(file, text, 'YAML', result);
  }
  return result.value;
}

/** `JSON.parse` names a place in some messages only, so the text is parsed again by who always does. */
function jsonFault(text: string, { message }: Error): SyntaxFault {
  return deepEnough(() => {
    const { parse, printParseErrorCode } = jsonPackage();
    const errors: ParseError[] = [];
    parse(text, errors, { disallowComments: true });
    const [first] = errors;
    return first
      ? { offset: first.offset, problem: words(printParseErrorCode(first.error)) }
      : { offset: 0, problem: message };
  });
}

/** Both parsers recurse; text that nests beyond their stack is no template. */
function deepEnough<T>(parse: () => T): T | SyntaxFault {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) {
      return { offset: 0, problem: 'nests too deep' };
    }
    throw error;
  }
}

function malformed(file: string, text: string, format: string, { offset, problem }: SyntaxFault): PalisadeError {
  const { line, column } = new Lines(text).at(offset);
  return new PalisadeError({
    code: 'PALISADE-X001',
    where: file,
    problem: `cannot be read as ${format}: line ${line}, column ${column}: ${problem.split('\n', 1)[0].slice(0, 300)}`,
    fix: `correct the ${format} at line ${line}`,
  });
}

/** `PropertyNameExpected` is `property name expected`. */
function words(code: string): string {
  return code.replaceAll(/(?<!^)([A-Z])/g, ' $1').toLowerCase();
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) {
    return 'nothing';
  }
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
