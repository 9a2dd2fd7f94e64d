import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { verifyAttestation } from '../../../runtime/attestation';
import { CborTag, type CborValue, decodeCbor, encodeCbor } from '../../../runtime/cbor';
import { PalisadeError } from '../../../runtime/errors';
import { LocalNitro } from '../../support/attestation/local-nitro';

/** docs/attestation.md has the command of the long run. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 10_000);
const FOLDER = path.join(__dirname, '../../../../shared/data/attestation');
const NOW = new Date('2026-11-26T12:00:00Z');

interface Sample {
  readonly document: Uint8Array;
  readonly now: Date;
  readonly root?: Uint8Array;
}

const samples: Sample[] = [];
beforeAll(async () => {
  const nitro = await LocalNitro.create({ notBefore: NOW, notAfter: new Date(NOW.getTime() + 3_600_000) });
  samples.push({ document: nitro.document({ nonce: new Uint8Array(32) }), now: NOW, root: nitro.rootDer });
  for (const name of fs.existsSync(FOLDER) ? fs.readdirSync(FOLDER).filter((file) => file.endsWith('.bin')) : []) {
    const { timestamp } = JSON.parse(fs.readFileSync(path.join(FOLDER, name.replace(/bin$/, 'json')), 'utf8'));
    samples.push({ document: new Uint8Array(fs.readFileSync(path.join(FOLDER, name))), now: new Date(timestamp) });
  }
});

/** As lax as a policy can be, so that only the document itself can be at fault. */
function verify(document: Uint8Array, { now, root }: Sample): 'accepted' | 'refused' {
  try {
    verifyAttestation(document, { pcrs: 'any', allowDebug: true, rootForTests: root }, now);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof PalisadeError)) {
      throw error;
    }
    return 'refused';
  }
}

const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const sample = position.map((at) => () => samples[Math.floor(at * samples.length)]);

type Mutation = (document: Uint8Array, other: Uint8Array) => Uint8Array;

const at = (document: Uint8Array, where: number) => Math.floor(where * document.length);
const flip = fc.tuple(position, fc.nat(7)).map(
  ([where, bit]): Mutation =>
    (document) => {
      const changed = Uint8Array.from(document);
      changed[at(document, where)] ^= 1 << bit;
      return changed;
    },
);
const cut = position.map(
  (where): Mutation =>
    (document) =>
      document.subarray(0, at(document, where)),
);
const insert = fc.tuple(position, fc.uint8Array({ minLength: 1, maxLength: 40 })).map(
  ([where, added]): Mutation =>
    (document) => {
      const index = at(document, where);
      return Uint8Array.from([...document.subarray(0, index), ...added, ...document.subarray(index)]);
    },
);
const remove = fc.tuple(position, fc.integer({ min: 1, max: 40 })).map(
  ([where, count]): Mutation =>
    (document) => {
      const index = at(document, where);
      return Uint8Array.from([...document.subarray(0, index), ...document.subarray(index + count)]);
    },
);

/** Changes the message, or the payload within it, as values: what comes out is well-formed. */
const structured = fc.tuple(fc.nat(9), position).map(
  ([kind, where]): Mutation =>
    (document, other) => {
      const [parts, others] = [partsOf(document), partsOf(other)];
      const payload = new Map(payloadOf(parts));
      const names = [...payload.keys()];
      const name = names[Math.floor(where * names.length)];
      const withPayload = (bytes: Uint8Array) => encodeCbor([parts[0], parts[1], bytes, parts[3]]);
      switch (kind) {
        case 0:
          return encodeCbor([parts[0], parts[1], others[2], parts[3]]);
        case 1:
          return encodeCbor([parts[0], parts[1], parts[2], others[3]]);
        case 2:
          return withPayload(encodeCbor(payload.set(name, payloadOf(others).get(name) ?? null)));
        case 3:
          payload.delete(name);
          return withPayload(encodeCbor(payload));
        case 4:
          return withPayload(encodeCbor(new Map([...payload].reverse())));
        case 5:
          return withPayload(
            encodeCbor(payload.set('certificate', payloadOf(others).get('certificate') as Uint8Array)),
          );
        case 6:
          return withPayload(
            encodeCbor(payload.set('cabundle', [...(payload.get('cabundle') as CborValue[])].reverse())),
          );
        case 7:
          return encodeCbor([parts[0], new Map([[4, new Uint8Array(8)]]), parts[2], parts[3]]);
        case 8:
          return encodeCbor([encodeCbor(new Map([[1, -7]])), parts[1], parts[2], parts[3]]);
        default:
          return withPayload(reencoded(parts[2] as Uint8Array));
      }
    },
);

function partsOf(document: Uint8Array): readonly CborValue[] {
  return decodeCbor(document) as readonly CborValue[];
}

function payloadOf(parts: readonly CborValue[]): ReadonlyMap<string, CborValue> {
  return decodeCbor(parts[2] as Uint8Array, { indefiniteOutermostMap: true }) as ReadonlyMap<string, CborValue>;
}

/** The same map in the other of the two lengths. */
function reencoded(payload: Uint8Array): Uint8Array {
  return payload[0] === 0xbf
    ? encodeCbor(decodeCbor(payload, { indefiniteOutermostMap: true }))
    : Uint8Array.from([0xbf, ...payload.subarray(1), 0xff]);
}

test('a mutated document is refused, whatever was changed', () => {
  fc.assert(
    fc.property(sample, sample, fc.oneof(flip, cut, insert, remove, structured), (one, other, mutation) => {
      const chosen = one();
      const mutated = mutation(chosen.document, other().document);
      // The tag in front is the one change that means nothing.
      const unchanged = [chosen.document, Uint8Array.from([0xd2, ...chosen.document])].some((same) =>
        Buffer.from(mutated).equals(same),
      );
      expect(verify(mutated, chosen)).toBe(unchanged ? 'accepted' : 'refused');
    }),
    { numRuns: RUNS },
  );
});

test('bytes that are no document are refused, without another error and without much memory', () => {
  const before = process.memoryUsage().arrayBuffers;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc
          .uint8Array({ maxLength: 200 })
          .map((tail) => Uint8Array.from([0x84, 0x44, 0xa1, 0x01, 0x38, 0x22, 0xa0, ...tail])),
        fc.uint8Array({ minLength: 4, maxLength: 4 }).map((size) => Uint8Array.from([0x9a, ...size])),
      ),
      (input) => {
        expect(verify(input, samples[0])).toBe('refused');
      },
    ),
    { numRuns: RUNS },
  );
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
});

test('the tag may be added or left out', () => {
  for (const chosen of samples) {
    expect(verify(encodeCbor(new CborTag(18, decodeCbor(chosen.document))), chosen)).toBe('accepted');
  }
});
