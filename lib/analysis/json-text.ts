import { Opaque } from './opaque';

/** What a property holds that takes JSON as text or as an object; `Opaque` for text that is not JSON. */
export function valueOfJson(value: unknown): unknown {
  if (typeof value !== 'string') {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    return new Opaque('text that is not JSON');
  }
}

/** The same of the definition of a workflow, which a template may also keep elsewhere. */
export function workflowDefinition(value: unknown): unknown {
  return value === undefined || value === null ? new Opaque('no definition in the template') : valueOfJson(value);
}
