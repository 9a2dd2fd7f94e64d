import * as z from 'zod';
import { type CanonicalValue, canonicalJson } from '../integrity';
import { fault } from './fault';
import { isExpression, isListed } from './licence';

/** Longest bill, in characters: some ten thousand parts. */
const MAXIMUM_LENGTH = 4 * 1024 * 1024;

const text = z.string().min(1).max(4096);
const hashes = z
  .array(z.strictObject({ alg: z.literal('SHA-256'), content: z.string().regex(/^[0-9a-f]{64}$/) }))
  .length(1);
const licence = z.union([
  z.strictObject({
    license: z.union([
      z.strictObject({ id: text.refine(isListed, 'is not listed by SPDX') }),
      z.strictObject({ name: text }),
    ]),
  }),
  z.strictObject({ expression: text.refine(isExpression, 'is no expression of listed licences') }),
]);
const licenses = z.array(licence).length(1);
const reference = z.strictObject({ ref: text });
const named = { 'bom-ref': text, name: text, version: text };

const model = z.strictObject({
  type: z.literal('machine-learning-model'),
  ...named,
  hashes,
  modelCard: z
    .strictObject({
      modelParameters: z.strictObject({ task: text.optional(), datasets: z.array(reference) }),
      quantitativeAnalysis: z.strictObject({
        performanceMetrics: z.array(z.strictObject({ type: text, value: text })),
      }),
    })
    .optional(),
  licenses: licenses.optional(),
  externalReferences: z
    .array(z.strictObject({ type: z.literal('distribution'), url: z.url({ protocol: /^https$/ }), hashes }))
    .length(1)
    .optional(),
});

const data = z.strictObject({
  type: z.literal('data'),
  ...named,
  hashes,
  data: z.array(z.strictObject({ type: z.literal('dataset'), name: text, classification: text.optional() })).length(1),
});

const container = z.strictObject({ type: z.literal('container'), ...named, hashes });

const library = z.strictObject({
  type: z.literal('library'),
  ...named,
  purl: z.string().regex(/^pkg:[a-z][a-z0-9.+-]*\/\S+@\S+$/, 'is no package URL with a version'),
  licenses: licenses.optional(),
});

const parameter = z.strictObject({ name: text, value: z.string().optional(), dataType: text.optional() });

const workflow = z.strictObject({
  'bom-ref': text,
  uid: text,
  name: z.literal('training'),
  taskTypes: z.tuple([z.literal('build')]),
  inputs: z.array(
    z.union([z.strictObject({ resource: reference }), z.strictObject({ parameters: z.array(parameter).min(1) })]),
  ),
  outputs: z.array(z.strictObject({ type: z.literal('artifact'), resource: reference })).length(1),
  properties: z.array(z.strictObject({ name: text, value: text })),
});

const schema = z.strictObject({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.enum(['1.6', '1.7']),
  version: z.literal(1),
  metadata: z.strictObject({ timestamp: z.iso.datetime({ precision: 3 }).optional(), component: model }),
  components: z.array(z.discriminatedUnion('type', [model, data, container, library])),
  dependencies: z.array(z.strictObject({ ref: text, dependsOn: z.array(text) })).length(1),
  formulation: z.array(z.strictObject({ 'bom-ref': text, workflows: z.array(workflow).length(1) })).length(1),
});

/** An ML-BOM as this project writes it. */
export type ReadBill = z.infer<typeof schema>;

/**
 * Reads an ML-BOM that this project wrote, in the one form that it writes: canonical JSON, so that no name is there twice. Stricter than
 * CycloneDX's own schema, which the tests hold it against: nothing but what is written here, and every reference leads to a part.
 *
 * Throws PALISADE-S040 for another form, S041 for a reference that leads nowhere, or a name that two parts have.
 */
export function readBill(stored: string): ReadBill {
  if (stored.length > MAXIMUM_LENGTH) {
    throw malformed('bill of materials', `is longer than ${MAXIMUM_LENGTH} characters`);
  }
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    throw malformed('bill of materials', 'is no JSON');
  }
  const bill = checkBill(value);
  if (canonicalJson(bill as unknown as CanonicalValue) !== stored) {
    throw malformed('bill of materials', 'is not in its canonical form');
  }
  return bill;
}

/** Checks parts and references of an ML-BOM. Throws PALISADE-S040 and S041. */
export function checkBill(value: unknown): ReadBill {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw malformed(`bill of materials: ${path.join('.')}`, message);
  }
  requireReferences(parsed.data);
  return parsed.data;
}

function malformed(where: string, problem: string) {
  return fault('S040', where, problem, 'write it anew, with the parts that it has');
}

/** CycloneDX's schema does not look where references lead. */
function requireReferences({ metadata, components, dependencies, formulation }: ReadBill): void {
  const [{ workflows, 'bom-ref': formula }] = formulation;
  const names = [metadata.component, ...components, ...workflows].map((part) => part['bom-ref']).concat(formula);
  const known = new Set(names);
  if (known.size < names.length) {
    throw fault(
      'S041',
      'bill of materials',
      'two parts have one bom-ref',
      'give each part a name and version of its own',
    );
  }
  const referred = [
    ...dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]),
    ...(metadata.component.modelCard?.modelParameters.datasets ?? []).map(({ ref }) => ref),
    ...workflows.flatMap(({ inputs, outputs }) =>
      [...inputs, ...outputs].flatMap((each) => ('resource' in each ? [each.resource.ref] : [])),
    ),
  ];
  const lost = referred.find((ref) => !known.has(ref));
  if (lost !== undefined) {
    throw fault('S041', `bill of materials: ${lost}`, 'is referred to, and is not there', 'name the part too');
  }
}
