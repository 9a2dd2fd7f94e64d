import { type Emulator, findEmulator } from './emulator';
import { Proof } from './proof';

/*
 * What the seal costs: the same question to the same model in the same machine, sealed and in the clear, in turn. Prints; an
 * emulated processor has no instructions for AES, so its figures are no claim about hardware.
 */

const found = findEmulator();
const PAIRS = 40;

if (typeof found === 'string') {
  test.skip(`${found}`, () => {});
} else {
  describe('latency', () => {
    let proof: Proof;

    beforeAll(async () => {
      proof = await Proof.prepare(found as Emulator, { plain: true });
      await proof.start();
    });

    afterAll(() => proof?.stop());

    test.each([100, 65_536])('of %d bytes, sealed against plain', async (length) => {
      const { sealed, plain } = await proof.doors();
      const body = JSON.stringify({ instances: [Array(8).fill(0)], note: 'x'.repeat(length) });
      const client = proof.client({ url: sealed });
      const ask = {
        sealed: async () => (await client.invoke(body)).text(),
        plain: async () => (await fetch(`${plain}/invocations`, { method: 'POST', body })).text(),
      };
      expect(await ask.sealed()).toBe(await ask.plain());
      for (let warm = 0; warm < 60; warm += 1) {
        await ask.sealed();
        await ask.plain();
      }
      const times: Record<keyof typeof ask, number[]> = { sealed: [], plain: [] };
      for (let pair = 0; pair < PAIRS; pair += 1) {
        for (const way of ['sealed', 'plain'] as const) {
          const start = performance.now();
          await ask[way]();
          times[way].push(performance.now() - start);
        }
      }
      const [one, other] = [median(times.sealed), median(times.plain)];
      const text = `${length} bytes: sealed ${one.toFixed(1)} ms, plain ${other.toFixed(1)} ms, ratio ${(one / other).toFixed(2)}`;
      process.stdout.write(`${text}\n`);
      expect(one).toBeGreaterThan(0);
    });
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1];
}
