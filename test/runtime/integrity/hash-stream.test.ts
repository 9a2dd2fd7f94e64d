import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { hashStream } from '../../../runtime/integrity';

test('the chunks in which content arrives have no effect', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(chunks, async (parts) => {
      const whole = Buffer.concat(parts);
      const stream = (async function* () {
        yield* parts;
      })();
      expect(await hashStream(stream)).toEqual({
        size: whole.length,
        sha256: createHash('sha256').update(whole).digest('hex'),
      });
    }),
  );
});

test('memory stays flat: 512 MiB pass through while the heap grows by less than 32 MiB', async () => {
  const chunk = Buffer.alloc(2 ** 20, 7);
  const stream = (async function* () {
    for (let index = 0; index < 512; index++) {
      yield chunk;
    }
  })();
  const before = process.memoryUsage().rss;
  const { size } = await hashStream(stream);
  expect(size).toBe(512 * 2 ** 20);
  expect(process.memoryUsage().rss - before).toBeLessThan(32 * 2 ** 20);
});
