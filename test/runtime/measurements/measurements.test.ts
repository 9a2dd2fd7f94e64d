import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { PalisadeError } from '../../../runtime/errors';
import { loadMeasurements, measurementsText, parseMeasurements } from '../../../runtime/measurements';

const pcr = (name: string) => createHash('sha384').update(name).digest('hex');
const build = (name: string) => ({
  name,
  image: `sha256:${'ab'.repeat(32)}`,
  eifSha256: createHash('sha256').update(name).digest('hex'),
  builtOn: '2026-11-26',
  PCR0: pcr(`${name} 0`),
  PCR1: pcr(`${name} 1`),
  PCR2: pcr(`${name} 2`),
});
const parse = (value: unknown) => parseMeasurements(JSON.stringify(value), 'x.json');
const file = (...generations: object[]) => ({ system: 'clinical-notes', generations });

test('generations keep their order, and a signer where there is one', () => {
  const signed = { ...build('2026-11'), PCR8: pcr('signer') };
  expect(parse(file(signed, build('2026-10')))).toEqual({
    system: 'clinical-notes',
    generations: [
      expect.objectContaining({ name: '2026-11', pcr0: pcr('2026-11 0'), pcr8: pcr('signer') }),
      expect.not.objectContaining({ pcr8: expect.anything() }),
    ],
  });
});

test.each<[string, string, object]>([
  ['no generation', 'E151', file()],
  ['too many generations', 'E151', file(...Array.from({ length: 11 }, (_, index) => build(`b${index}`)))],
  ['an unknown field', 'E151', { ...file(build('a')), more: 1 }],
  ['an unknown register', 'E151', file({ ...build('a'), PCR5: pcr('x') })],
  ['a missing register', 'E151', file({ ...build('a'), PCR2: undefined })],
  ['a short measurement', 'E151', file({ ...build('a'), PCR0: 'ab' })],
  ['upper case', 'E151', file({ ...build('a'), PCR0: pcr('x').toUpperCase() })],
  ['a day that is none', 'E151', file({ ...build('a'), builtOn: '2026-02-30' })],
  ['a system that is none', 'E151', { ...file(build('a')), system: 'Clinical Notes' }],
  ['zeros', 'E152', file(build('a'), { ...build('b'), PCR1: '0'.repeat(96) })],
  ['a signer of zeros', 'E152', file({ ...build('a'), PCR8: '0'.repeat(96) })],
  ['a name twice', 'E153', file(build('a'), { ...build('b'), name: 'a' })],
  ['an image twice', 'E153', file(build('a'), { ...build('b'), PCR0: pcr('a 0') })],
])('%s is refused', (_name, code, value) => {
  expect(() => parse(value)).toThrow(expect.objectContaining({ code: `PALISADE-${code}` }));
});

test('whatever the file holds, it is read or refused with a code', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(() => parseMeasurements(text, 'x.json')).toThrow(PalisadeError);
    }),
  );
});

test('a file that is not there is refused with its path', () => {
  const missing = path.join(os.tmpdir(), 'no-such-measurements.json');
  expect(() => loadMeasurements(missing)).toThrow(expect.objectContaining({ code: 'PALISADE-E150', where: missing }));
});

test('those in the repository are in order', () => {
  const folder = path.join(__dirname, '../../../enclave/measurements');
  for (const name of fs.readdirSync(folder).filter((entry) => entry.endsWith('.json'))) {
    expect(loadMeasurements(path.join(folder, name)).system).toBe(path.basename(name, '.json'));
  }
});

test('what is written is what is read', () => {
  const measurements = parse(file({ ...build('2026-11'), PCR8: pcr('signer') }, build('2026-10')));
  expect(parseMeasurements(measurementsText(measurements), 'x.json')).toEqual(measurements);
});
