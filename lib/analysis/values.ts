import { Opaque } from './opaque';

/** A member of its own: names in a template may be those of Object.prototype. */
export function own<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== null && typeof object === 'object' && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Whether a value is an object as JSON has it: no list, no null, no instance of a class. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  const prototype = value !== null && typeof value === 'object' ? Object.getPrototypeOf(value) : null;
  return prototype !== null && Object.getPrototypeOf(prototype) === null;
}

/** The value, or an object that holds nothing where it is none. */
export function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** Name and argument of an intrinsic function: an object whose only key is `Ref` or starts with `Fn::`. */
export function intrinsicOf(value: object): readonly [name: string, argument: unknown] | undefined {
  if (Array.isArray(value)) {
    return undefined;
  }
  const keys = Object.keys(value);
  return isIntrinsic(keys) ? [keys[0], (value as Record<string, unknown>)[keys[0]]] : undefined;
}

/** Whether an object with these keys is an intrinsic function. */
export function isIntrinsic(keys: readonly string[]): boolean {
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

/** `Bucket.Outputs.Arn` is the attribute `Outputs.Arn` of `Bucket`. */
export function inTwo(name: string): string[] {
  return name.split(/\.(.*)/s);
}

/** Whether a value is a text, a number or a boolean. */
export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** A name as text; what is no text, number or boolean names nothing, and an opaque value names its reason. */
export function scalarText(value: unknown): string {
  return isScalar(value) || value instanceof Opaque ? `${value}` : '';
}
