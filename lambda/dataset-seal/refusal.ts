import { PalisadeError } from '../../runtime/errors';

/** Why a dataset version is not sealed. The codes are listed at `seal`. */
export function refusal(code: string, where: string, problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code, where, problem, fix });
}

/** The bytes are not those of a checksum. */
export function mismatch(key: string, expected: string, found = 'no SHA-256'): PalisadeError {
  return refusal('PALISADE-D205', key, `expected ${expected}, found ${found}`, 'deliver the object again');
}

/** The version stands for another content already. */
export function differs(where: string, problem: string): PalisadeError {
  return refusal('PALISADE-D206', where, problem, 'a version is sealed once: deliver other content as a new version');
}
