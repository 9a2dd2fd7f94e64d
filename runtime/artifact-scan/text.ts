import type { ByteReader } from './byte-reader';
import { SCAN_CODES, ScanStop } from './verdict';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Checks plain text: UTF-8 without control characters, and not a script. */
export async function requireText(reader: ByteReader): Promise<void> {
  const [hash, bang] = await reader.peek(2);
  if (hash === 0x23 && bang === 0x21) {
    throw new ScanStop(SCAN_CODES.CODE, 'unknown', 'a script');
  }
  for await (const text of decodedText(reader)) {
    if (CONTROL.test(text)) {
      throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'text with control characters');
    }
  }
}

/** The rest of a reader as UTF-8 text. */
export async function* decodedText(reader: ByteReader): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of reader.rest()) {
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw isEncodingError(error) ? new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'text that is not UTF-8') : error;
  }
}

/** Whether a fatal `TextDecoder` refused its input. */
function isEncodingError(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
  );
}

const SOURCE_CODE = /\.(bash|bat|cjs|cmd|exe|jar|js|lua|mjs|php|pl|ps1|py|pyc|pyw|r|rb|sh|so|ts|wasm|whl|zsh)$/i;

/**
 * Whether containers would run an entry because of its name: source code, or anything in `code/`, which SageMaker's
 * framework containers import (SageMaker Python SDK, "Model directory structure"). A name only ever counts against.
 */
export function isRunByName(name: string): boolean {
  return SOURCE_CODE.test(name) || /(^|[/!])code\//i.test(name);
}

/** TorchScript that reads or writes files, and Python that runs other programs. */
const FILE_ACCESS =
  /\b(?:ops\.aten\.(?:save|from_file)|torch\.(?:save|load|from_file|hub)|os\.(?:system|popen|exec\w*)|subprocess\.|pty\.spawn|__import__\s*\(|(?:eval|exec)\s*\()/;
const WINDOW = 64 * 1024;
const OVERLAP = 64;

/**
 * Reads source code to its end, and throws `unsafe` where it reaches for files or programs in plain sight. Code without
 * that is no safer for it: it stays unknown.
 */
export async function requireNoFileAccess(reader: ByteReader): Promise<void> {
  for (;;) {
    const window = await reader.peek(WINDOW + OVERLAP);
    if (FILE_ACCESS.test(Buffer.from(window).toString('latin1'))) {
      throw new ScanStop(SCAN_CODES.CODE, 'unsafe', 'code that reads or writes files, or runs programs');
    }
    if (window.length <= WINDOW) {
      return reader.drain();
    }
    reader.take(WINDOW);
  }
}
