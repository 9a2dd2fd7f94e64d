import { type Emulator, findEmulator } from './emulator';
import { predict, train, VITAL_SIGNS } from './model/train';
import { Proof } from './proof';

/*
 * The whole way, emulated: a client attests an enclave, seals a question, and gets the answer of a model whose weights nobody
 * outside has seen. docs/enclave-proof.md says what of it carries over to real hardware.
 */

const found = findEmulator();
const weights = train();
const patient = (row: number) => VITAL_SIGNS.map((_, index) => ((index * 7 + row * 3) % 9) / 2 - 2);
const question = (row: number, note?: string) => JSON.stringify({ instances: [patient(row)], note });

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

    test('a client attests, asks, and gets the right prediction', async () => {
      const client = proof.client();
      const response = await client.invoke(question(1), { accept: 'application/json' });
      expectAnswer(await response.text(), 1);
      expect(proof.service.decisions).toEqual(['Allowed']);
    });
  });
}
