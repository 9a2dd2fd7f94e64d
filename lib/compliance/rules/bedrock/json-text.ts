import { Opaque } from '../../../analysis';

/** What a property holds that takes JSON as text or as an object; `Opaque` where that cannot be read. */
export function jsonOf(value: unknown): unknown {
  if (typeof value !== 'string') {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    return new Opaque('text that is not JSON');
  }
}
