import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { classifyImpact, IMPACT_TIERS, jsonSchemas, loadManifests, MANIFEST_CODES } from '../../../lib/manifest';
import { AS_OF, SHIPPED } from './folder';

const SCHEMA_OF: Record<string, string> = {
  'organization.yaml': 'organization.schema.json',
  'exceptions.yaml': 'exceptions.schema.json',
  'systems/clinical-notes.yaml': 'system.schema.json',
  'systems/credit-scoring.yaml': 'system.schema.json',
  'systems/support-assistant.yaml': 'system.schema.json',
};
const read = (file: string) => readFileSync(path.join(SHIPPED, file), 'utf8');
const manifests = loadManifests(SHIPPED, { asOf: AS_OF });
const system = (id: string) => manifests.systems.find((candidate) => candidate.id === id);

describe('the manifests that ship', () => {
  test('declare three AI systems, sorted by id', () => {
    expect(manifests.systems.map(({ id }) => id)).toEqual(['clinical-notes', 'credit-scoring', 'support-assistant']);
    expect(readdirSync(path.join(SHIPPED, 'systems'))).toHaveLength(3);
  });

  test('each declares the tier that its answers give', () => {
    expect(manifests.systems.map(({ impact }) => impact.tier)).toEqual(['high', 'high', 'limited']);
    for (const { impact } of manifests.systems) {
      expect(classifyImpact(impact).tier).toBe(impact.tier);
    }
  });

  test('credit scoring is trained and served by SageMaker in dev and prod', () => {
    expect(system('credit-scoring')).toMatchObject({
      model: { source: 'trained' },
      serving: { kind: 'sagemaker-endpoint' },
      stages: { dev: { approvals: [] }, prod: { approvals: [{}, {}] } },
    });
  });

  test('the support assistant stays within the Regions of its profile, which are allowed', () => {
    expect(system('support-assistant')?.model).toEqual({
      source: 'bedrock',
      modelId: 'amazon.nova-lite-v1:0',
      inferenceProfile: {
        id: 'eu.amazon.nova-lite-v1:0',
        regions: ['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-3'],
      },
    });
  });

  test('clinical notes are served from enclaves, in dev', () => {
    expect(system('clinical-notes')).toMatchObject({ serving: { kind: 'enclave' }, stages: { dev: {} } });
  });

  test('dev can be cleaned up, prod keeps its evidence', () => {
    expect(manifests.organization.stages).toMatchObject({
      dev: { region: 'eu-west-1', removal: 'destroy', objectLock: { mode: 'governance', days: 1 } },
      prod: { region: 'eu-west-1', removal: 'retain', objectLock: { mode: 'compliance', days: 1096 } },
    });
  });

  test('stages come in the order in which a change passes through them', () => {
    expect(Object.keys(manifests.organization.stages)).toEqual(['dev', 'prod']);
  });

  test('the same files give the same value, whatever the way to the folder', () => {
    const again = loadManifests(path.relative(process.cwd(), SHIPPED), { asOf: AS_OF });
    expect(JSON.stringify(again)).toBe(JSON.stringify(manifests));
  });
});

describe('editor schemas', () => {
  test.each(Object.entries(jsonSchemas()))(
    '%s is what the code generates (node scripts/generate-schemas.mjs)',
    (file, text) => {
      expect(read(file)).toBe(text);
    },
  );

  test.each(Object.entries(SCHEMA_OF))('%s names its schema and meets it', (file, schema) => {
    const [firstLine] = read(file).split('\n');
    const relative = path.posix.relative(path.posix.dirname(file), schema);
    expect(firstLine).toBe(`# yaml-language-server: $schema=${relative.startsWith('.') ? relative : `./${relative}`}`);
    const validate = new Ajv({ validateFormats: false, strictTypes: false }).compile(JSON.parse(read(schema)));
    expect(validate(parse(read(file))) || validate.errors).toBe(true);
  });

  test('a misspelt key is an error in the editor too', () => {
    const validate = new Ajv({ validateFormats: false, strictTypes: false }).compile(
      JSON.parse(read('system.schema.json')),
    );
    const data = parse(read('systems/credit-scoring.yaml'));
    expect(validate({ ...data, governance: { own: 1 } })).toBe(true);
    expect(validate({ ...data, intendeduse: 'x' })).toBe(false);
  });
});

describe('docs/manifests.md', () => {
  const page = readFileSync(path.resolve(SHIPPED, '../docs/manifests.md'), 'utf8');

  test('lists each code with its meaning', () => {
    const listed = [...page.matchAll(/^\| `(PALISADE-M\d{3})` \| (.*?) *\|$/gm)].map(([, code, meaning]) => [
      code,
      meaning,
    ]);
    expect(Object.fromEntries(listed)).toEqual(MANIFEST_CODES);
  });

  test('names each top-level field', () => {
    for (const text of Object.values(jsonSchemas())) {
      for (const field of Object.keys(JSON.parse(text).properties)) {
        expect(page).toContain(`\`${field}\``);
      }
    }
  });

  test('names each tier', () => {
    expect(IMPACT_TIERS.filter((tier) => !page.includes(tier))).toEqual([]);
  });
});
