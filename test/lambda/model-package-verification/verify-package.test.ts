import { decide } from '../../../lambda/model-approval/decide';
import { verifyPackage } from '../../../lambda/model-package-verification/verify-package';
import { LocalSigner } from '../../runtime/integrity/local-signer';
import { BUCKET, GROUP, JANE, MemoryRegistry, SAM, sha256 } from '../model-approval/memory-registry';

const MARY = 'arn:aws:sts::111122223333:assumed-role/Approver/mary@example.com';

async function approved(): Promise<{ registry: MemoryRegistry; arn: string }> {
  const registry = new MemoryRegistry();
  const arn = registry.register(1);
  registry.change(arn, JANE, { approvalStatus: 'Approved' });
  await decide(arn, { group: GROUP }, registry);
  return { registry, arn };
}

const refusal = (registry: MemoryRegistry, arn: string, group = GROUP, verifier = registry.signer) =>
  verifyPackage(arn, group, registry, verifier).then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  );

test('an approved package is deployed, with the SHA-256 of its artifact', async () => {
  const { registry, arn } = await approved();
  expect((await verifyPackage(arn, GROUP, registry, registry.signer)).artifactSha256).toBe(sha256('weights 1'));
});

test.each(['Rejected', 'PendingManualApproval', ''])('status %p is not deployed', async (approvalStatus) => {
  const { registry, arn } = await approved();
  registry.change(arn, JANE, { approvalStatus });
  expect(await refusal(registry, arn)).toBe('PALISADE-R204');
});

test('a package of another group is not deployed', async () => {
  const { registry, arn } = await approved();
  expect(await refusal(registry, arn, 'prod-credit-scoring')).toBe('PALISADE-R204');
});

test('a status without a record is not deployed', async () => {
  const registry = new MemoryRegistry();
  const arn = registry.register(1);
  registry.change(arn, JANE, { approvalStatus: 'Approved' });
  expect(await refusal(registry, arn)).toBe('PALISADE-R205');
});

test('an artifact that was written again is not deployed, even with the same content', async () => {
  const { registry, arn } = await approved();
  registry.put('run-1/model.tar.gz', 'weights 1');
  expect(await refusal(registry, arn)).toBe('PALISADE-R105');
});

test('an artifact that is gone is not deployed', async () => {
  const { registry, arn } = await approved();
  registry.objects.delete('run-1/model.tar.gz');
  expect(await refusal(registry, arn)).toBe('PALISADE-R205');
});

test.each([
  [{ image: `evil@sha256:${'c'.repeat(64)}` }, 'PALISADE-R105'],
  [{ artifact: `s3://${BUCKET}/run-2/model.tar.gz` }, 'PALISADE-R105'],
  [{ artifact: 's3://elsewhere/run-1/model.tar.gz' }, 'PALISADE-R202'],
  [{ extended: true }, 'PALISADE-R201'],
])('a container that is changed to %p afterwards is not deployed', async (change, code) => {
  const { registry, arn } = await approved();
  registry.register(2);
  const [container] = registry.packages.get(arn)?.containers ?? [];
  registry.change(arn, JANE, { containers: [{ ...container, ...change }] });
  expect(await refusal(registry, arn)).toBe(code);
});

test.each([SAM, MARY])('a package that %s changed since is not deployed until it is decided again', async (by) => {
  const { registry, arn } = await approved();
  registry.change(arn, by, {});
  expect(await refusal(registry, arn)).toBe('PALISADE-R105');
});

test('a record that another key signed is not deployed', async () => {
  const { registry, arn } = await approved();
  expect(await refusal(registry, arn, GROUP, new LocalSigner('key-1'))).toBe('PALISADE-R104');
});

test('the record of another package is not deployed', async () => {
  const { registry, arn } = await approved();
  const other = registry.register(2);
  registry.change(other, JANE, { approvalStatus: 'Approved' });
  registry.put(`approvals/${other}`, registry.objects.get(`approvals/${arn}`)?.content ?? '');
  expect(await refusal(registry, other)).toBe('PALISADE-R105');
});
