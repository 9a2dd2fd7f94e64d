import { PalisadeError } from '../errors';

/** One segment of a key and of a tag: no slash, and no leading dot or hyphen. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const CONTROL_OR_SURROGATE = /\p{Control}|\p{Surrogate}/u;

/** Refuses what cannot be a dataset, version or purpose. Throws PALISADE-S003. */
export function requireName(what: string, value: unknown): string {
  if (typeof value !== 'string' || !NAME.test(value)) {
    throw new PalisadeError({
      code: 'PALISADE-S003',
      where: what,
      problem: `${JSON.stringify(value)} is not a name`,
      fix: 'use letters, digits, dots, underscores and hyphens, a letter or digit first, at most 128 characters',
    });
  }
  return value;
}

/**
 * Refuses an object key that a training job could not write to its disk as that file: a job's download would follow
 * `..` out of its folder. Throws PALISADE-S004.
 */
export function requireRelativeKey(key: unknown): string {
  const segments = typeof key === 'string' ? key.split('/') : [''];
  if (typeof key !== 'string' || CONTROL_OR_SURROGATE.test(key) || segments.some(isNoFile)) {
    throw new PalisadeError({
      code: 'PALISADE-S004',
      where: JSON.stringify(key),
      problem: 'not a relative file path',
      fix: 'name objects by path segments with single slashes between, none of them empty, `.` or `..`',
    });
  }
  return key;
}

function isNoFile(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..';
}
