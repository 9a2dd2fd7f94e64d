import * as z from 'zod';
import { systemSchema } from './ai-system';
import { exceptionsSchema } from './exceptions';
import { organizationSchema } from './organization';

const SCHEMAS = {
  'exceptions.schema.json': exceptionsSchema,
  'organization.schema.json': organizationSchema,
  'system.schema.json': systemSchema,
} as const;

/**
 * The JSON Schemas (draft 7, which YAML editors know) of the manifests, by file name, as text. They know form; what
 * holds between two values only `loadManifests` checks.
 */
export function jsonSchemas(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([file, schema]) => {
      const json = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', reused: 'inline' });
      return [file, `${JSON.stringify(json, null, 2)}\n`];
    }),
  );
}
