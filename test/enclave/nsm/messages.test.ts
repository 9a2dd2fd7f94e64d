import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { openNsm } from '../../../enclave/nsm';
import {
  attestation,
  describe as describeNsm,
  describePcr,
  extendPcr,
  lockPcr,
  random,
} from '../../../enclave/nsm/messages';
import { type CborValue, decodeCbor, encodeCbor } from '../../../runtime/cbor';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const answer = (name: string, fields: Record<string, CborValue>) =>
  encodeCbor(new Map([[name, new Map(Object.entries(fields))]]));
const refused = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });

test('requests are what the driver takes', () => {
  expect(decodeCbor(random().request)).toBe('GetRandom');
  expect(decodeCbor(describeNsm().request)).toBe('DescribeNSM');
  expect(decodeCbor(lockPcr(16).request)).toEqual(new Map([['LockPCR', new Map([['index', 16]])]]));
  expect(decodeCbor(describePcr(0).request)).toEqual(new Map([['DescribePCR', new Map([['index', 0]])]]));
  expect(decodeCbor(extendPcr(16, bytes('x')).request)).toEqual(
    new Map([
      [
        'ExtendPCR',
        new Map<string, CborValue>([
          ['index', 16],
          ['data', bytes('x')],
        ]),
      ],
    ]),
  );
  const asked = decodeCbor(attestation({ nonce: bytes('n') }).request) as Map<string, Map<string, CborValue>>;
  expect(Object.fromEntries(asked.get('Attestation') ?? [])).toEqual({
    nonce: bytes('n'),
    user_data: null,
    public_key: null,
  });
});

test('answers are read', () => {
  expect(attestation({}).read(answer('Attestation', { document: bytes('d') }))).toEqual(bytes('d'));
  expect(random().read(answer('GetRandom', { random: bytes('r') }))).toEqual(bytes('r'));
  expect(describePcr(0).read(answer('DescribePCR', { lock: true, data: bytes('p') }))).toEqual({
    locked: true,
    value: bytes('p'),
  });
  expect(extendPcr(1, bytes('x')).read(answer('ExtendPCR', { data: bytes('p') }))).toEqual(bytes('p'));
  expect(lockPcr(1).read(encodeCbor('LockPCR'))).toBeUndefined();
  expect(
    describeNsm().read(
      answer('DescribeNSM', { module_id: 'i-1', digest: 'SHA384', max_pcrs: 32, locked_pcrs: [0, 1] }),
    ),
  ).toEqual({ moduleId: 'i-1', digest: 'SHA384', maximumPcrs: 32, lockedPcrs: [0, 1] });
});

test('an error of the module says which', () => {
  expect(() => lockPcr(0).read(encodeCbor(new Map([['Error', 'ReadOnlyIndex']])))).toThrow(/E312[\s\S]*ReadOnlyIndex/);
});

test.each<[string, Uint8Array]>([
  ['no CBOR', bytes('\xff')],
  ['another answer', answer('GetRandom', { random: bytes('r') })],
  [
    'two answers',
    encodeCbor(
      new Map([
        ['Attestation', new Map()],
        ['Error', 'x'],
      ] as never),
    ),
  ],
  ['no document', answer('Attestation', {})],
  ['a document that is text', answer('Attestation', { document: 'd' })],
  ['an empty document', answer('Attestation', { document: new Uint8Array() })],
])('%s is no answer to a request for a document', (_what, response) => {
  expect(() => attestation({}).read(response)).toThrow(refused('E313'));
});

test('whatever the bytes: an answer, or a coded error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (response) => {
      for (const { read } of [attestation({}), random(), describeNsm(), describePcr(0), extendPcr(0, response)]) {
        try {
          read(response);
        } catch (error) {
          expect((error as Error).message).toMatch(/^PALISADE-E31[23] /);
        }
      }
    }),
  );
});

test('an opened device is open to nobody else', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nsm-'));
  const device = path.join(folder, 'nsm');
  fs.writeFileSync(device, '', { mode: 0o666 });
  openNsm(device).close();
  expect(fs.statSync(device).mode & 0o777).toBe(0o600);
  fs.rmSync(folder, { recursive: true });
});

test('a machine without the device says so', () => {
  expect(() => openNsm('/nowhere/nsm')).toThrow(refused('E310'));
});
