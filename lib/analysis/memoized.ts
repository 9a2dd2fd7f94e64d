import { types } from 'node:util';
import type { GraphResource } from './graph-resource';

/** Computes once for each object what depends on nothing else, and what cannot change. Not for resources. */
export function memoized<K extends object, T>(compute: (about: K) => T): (about: K) => T {
  const results = new WeakMap<K, { readonly value: T }>();
  return (about) => {
    const known = results.get(about);
    if (known) {
      return known.value;
    }
    const value = compute(about);
    results.set(about, { value });
    return value;
  };
}

/** How many texts a result is kept for: far more than differ in real assemblies, and hostile ones must not fill the memory. */
const MOST_TEXTS = 10_000;

/** Computes once for each text what depends on nothing else. */
export function memoizedByText<T>(compute: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) {
      return known;
    }
    if (results.size >= MOST_TEXTS) {
      results.clear();
    }
    const value = compute(text);
    results.set(text, value);
    return value;
  };
}

/**
 * Computes once for each resource what depends on nothing but its properties and its type. Where some of them rest on an
 * assumption it is computed every time, so that this is noted every time: see `Reliance`.
 */
export function perResource<T>(
  compute: (properties: GraphResource['properties'], type: string) => T,
): (resource: GraphResource) => T {
  const known = memoized(({ properties, type }: GraphResource) => compute(properties, type));
  return (resource) => {
    const { properties, type } = resource;
    return types.isProxy(properties) ? compute(properties, type) : known(resource);
  };
}
