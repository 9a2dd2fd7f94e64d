import fc from 'fast-check';
import { scanArtifact } from '../../../runtime/artifact-scan';
import { mutated, SAMPLES, seeded } from './samples';
import { streamOf } from './support';

test('every sample has the verdict that it is there for', async () => {
  const verdicts: Record<string, number> = {};
  for (const sample of SAMPLES) {
    const { verdict } = await scanArtifact(streamOf(sample));
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  }
  // Six of os.system and the zip that holds it; six of mymodel, ONNX with external data, and the array of objects.
  expect(verdicts).toEqual({ safe: SAMPLES.length - 15, unsafe: 7, unknown: 8 });
});

test('a changed file of any format gets a verdict, and the same however the stream is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 300 }), async (seed, chunk) => {
      const content = mutated(SAMPLES, seeded(seed));
      const whole = await scanArtifact(streamOf(content));
      expect(['safe', 'unsafe', 'unknown']).toContain(whole.verdict);
      expect(whole.verdict === 'safe').toBe(whole.findings.length === 0);
      expect((await scanArtifact(streamOf(content, chunk))).verdict).toBe(whole.verdict);
    }),
    { numRuns: 600 },
  );
});
