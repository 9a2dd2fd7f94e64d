import { lstatSync, readFileSync } from 'node:fs';
import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit, type YAMLMap } from 'yaml';
import type { PalisadeError } from '../../runtime/errors';
import type { ManifestCode } from './codes';
import { describe } from './explain';
import type { Fault } from './manifest-error';

/** Largest manifest that is read, in bytes: 1 MiB. The largest that ships has 5 KiB. */
export const MAX_BYTES = 1024 * 1024;

/** Most syntax faults that are listed of one file; a file that is no YAML at all has thousands. */
const MAX_SYNTAX_FAULTS = 20;

/** What a file holds, or why it holds nothing. */
export type Content = { readonly data: unknown } | { readonly faults: PalisadeError[] };

/** Reads one YAML file of any bytes. Never throws. */
export function readYaml(path: string, fault: Fault): Content {
  const text = readText(path, fault);
  return typeof text === 'string' ? parseYaml(text, fault) : { faults: [text] };
}

/** What stands at `path`, when it is not what is expected; undefined when it is. Symbolic links are not followed. */
export function unexpectedEntry(
  path: string,
  expected: 'file' | 'folder',
): { code: ManifestCode; found: string } | undefined {
  try {
    const entry = lstatSync(path);
    if (expected === 'file' ? entry.isFile() : entry.isDirectory()) {
      return undefined;
    }
    const found = entry.isSymbolicLink() ? 'a symbolic link' : entry.isDirectory() ? 'a folder' : 'something else';
    return { code: 'PALISADE-M003', found };
  } catch (error) {
    const reason = systemCode(error);
    return reason === 'ENOENT' || reason === 'ENOTDIR'
      ? { code: 'PALISADE-M002', found: 'nothing' }
      : { code: 'PALISADE-M003', found: reason };
  }
}

function readText(path: string, fault: Fault): string | PalisadeError {
  const unexpected = unexpectedEntry(path, 'file');
  if (unexpected) {
    return fault(unexpected.code, '', `found ${unexpected.found}, expected a file`, 'put the file itself there');
  }
  try {
    if (lstatSync(path).size > MAX_BYTES) {
      return fault('PALISADE-M004', '', `larger than ${MAX_BYTES} bytes`, 'keep the manifest below 1 MiB');
    }
    return decode(readFileSync(path), fault);
  } catch (error) {
    return fault('PALISADE-M003', '', `cannot be read: ${systemCode(error)}`, 'let the reader read the file');
  }
}

function decode(bytes: Uint8Array, fault: Fault): string | PalisadeError {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fault('PALISADE-M005', '', 'the bytes are not UTF-8', 'save the file as UTF-8');
  }
}

function parseYaml(text: string, fault: Fault): Content {
  try {
    const lines = new LineCounter();
    // The parser's own check for duplicate keys takes quadratic time; ours is linear.
    const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false, stringKeys: true };
    const document = parseDocument(text, { ...options, schema: 'core', version: '1.2' });
    const at = (offset: number) => {
      const { line, col } = lines.linePos(offset);
      return `line ${line}, column ${col}`;
    };
    const syntax = [...document.errors, ...document.warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED')];
    const faults = [
      ...syntax
        .slice(0, MAX_SYNTAX_FAULTS)
        .map(({ pos, message }) => fault('PALISADE-M006', at(pos[0]), firstLine(message), 'correct the YAML')),
      ...nodeFaults(document, at, fault),
    ];
    return faults.length > 0 ? { faults } : { data: document.toJS({ maxAliasCount: 0 }) };
  } catch (error) {
    // Nesting deeper than the stack ends here.
    return { faults: [fault('PALISADE-M006', '', firstLine(String(error)), 'correct the YAML')] };
  }
}

/** Aliases, tags and duplicate keys: valid YAML, but not what a reviewer sees at a glance. */
function nodeFaults(
  document: ReturnType<typeof parseDocument>,
  at: (offset: number) => string,
  fault: Fault,
): PalisadeError[] {
  const faults: PalisadeError[] = [];
  visit(document, (_, node) => {
    if (!isNode(node) || faults.length >= MAX_SYNTAX_FAULTS) {
      return;
    }
    const place = at(node.range?.[0] ?? 0);
    if (isAlias(node)) {
      faults.push(fault('PALISADE-M007', place, `found the alias *${node.source}`, 'write the value out'));
    } else if (node.tag !== undefined) {
      faults.push(fault('PALISADE-M007', place, `found the tag ${node.tag}`, 'remove the tag'));
    }
    if (isMap(node)) {
      faults.push(...duplicateKeys(node, at, fault));
    }
  });
  return faults;
}

function duplicateKeys(map: YAMLMap, at: (offset: number) => string, fault: Fault): PalisadeError[] {
  const seen = new Set<unknown>();
  const repeated = map.items.flatMap(({ key }) => {
    const name = isScalar(key) ? key.value : undefined;
    const before = seen.has(name);
    seen.add(name);
    return before && isScalar(key) ? [key] : [];
  });
  return repeated
    .slice(0, MAX_SYNTAX_FAULTS)
    .map(({ value, range }) =>
      fault('PALISADE-M015', at(range?.[0] ?? 0), `found the key ${describe(value)} twice`, 'keep one of the two'),
    );
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0].slice(0, 300);
}

/** The operating system's name for a failure, such as EACCES. */
export function systemCode(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? 'an unknown error');
}
