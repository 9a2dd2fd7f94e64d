import * as fc from 'fast-check';
import { parseHostSettings } from '../../../runtime/enclave-host';

const [PCR0, PCR1, PCR2] = ['0a', '1b', '2c'].map((byte) => byte.repeat(48));
const EIF = 'e1'.repeat(32);

const SETTINGS = {
  system: 'clinical-notes',
  stage: 'dev',
  region: 'eu-central-1',
  measurements: {
    system: 'clinical-notes',
    generations: [{ name: 'build-7', image: 'sha256:1d', eifSha256: EIF, builtOn: '2026-11-26', PCR0, PCR1, PCR2 }],
  },
  enclave: { image: '/opt/palisade/image.eif', imageSha256: EIF, cpus: 4, memoryMiB: 4096, cid: 16 },
  model: { file: '/opt/palisade/model.sealed', sha256: 'ab'.repeat(32) },
  keyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1',
  port: 8080,
  fleet: ['10.0.1.0/24'],
  maximumBody: 4_194_304,
  maximumConcurrency: 64,
  restartBudget: { restarts: 5, seconds: 3600 },
  metricNamespace: 'Palisade/dev/clinical-notes/Enclave',
  autoScaling: { group: 'fleet', terminationHook: 'terminate' },
  logGroup: 'hosts',
  records: { bucket: 'records', prefix: 'records/clinical-notes/' },
};

const parse = (settings: unknown) => parseHostSettings(JSON.stringify(settings), 'host.json');

test('reads what the construct wrote, measurements included', () => {
  const { measurements, ...rest } = parse(SETTINGS);
  expect(rest).toEqual({ ...SETTINGS, measurements: undefined });
  expect(measurements.generations[0]).toMatchObject({ name: 'build-7', pcr0: PCR0 });
});

test.each([
  ['text that is not JSON', () => parseHostSettings('{', 'host.json'), 'E450'],
  ['no settings', () => parse(null), 'E450'],
  ['a field more', () => parse({ ...SETTINGS, debug: true }), 'E450'],
  ['a relative image', () => parse({ ...SETTINGS, enclave: { ...SETTINGS.enclave, image: 'image.eif' } }), 'E450'],
  ['the CID of the parent', () => parse({ ...SETTINGS, enclave: { ...SETTINGS.enclave, cid: 3 } }), 'E450'],
  ['no fleet', () => parse({ ...SETTINGS, fleet: [] }), 'E450'],
  ['a prefix without end', () => parse({ ...SETTINGS, records: { ...SETTINGS.records, prefix: 'records' } }), 'E450'],
  ['no measurements', () => parse({ ...SETTINGS, measurements: undefined }), 'E450'],
  [
    'measurements of a debug enclave',
    () => {
      const [generation] = SETTINGS.measurements.generations;
      return parse({
        ...SETTINGS,
        measurements: { ...SETTINGS.measurements, generations: [{ ...generation, PCR0: '0'.repeat(96) }] },
      });
    },
    'E152',
  ],
])('refuses %s', (_what, read, code) => {
  expect(read).toThrow(expect.objectContaining({ code: `PALISADE-${code}` }));
});

test('whatever the text: settings, or a coded error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(() => parseHostSettings(text, 'host.json')).toThrow(/^PALISADE-E/);
    }),
  );
});
