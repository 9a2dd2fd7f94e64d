import { isUtf8 } from 'node:buffer';
import type { ByteReader } from './byte-reader';
import { GGUF_MAGIC, requireGguf } from './gguf';
import { requireHdf5 } from './hdf5';
import { requireHarmlessConfig } from './model-config';
import { requireNumpy } from './numpy';
import { requireOnnx } from './onnx';
import { PNG_SIGNATURE, requirePng } from './png';
import { HDF5_SIGNATURE } from './polyglot';
import { requireSafetensors } from './safetensors';
import { isTarHeader } from './tar';
import {
  isFingerprint,
  isKerasMetadata,
  isSavedModel,
  requireFingerprint,
  requireKerasMetadata,
  requireSavedModel,
} from './tensorflow';
import { requireText } from './text';
import { requireUbjson } from './ubjson';
import { isZip } from './zip';

/** Formats that Node.js cannot unpack: what is in them is not known. */
export const PACKED: ReadonlySet<Format> = new Set(['7z', 'rar', 'bzip2', 'xz', 'lzma', 'lz4', 'zstd']);

/** What the scanner takes some content for. Nothing is trusted for it: the format's own check follows. */
export type Format =
  | 'gzip'
  | 'zlib'
  | 'tar'
  | 'zip'
  | 'pytorch'
  | 'torchscript'
  | 'keras'
  | 'skops'
  | 'npz'
  | 'pickle'
  | 'safetensors'
  | 'numpy'
  | 'gguf'
  | 'onnx'
  | 'savedmodel'
  | 'keras-metadata'
  | 'fingerprint'
  | 'ubjson'
  | 'json'
  | 'png'
  | 'hdf5'
  | '7z'
  | 'rar'
  | 'bzip2'
  | 'xz'
  | 'lzma'
  | 'lz4'
  | 'zstd'
  | 'text'
  | 'other';

/**
 * Reads the whole content and throws `ScanStop` unless it is data of the format and nothing else. `alone`: the content is
 * no part of an archive.
 */
export type FormatCheck = (reader: ByteReader, alone: boolean) => Promise<void>;

/** The checks of the formats that hold data only. */
export const FORMAT_CHECKS: Partial<Record<Format, FormatCheck>> = {
  gguf: requireGguf,
  hdf5: requireHdf5,
  json: requireHarmlessConfig,
  numpy: requireNumpy,
  onnx: requireOnnx,
  savedmodel: requireSavedModel,
  'keras-metadata': requireKerasMetadata,
  fingerprint: requireFingerprint,
  png: requirePng,
  safetensors: requireSafetensors,
  text: requireText,
  ubjson: requireUbjson,
};

/** Recognises content by its first bytes (512 or more, or all there are). */
export function detectFormat(window: Uint8Array): Format {
  const rules: [Format, boolean][] = [
    ['gzip', startsWith(window, 0x1f, 0x8b)],
    ['zlib', isZlib(window)],
    ['zip', isZip(window)],
    ['png', startsWith(window, ...PNG_SIGNATURE)],
    ['hdf5', startsWith(window, ...HDF5_SIGNATURE)],
    ['7z', startsWith(window, 0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c)],
    ['rar', startsWith(window, 0x52, 0x61, 0x72, 0x21, 0x1a, 0x07)],
    ['bzip2', startsWith(window, 0x42, 0x5a, 0x68) && window[3] >= 0x31 && window[3] <= 0x39],
    ['xz', startsWith(window, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)],
    ['lzma', startsWith(window, 0x5d, 0x00, 0x00)],
    ['lz4', startsWith(window, 0x04, 0x22, 0x4d, 0x18)],
    ['zstd', startsWith(window, 0x28, 0xb5, 0x2f, 0xfd)],
    ['gguf', startsWith(window, ...GGUF_MAGIC)],
    ['numpy', startsWith(window, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)],
    ['tar', isTarHeader(window)],
    ['safetensors', window.length > 8 && window[8] === 0x7b && window[6] === 0 && window[7] === 0],
    ['ubjson', window[0] === 0x7b && '}iUIlL$#'.includes(String.fromCharCode(window[1] ?? 0)) && window.length > 2],
    ['json', isJsonStart(window)],
    ['savedmodel', isSavedModel(window)],
    ['keras-metadata', isKerasMetadata(window)],
    ['fingerprint', isFingerprint(window)],
    ['onnx', startsWith(window, 0x08) && window[1] > 0 && window[1] < 0x20],
    ['text', isTextStart(window)],
  ];
  return rules.find(([, holds]) => holds)?.[0] ?? 'other';
}

function startsWith(window: Uint8Array, ...magic: number[]): boolean {
  return window.length >= magic.length && magic.every((byte, index) => window[index] === byte);
}

/** UTF-8 without control characters, but for a character that the window's end cuts. */
function isTextStart(window: Uint8Array): boolean {
  const cut = window.findLastIndex((byte) => byte < 0x80 || byte >= 0xc0);
  const whole = window.subarray(0, window.length - cut < 4 && window[cut] >= 0x80 ? cut : window.length);
  return isUtf8(whole) && window.subarray(0, 512).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

/** Objects and arrays; a bare number or string is text. Python's reader takes a byte order mark before them. */
function isJsonStart(window: Uint8Array): boolean {
  const text = startsWith(window, 0xef, 0xbb, 0xbf) ? window.subarray(3) : window;
  const first = text.find((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte));
  return first === 0x7b || first === 0x5b;
}

/** A zlib header: DEFLATE, and two bytes that are a multiple of 31 (RFC 1950). */
function isZlib(window: Uint8Array): boolean {
  return window.length > 2 && window[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(window[1]);
}

/** What a zip archive is by the names in it. It decides nothing: each entry is judged by its content. */
export function zipKind(names: readonly string[]): Format {
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (has(/(^|\/)data\.pkl$/)) {
    return has(/(^|\/)code\//) ? 'torchscript' : 'pytorch';
  }
  if (has(/^config\.json$/) && has(/^metadata\.json$/)) {
    return 'keras';
  }
  if (has(/^schema\.json$/)) {
    return 'skops';
  }
  return names.length > 0 && names.every((name) => name.endsWith('.npy')) ? 'npz' : 'zip';
}
