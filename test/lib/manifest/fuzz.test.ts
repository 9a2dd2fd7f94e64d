import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { MANIFEST_CODES, ManifestError, type Manifests } from '../../../lib/manifest';
import { Folder } from './folder';

const FILES = ['organization.yaml', 'exceptions.yaml', 'systems/credit-scoring.yaml', 'systems/support-assistant.yaml'];

let folder: Folder;
const originals = new Map<string, string>();
beforeAll(() => {
  folder = new Folder();
  for (const file of FILES) {
    originals.set(file, readFileSync(folder.file(file), 'utf8'));
  }
});
afterAll(() => folder.remove());

/** Whatever stands in `file`: manifests, or one error that lists coded errors. */
function loadWith(file: string, content: string | Uint8Array): Manifests | ManifestError {
  folder.write(file, content);
  try {
    return folder.load();
  } catch (error) {
    expect(error).toBeInstanceOf(ManifestError);
    const { errors } = error as ManifestError;
    expect(errors.length).toBeGreaterThan(0);
    for (const { code, where, problem, fix } of errors) {
      expect(Object.keys(MANIFEST_CODES)).toContain(code);
      expect([where, problem, fix]).not.toContain('');
    }
    return error as ManifestError;
  } finally {
    folder.write(file, originals.get(file) ?? '');
  }
}

const anyFile = fc.constantFrom(...FILES);

test('any bytes give manifests or coded errors', () => {
  fc.assert(fc.property(anyFile, fc.uint8Array({ maxLength: 400 }), (file, bytes) => void loadWith(file, bytes)));
});

test('any text made of YAML signs gives manifests or coded errors', () => {
  const sign = fc.constantFrom(
    ...'[]{}:,-?!&*#|>%@`\'"\n\t a0.<=~\\',
    'exceptions',
    '__proto__',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
  );
  const text = fc.array(sign, { maxLength: 60 }).map((signs) => signs.join(''));
  fc.assert(
    fc.property(anyFile, text, (file, yaml) => void loadWith(file, yaml)),
    { numRuns: 200 },
  );
});

test('any value in any place gives manifests or coded errors', () => {
  const edits = fc.tuple(fc.nat(), fc.oneof(fc.jsonValue(), fc.constant('__proto__'), fc.constant(undefined)));
  fc.assert(
    fc.property(anyFile, fc.array(edits, { minLength: 1, maxLength: 4 }), (file, changes) => {
      const data = parse(originals.get(file) ?? '');
      for (const [pick, value] of changes) {
        const places = placesIn(data);
        const [holder, key] = places[pick % places.length] ?? [data, 'added'];
        if (value === undefined) {
          delete holder[key];
        } else {
          holder[key] = value;
        }
      }
      loadWith(file, stringify(data));
    }),
    { numRuns: 200 },
  );
});

/** Each key of each mapping and list, with the object that holds it. */
function placesIn(data: unknown): [Record<string, unknown>, string][] {
  if (typeof data !== 'object' || data === null) {
    return [];
  }
  const holder = data as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [
    [holder, key] as [Record<string, unknown>, string],
    ...placesIn(holder[key]),
  ]);
}

describe('hostile files end soon', () => {
  const hostile: [string, string][] = [
    ['deep nesting', `exceptions: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['deep nesting without an end', '- '.repeat(100_000)],
    ['many keys', Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['many entries', `exceptions: [${'1,'.repeat(100_000)}]`],
    ['a long word', `exceptions: ${'a-'.repeat(400_000)}`],
  ];
  test.each(hostile)(
    '%s',
    (_, yaml) => {
      expect(loadWith('exceptions.yaml', yaml)).toBeInstanceOf(ManifestError);
    },
    20_000,
  );

  test.each(['a', 'a.', 'a-', 'a@', '::', '[', 'a.a:'])(
    'a value of %p, repeated',
    (unit) => {
      const long = unit.repeat(100_000);
      for (const file of FILES) {
        const spoil = (value: unknown): unknown =>
          typeof value === 'string'
            ? long
            : Array.isArray(value)
              ? value.map(spoil)
              : typeof value === 'object' && value !== null
                ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spoil(inner)]))
                : value;
        const data = parse(originals.get(file) ?? '');
        const [key] = Object.keys(data).filter((name) => typeof data[name] === 'object');
        loadWith(file, stringify({ ...data, [key]: spoil(data[key]) }).slice(0, 1024 * 1024));
      }
    },
    20_000,
  );
});

test('loading writes nothing', () => {
  const before = readdirSync(folder.path, { recursive: true }).map(String).sort();
  loadWith('organization.yaml', 'name: 1');
  folder.load();
  expect(readdirSync(folder.path, { recursive: true }).map(String).sort()).toEqual(before);
  for (const [file, text] of originals) {
    expect(readFileSync(folder.file(file), 'utf8')).toBe(text);
  }
});
