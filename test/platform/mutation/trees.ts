/** The value that stands for a property that is taken out. */
export const GONE = Symbol('gone');

/** Keys that lead from an object to a value in it; positions of lists count as keys. */
export type Path = readonly string[];

/** Every value below an object, with its path; intrinsic functions count as values. */
export function nodes(value: unknown, path: Path = []): [Path, unknown][] {
  const own: [Path, unknown][] = path.length > 0 ? [[path, value]] : [];
  if (value === null || typeof value !== 'object' || isIntrinsic(value)) {
    return own;
  }
  return [...own, ...Object.entries(value).flatMap(([key, item]) => nodes(item, [...path, key]))];
}

function isIntrinsic(value: object): boolean {
  const [key, ...rest] = Object.keys(value);
  return rest.length === 0 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'));
}

/** A copy with the value at a path replaced, or taken out. Objects on the way are made where they are missing. */
export function replaced(holder: unknown, [key, ...rest]: Path, value: unknown): unknown {
  const copy = (Array.isArray(holder) ? [...holder] : { ...(holder as object) }) as Record<string, unknown>;
  if (rest.length > 0) {
    copy[key] = replaced(copy[key] ?? {}, rest, value);
  } else if (value === GONE) {
    delete copy[key];
  } else {
    copy[key] = value;
  }
  return Array.isArray(copy) ? copy.filter((item) => item !== undefined) : copy;
}

/** The dotted path with `*` for positions in lists, as claims have it. */
export function generic(path: Path): string {
  return path.map((key) => (/^\d+$/.test(key) ? '*' : key)).join('.');
}
