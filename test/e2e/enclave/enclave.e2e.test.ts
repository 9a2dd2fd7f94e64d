import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { readEif } from '../../../enclave/image';
import { verifyAttestation } from '../../../runtime/attestation';
import { identityOf, SEALED, type SealedRequest, sealRequest } from '../../../runtime/enclave-channel';
import { receiptText, sha256Hex } from '../../../runtime/receipt';
import { type Emulator, findEmulator } from './emulator';
import { holds } from './memory';
import { modelFile, predict, train, VITAL_SIGNS } from './model/train';
import { Proof, SYSTEM } from './proof';
import { withOneByteChanged } from './tamper';

/*
 * The whole way, emulated: a client attests an enclave, seals a question, and gets the answer of a model whose weights nobody
 * outside has seen. docs/enclave-proof.md says what of it carries over to real hardware.
 */

const found = findEmulator();
const weights = train();
const patient = (row: number) => VITAL_SIGNS.map((_, index) => ((index * 7 + row * 3) % 9) / 2 - 2);
const question = (row: number, note?: string) => JSON.stringify({ instances: [patient(row)], note });
const HEAD = { method: 'POST', path: '/invocations', headers: {} };

/** The prediction is the one of the weights themselves. */
function expectAnswer(text: string, row: number): void {
  const { predictions } = JSON.parse(text) as { predictions: number[][] };
  predict(weights, patient(row)).forEach((value, out) => {
    expect(predictions[0][out]).toBeCloseTo(value, 4);
  });
}

if (typeof found === 'string') {
  test.skip(`${found}`, () => {});
} else {
  describe('attested inference', () => {
    let proof: Proof;

    beforeAll(async () => {
      proof = await Proof.prepare(found as Emulator);
      await proof.start();
    });

    afterAll(() => proof?.stop());

    /** Past the client: what an attacker between the two can send. */
    const send = (body: Uint8Array) =>
      fetch(`${proof.url}/invocations`, { method: 'POST', headers: { 'content-type': SEALED }, body });

    async function sealed(body = question(1)): Promise<SealedRequest> {
      const answer = await fetch(`${proof.url}/attestation?nonce=${randomBytes(32).toString('hex')}`);
      const claims = verifyAttestation(
        new Uint8Array(await answer.arrayBuffer()),
        { pcrs: [{ 0: proof.guest.measurements.PCR0 }], rootForTests: proof.nitro.rootDer },
        new Date(),
      );
      const { publicKey } = identityOf(claims);
      return sealRequest({ publicKey, system: SYSTEM, head: HEAD, body: Buffer.from(body), time: Date.now() });
    }

    const refusal = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];

    test('a client attests, asks, and gets the right prediction; KMS was asked once', async () => {
      const response = await proof.client().invoke(question(1), { accept: 'application/json' });
      expectAnswer(await response.text(), 1);
      expect(proof.service.decisions).toEqual(['Allowed']);
    });

    test('the parent calls its enclave healthy, since it proved itself', async () => {
      // At the next challenge, ten seconds after the last at most.
      while ((await fetch(`${proof.url}/health`)).status !== 200) {
        await wait(200);
      }
      expect((await fetch(`${proof.url}/proved`)).status).toBe(200);
    });

    test('nobody between reads the question, the answer or the weights', async () => {
      const canary = `CANARY-${randomBytes(16).toString('hex')}`;
      const response = await proof.client().invoke(question(2, canary));
      expect(await response.text()).toContain(canary);
      const secrets = [Buffer.from(canary), Buffer.from(modelFile(weights)).subarray(200, 264)];
      const host = proof.host?.pid as number;
      expect(proof.carried.length).toBeGreaterThan(10_000);
      for (const secret of secrets) {
        // The search finds what is there: the machine's own memory has it.
        expect(holds(proof.machine?.pid as number, secret)).toBe(true);
        expect(holds(host, secret)).toBe(false);
        expect(proof.carried.includes(secret)).toBe(false);
      }
      expect(proof.hostLog).not.toContain(canary);
      // Credentials do pass there: the search finds those as well.
      expect(holds(host, Buffer.from('ASIAEXAMPLE'))).toBe(true);
      expect(proof.carried.includes('ASIAEXAMPLE')).toBe(true);
    });

    test('answers carry receipts that verify, and the parent has recorded them before', async () => {
      const client = proof.client({ receipts: true });
      const response = await client.invoke(question(3));
      await response.text();
      const { receipt } = await client.receiptOf(response);
      expect(receipt.statement).toMatchObject({
        system: SYSTEM,
        model: proof.modelDigest,
        pcr0: proof.guest.measurements.PCR0,
      });
      expect(proof.receipts).toContainEqual({
        requestId: receipt.statement.requestId,
        receiptSha256: sha256Hex(new TextEncoder().encode(receiptText(receipt))),
        time: expect.any(String),
      });
    });

    test('what is sent twice, cut off, reordered or altered is refused', async () => {
      const { bytes, open } = await sealed(question(1, 'x'.repeat(200_000)));
      const first = await send(bytes);
      expect(first.status).toBe(200);
      expect((await open(first.body as never)).head.status).toBe(200);
      expect(await refusal(await send(bytes))).toEqual([409, 'PALISADE-E203']);
      const long = () => sealed(question(1, 'x'.repeat(200_000)));
      expect(await refusal(await send((await long()).bytes.subarray(0, -20)))).toEqual([400, 'PALISADE-E207']);
      const other = await long();
      // Two full chunks of the body, the one in the place of the other.
      const head = 73 + 5 + Buffer.from(other.bytes).readUInt32BE(74);
      const chunk = 5 + 65_536 + 16;
      const reordered = Buffer.from(other.bytes);
      reordered.set(other.bytes.subarray(head + chunk, head + 2 * chunk), head);
      reordered.set(other.bytes.subarray(head, head + chunk), head + chunk);
      expect(await refusal(await send(reordered))).toEqual([400, 'PALISADE-E206']);
      const altered = Buffer.from((await sealed()).bytes);
      altered[altered.length - 30] ^= 1;
      expect(await refusal(await send(altered))).toEqual([400, 'PALISADE-E206']);
    });

    test('a part of one session is no part of another', async () => {
      const [one, other] = [await sealed(), await sealed()];
      const header = 73;
      const mixed = Buffer.concat([one.bytes.subarray(0, header), other.bytes.subarray(header)]);
      expect(await refusal(await send(mixed))).toEqual([400, 'PALISADE-E206']);
      const answer = await send(one.bytes);
      await expect(other.open(answer.body as never)).rejects.toThrow(/E206/);
    });

    test('a debug enclave is refused by client and key policy', async () => {
      proof.debug = true;
      await expect(proof.client().attest()).rejects.toEqual(expect.objectContaining({ code: 'PALISADE-E012' }));
      proof.debug = false;
      const { policies } = proof.service;
      const zero = '0'.repeat(96);
      const document = { ImageSha384: zero, PCR0: zero, PCR1: zero, PCR2: zero, PCR3: zero };
      const context = { system: SYSTEM, purpose: 'model' };
      const decision = await policies.decide({ caller: 'parent', action: 'kms:Decrypt', context, document });
      expect(decision).toBe('ExplicitlyDenied');
    });

    test('a thousand requests one after the other, and 32 at once, are right', async () => {
      const client = proof.client();
      for (let row = 0; row < 1000; row += 1) {
        expectAnswer(await (await client.invoke(question(row))).text(), row);
      }
      const rows = Array.from({ length: 32 }, (_, row) => row);
      const answers = await Promise.all(rows.map(async (row) => (await client.invoke(question(row))).text()));
      answers.forEach((text, row) => {
        expectAnswer(text, row);
      });
    });

    test('an enclave that is killed in the middle of a request ends it cleanly, and the client finds the next one', async () => {
      const client = proof.client();
      const before = await client.attest();
      const left = await sealed();
      const decisions = proof.service.decisions.length;
      const asking = client.invoke(question(1, 'x'.repeat(2_000_000))).then((response) => response.text());
      await proof.machine?.kill();
      await expect(asking).rejects.toEqual(expect.objectContaining({ code: expect.stringMatching(/^PALISADE-E2/) }));
      await expect(client.invoke(question(1))).rejects.toEqual(
        expect.objectContaining({ code: expect.stringMatching(/^PALISADE-E2/) }),
      );
      await proof.start();
      expectAnswer(await (await client.invoke(question(5))).text(), 5);
      expect(Buffer.from((await client.attest()).publicKey).equals(before.publicKey)).toBe(false);
      expect(proof.service.decisions.slice(decisions)).toEqual(['Allowed']);
      // What was sealed to the enclave that is gone, nobody opens any more.
      expect(await refusal(await send(left.bytes))).toEqual([410, 'PALISADE-E201']);
    });

    test('one byte of the image changed: it measures differently, KMS refuses, and it never serves', async () => {
      const eif = proof.file('changed.eif');
      withOneByteChanged(proof.guest.eif, eif, 'init: ended with');
      const { measurements } = await readEif(eif);
      expect(measurements.PCR0).not.toBe(proof.guest.measurements.PCR0);
      const decisions = proof.service.decisions.length;
      await expect(proof.start({ eif })).rejects.toThrow(/PALISADE-E332/);
      expect(proof.service.decisions.slice(decisions)).toEqual(['ExplicitlyDenied']);
    });

    test('the same image on an instance of another role gets no key', async () => {
      const decisions = proof.service.decisions.length;
      const parentRole = 'arn:aws:iam::111122223333:role/other';
      await expect(proof.start({ parentRole })).rejects.toThrow(/PALISADE-E332/);
      expect(proof.service.decisions.slice(decisions)).toEqual(['ExplicitlyDenied']);
    });
  });
}
