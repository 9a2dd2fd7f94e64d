/** Hash of nothing: the offset basis of FNV-1a, 32 bits. */
export const NO_HASH = 0x811c9dc5;

/** FNV-1a, one UTF-16 unit further. */
export function hashWith(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** FNV-1a over the first UTF-16 units of a text. @param length so many. Default: all */
export function hashOf(text: string, length = text.length): number {
  let hash = NO_HASH;
  for (let index = 0; index < length; index += 1) {
    hash = hashWith(hash, text.charCodeAt(index));
  }
  return hash;
}
