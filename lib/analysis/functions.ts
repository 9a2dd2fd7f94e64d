import { Opaque, textOf } from './opaque';
import { isScalar, scalarText } from './values';

/** What `{ Ref: AWS::NoValue }` resolves to before it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** Longest text that functions make, in characters: CloudFormation takes templates of 1 MB. */
const MAX_TEXT = 1_000_000;

/** A text as it stands in a template; a dynamic reference is read at deployment (CloudFormation User Guide, "Get values stored in other services"). */
export function dynamicReference(value: string): Opaque | undefined {
  if (!value.startsWith('{{resolve:')) {
    return undefined;
  }
  const [, reference] = /^\{\{resolve:((?:ssm|ssm-secure|secretsmanager):[^}]*)\}\}$/.exec(value) ?? [];
  return reference === undefined ? undefined : new Opaque(`dynamic reference to ${reference}`);
}

/** `Fn::Join`. Text with an opaque part holds its reason in angle brackets; text that is nothing but an opaque value stays one. */
export function joined(separator: unknown, parts: unknown): unknown {
  if (!Array.isArray(parts)) {
    return parts instanceof Opaque ? parts : new Opaque('Fn::Join');
  }
  const given = parts.filter((part) => part !== NO_VALUE && part !== '');
  if (given.length === 1 && given[0] instanceof Opaque) {
    return given[0];
  }
  const between = scalarText(separator);
  if (isLarge(parts) || parts.length * between.length > MAX_TEXT) {
    return tooLong();
  }
  const text = parts
    .filter((part) => part !== NO_VALUE)
    .map(textOf)
    .join(between);
  return dynamicReference(text) ?? text;
}

/** `Fn::Select`. */
export function selected(index: unknown, items: unknown): unknown {
  const item = Array.isArray(items) && isScalar(index) ? items[Number(index)] : undefined;
  return item ?? (items instanceof Opaque ? items : new Opaque('Fn::Select'));
}

/** `Fn::Split`. */
export function split(separator: unknown, value: unknown): unknown {
  return typeof value === 'string' ? value.split(scalarText(separator)) : opaque('Fn::Split', value);
}

/** `Fn::ToJsonString`. */
export function jsonText(value: unknown): unknown {
  if (isLarge(value)) {
    return tooLong();
  }
  return (
    JSON.stringify(value, (_, item) => (item instanceof Opaque ? `${item}` : item)) ?? new Opaque('Fn::ToJsonString')
  );
}

/** `Fn::Base64`. */
export function base64(value: unknown): unknown {
  return typeof value === 'string' ? Buffer.from(value).toString('base64') : opaque('Fn::Base64', value);
}

/** `Fn::Length`. */
export function lengthOf(value: unknown): unknown {
  return Array.isArray(value) ? value.length : opaque('Fn::Length', value);
}

/** Whether the texts and items of a value come to more than the longest text. Stops as soon as they do. */
function isLarge(value: unknown): boolean {
  const left = [value];
  let size = 0;
  while (left.length > 0 && size <= MAX_TEXT) {
    const item = left.pop();
    size += typeof item === 'string' ? item.length : 1;
    if (item !== null && typeof item === 'object' && !(item instanceof Opaque)) {
      for (const inner of Object.values(item)) {
        left.push(inner);
      }
    }
  }
  return size > MAX_TEXT;
}

function opaque(name: string, value: unknown): Opaque {
  return value instanceof Opaque ? value : new Opaque(name);
}

function tooLong(): Opaque {
  return new Opaque('text too long');
}
