import * as fc from 'fast-check';
import { type ApprovalDecision, decide } from '../../../lambda/model-approval/decide';
import { verifyPackage } from '../../../lambda/model-package-verification/verify-package';
import type { ModelPackage } from '../../../lambda/support/model-packages';
import { arnOf, BUCKET, DECIDER, GROUP, JANE, MemoryRegistry, PIPELINE, SAM, sha256 } from './memory-registry';

const RULES = { group: GROUP };
const APPROVED = { approvalStatus: 'Approved' };

/** A registered package, set to Approved by somebody, and decided. */
async function approvedBy(by: string | readonly string[], other: Partial<ModelPackage> = {}) {
  const registry = new MemoryRegistry();
  const arn = registry.register(1, other);
  registry.change(arn, by, APPROVED);
  const decision = await decide(arn, RULES, registry);
  return { registry, arn, decision };
}

function expectRejected(registry: MemoryRegistry, decision: ApprovalDecision, code: string): void {
  expect(decision).toMatchObject({ decision: 'rejected', code, reason: expect.stringContaining(code) });
  expect(registry.announced).toEqual([decision]);
  expect(registry.packages.get(decision.packageArn)).toMatchObject({
    approvalStatus: 'Rejected',
    approvalDescription: decision.reason,
  });
  expect(registry.parameter).toBe('none');
  expect(registry.signatures).toBe(0);
}

test('an approval by a second person is recorded, announced, and the one to deploy', async () => {
  const { registry, arn, decision } = await approvedBy(JANE);
  expect(decision).toEqual({
    packageArn: arn,
    decision: 'approved',
    decidedBy: JANE,
    decidedAt: registry.packages.get(arn)?.lastModifiedAt.toISOString(),
    artifactSha256: sha256('weights 1'),
  });
  expect(registry.announced).toEqual([decision]);
  expect(registry.parameter).toBe(arn);
  const record = await verifyPackage(arn, GROUP, registry, registry.signer);
  expect(record).toMatchObject({
    artifactSha256: sha256('weights 1'),
    requestedBy: SAM,
    approvedBy: JANE,
    approvedAt: registry.packages.get(arn)?.lastModifiedAt.toISOString(),
  });
});

describe('an approval is turned into a rejection', () => {
  test.each([
    ['by the requester', [SAM], {}, 'PALISADE-R102'],
    [
      'by the requester in another role',
      ['arn:aws:sts::111122223333:assumed-role/Approver/Sam@example.com'],
      {},
      'PALISADE-R102',
    ],
    ['by the requester behind another session name', [SAM, JANE], {}, 'PALISADE-R102'],
    ['by whoever created the package', [PIPELINE], {}, 'PALISADE-R102'],
    ['by nobody known', [], {}, 'PALISADE-R101'],
    ['of a package that nobody asked for', [JANE], { metadata: {} }, 'PALISADE-R101'],
    ['of a package in another group', [JANE], { group: 'prod-credit-scoring' }, 'PALISADE-R203'],
    ['without a container', [JANE], { containers: [] }, 'PALISADE-R201'],
    ['whose image was not written down', [JANE], { metadata: { 'palisade:requestedBy': SAM } }, 'PALISADE-R203'],
  ])('%s', async (_, by, other, code) => {
    const { registry, decision } = await approvedBy(by, other);
    expectRejected(registry, decision, code);
  });

  test.each([
    ['an image by tag', { image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/xgboost:latest' }, 'PALISADE-R201'],
    ['another image than was registered', { image: `evil@sha256:${'c'.repeat(64)}` }, 'PALISADE-R203'],
    ['variables for the container', { extended: true }, 'PALISADE-R201'],
    ['no artifact', { artifact: undefined }, 'PALISADE-R201'],
    ['an artifact outside the registry', { artifact: 's3://elsewhere/run-1/model.tar.gz' }, 'PALISADE-R202'],
    ['an artifact that is gone', { artifact: `s3://${BUCKET}/run-9/model.tar.gz` }, 'PALISADE-R203'],
  ])('of %s', async (_, container, code) => {
    const registry = new MemoryRegistry();
    const arn = registry.register(1);
    const [registered] = registry.packages.get(arn)?.containers ?? [];
    registry.change(arn, JANE, { ...APPROVED, containers: [{ ...registered, ...container }] });
    expectRejected(registry, await decide(arn, RULES, registry), code);
  });

  test('of an artifact that changed after registration, by any one byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (content) => {
        fc.pre(content !== 'weights 1');
        const registry = new MemoryRegistry();
        const arn = registry.register(1);
        registry.put('run-1/model.tar.gz', content);
        registry.change(arn, JANE, APPROVED);
        expectRejected(registry, await decide(arn, RULES, registry), 'PALISADE-R203');
      }),
    );
  });

  test('by somebody who was not appointed', async () => {
    const registry = new MemoryRegistry();
    const arn = registry.register(1);
    registry.change(arn, JANE, APPROVED);
    const rules = { ...RULES, approvers: ['mary@example.com'] };
    expectRejected(registry, await decide(arn, rules, registry), 'PALISADE-R106');
    registry.change(arn, 'mary@example.com', APPROVED);
    expect(await decide(arn, rules, registry)).toMatchObject({ decision: 'approved' });
  });
});

test('a package that is created as approved has no second person', async () => {
  const registry = new MemoryRegistry();
  const arn = registry.register(1, APPROVED);
  expectRejected(registry, await decide(arn, RULES, registry), 'PALISADE-R101');
});

test('a rejection by a person takes the model back and says why', async () => {
  const { registry, arn } = await approvedBy(JANE);
  registry.change(arn, JANE, { approvalStatus: 'Rejected', approvalDescription: 'drifts' });
  const decision = await decide(arn, RULES, registry);
  expect(decision).toEqual({
    packageArn: arn,
    decision: 'rejected',
    decidedBy: JANE,
    decidedAt: registry.packages.get(arn)?.lastModifiedAt.toISOString(),
    reason: 'drifts',
  });
  expect(registry.parameter).toBe('none');
  expect(registry.announced).toHaveLength(2);
});

describe('the ledger', () => {
  test('has an approval before it can be deployed, once, and what is announced', async () => {
    const { registry, arn, decision } = await approvedBy(JANE);
    expect(registry.recorded).toEqual([[decision, { signed: false }]]);
    await decide(arn, RULES, registry);
    expect(registry.recorded).toHaveLength(1);
    expect(registry.announced).toEqual([decision, decision]);
  });

  test('has rejections and withdrawals, and nothing of what waits', async () => {
    const { registry, arn } = await approvedBy(JANE);
    registry.change(arn, JANE, { approvalStatus: 'PendingManualApproval' });
    await decide(arn, RULES, registry);
    await decide(registry.register(2), RULES, registry);
    registry.change(arn, SAM, APPROVED);
    await decide(arn, RULES, registry);
    expect(registry.recorded.map(([{ decision }]) => decision)).toEqual(['approved', 'withdrawn', 'rejected']);
  });

  test('that takes nothing keeps a model from being deployed', async () => {
    const registry = new MemoryRegistry();
    const arn = registry.register(1);
    registry.change(arn, JANE, APPROVED);
    registry.record = () => Promise.reject(new Error('no ledger'));
    await expect(decide(arn, RULES, registry)).rejects.toThrow('no ledger');
    expect([registry.parameter, registry.signatures, registry.announced]).toEqual(['none', 0, []]);
  });
});

test('an approval that is taken back is withdrawn, and stays so; a package that waits is no decision', async () => {
  const { registry, arn } = await approvedBy(JANE);
  registry.change(arn, JANE, { approvalStatus: 'PendingManualApproval' });
  const withdrawn = await decide(arn, RULES, registry);
  expect([withdrawn.decision, registry.parameter]).toEqual(['withdrawn', 'none']);
  expect(await decide(arn, RULES, registry)).toEqual(withdrawn);
  expect(await decide(registry.register(2), RULES, registry)).toMatchObject({ decision: 'pending' });
  expect(registry.announced.map(({ decision }) => decision)).toEqual(['approved', 'withdrawn', 'withdrawn']);
});

test('the rejection of one package leaves another deployed', async () => {
  const { registry, arn } = await approvedBy(JANE);
  const other = registry.register(2);
  registry.change(other, SAM, APPROVED);
  expect(await decide(other, RULES, registry)).toMatchObject({ code: 'PALISADE-R102' });
  expect(registry.parameter).toBe(arn);
});

test('a deployed package that its requester approves again is taken back', async () => {
  const { registry, arn } = await approvedBy(JANE);
  registry.change(arn, SAM, APPROVED);
  expect(await decide(arn, RULES, registry)).toMatchObject({ code: 'PALISADE-R102' });
  expect(registry.parameter).toBe('none');
});

test('a repeated event signs nothing again and does not bring an older model back', async () => {
  const { registry, arn } = await approvedBy(JANE);
  const newer = registry.register(2);
  registry.change(newer, JANE, APPROVED);
  await decide(newer, RULES, registry);
  await decide(arn, RULES, registry);
  expect(registry.parameter).toBe(newer);
  expect(registry.signatures).toBe(2);
});

test('an older model that is approved again is the one to deploy', async () => {
  const { registry, arn } = await approvedBy(JANE);
  const newer = registry.register(2);
  registry.change(newer, JANE, APPROVED);
  await decide(newer, RULES, registry);
  registry.change(arn, JANE, APPROVED);
  await decide(arn, RULES, registry);
  expect(registry.parameter).toBe(arn);
});

test.each(['describe', 'digest', 'stored', 'appoint', 'store', 'announce'] as const)(
  'a failure of %s rejects nothing, and the next event finishes the decision',
  async (effect) => {
    const registry = new MemoryRegistry();
    const arn = registry.register(1);
    registry.change(arn, JANE, APPROVED);
    jest.spyOn(registry, effect).mockRejectedValueOnce(new Error('throttled'));
    await expect(decide(arn, RULES, registry)).rejects.toThrow('throttled');
    expect(registry.packages.get(arn)?.approvalStatus).toBe('Approved');
    expect(await decide(arn, RULES, registry)).toMatchObject({ decision: 'approved' });
    expect(registry.parameter).toBe(arn);
    expect(await verifyPackage(arn, GROUP, registry, registry.signer)).toMatchObject({ packageArn: arn });
    expect(registry.announced).toHaveLength(1);
  },
);

test('whatever people do and however events arrive, only what a second person approved last is deployed', async () => {
  const version = fc.constantFrom(1, 2);
  const step = fc.oneof(
    fc.record({ kind: fc.constant('event' as const), version }),
    fc.record({
      kind: fc.constant('change' as const),
      version,
      by: fc.constantFrom(SAM, JANE, PIPELINE, DECIDER, ''),
      approvalStatus: fc.constantFrom('Approved', 'Rejected', 'PendingManualApproval'),
    }),
    fc.record({ kind: fc.constant('artifact' as const), version, content: fc.constantFrom('weights 1', 'other') }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const registry = new MemoryRegistry();
      registry.register(1);
      registry.register(2);
      for (const one of steps) {
        const arn = arnOf(one.version);
        if (one.kind === 'change') {
          registry.change(arn, one.by, { approvalStatus: one.approvalStatus });
        } else if (one.kind === 'artifact') {
          registry.put(`run-${one.version}/model.tar.gz`, one.content);
        } else {
          await decide(arn, RULES, registry);
        }
      }
      // SageMaker delivers at least one event after the last change of each package.
      await decide(arnOf(1), RULES, registry);
      await decide(arnOf(2), RULES, registry);
      if (registry.parameter !== 'none') {
        const found = registry.packages.get(registry.parameter);
        expect(found?.approvalStatus).toBe('Approved');
        expect(found?.lastModifiedBy).not.toEqual([SAM]);
        expect(found?.lastModifiedBy).not.toEqual([PIPELINE]);
        const record = await verifyPackage(registry.parameter, GROUP, registry, registry.signer);
        expect(record.artifactSha256).toBe(found?.metadata['palisade:artifactSha256']);
      }
    }),
  );
});
