import type { ByteReader } from './byte-reader';
import { requireJson } from './json';
import { requireNumpy } from './numpy';
import { requireOnnx } from './onnx';
import { PNG_SIGNATURE, requirePng } from './png';
import { requireSafetensors } from './safetensors';
import { isTarHeader } from './tar';
import { requireText } from './text';
import { requireUbjson } from './ubjson';
import { isZip } from './zip';

/** What the scanner takes some content for. Nothing is trusted for it: the format's own check follows. */
export type Format =
  | 'gzip'
  | 'zlib'
  | 'tar'
  | 'zip'
  | 'pickle'
  | 'safetensors'
  | 'numpy'
  | 'onnx'
  | 'ubjson'
  | 'json'
  | 'png'
  | 'text'
  | 'other';

/**
 * Reads the whole content and throws `ScanStop` unless it is data of the format and nothing else. `alone`: the content is
 * no part of an archive.
 */
export type FormatCheck = (reader: ByteReader, alone: boolean) => Promise<void>;

/** The checks of the formats that hold data only. */
export const FORMAT_CHECKS: Partial<Record<Format, FormatCheck>> = {
  json: requireJson,
  numpy: requireNumpy,
  onnx: requireOnnx,
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
    ['numpy', startsWith(window, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)],
    ['tar', isTarHeader(window)],
    ['safetensors', window.length > 8 && window[8] === 0x7b && window[6] === 0 && window[7] === 0],
    ['ubjson', window[0] === 0x7b && '}iUIlL$#'.includes(String.fromCharCode(window[1] ?? 0)) && window.length > 2],
    ['json', isJsonStart(window)],
    ['onnx', startsWith(window, 0x08) && window[1] > 0 && window[1] < 0x20],
    ['text', window.subarray(0, 512).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d))],
  ];
  return rules.find(([, holds]) => holds)?.[0] ?? 'other';
}

function startsWith(window: Uint8Array, ...magic: number[]): boolean {
  return window.length >= magic.length && magic.every((byte, index) => window[index] === byte);
}

/** Objects and arrays; a bare number or string is text. */
function isJsonStart(window: Uint8Array): boolean {
  const first = window.find((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte));
  return first === 0x7b || first === 0x5b;
}

/** A zlib header: DEFLATE, and two bytes that are a multiple of 31 (RFC 1950). */
function isZlib(window: Uint8Array): boolean {
  return window.length > 2 && window[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(window[1]);
}
