import * as fc from 'fast-check';
import { EnclavePin, pcr3Of } from '../../../constructs/attested-key';
import type { PolicyDocument } from '../../../lib/analysis';
import { type Caller, KeyPolicies, type KeyRequest } from './decide';
import { attestedKey, generation, measure } from './key';

/*
 * The gate as a whole: every request against what the gate is meant to be, and each of its statements against its loss.
 */

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
const PCR3 = pcr3Of('arn:aws:iam::111122223333:role/clinical-notes-enclave-host');
const GENERATIONS = ['old', 'new'].map(generation);

const CALLERS: Caller[] = ['administrator', 'deployment', 'otherAccount', 'parent', 'publisher', 'root', 'stranger'];
const WITH_CONTEXT = [
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyPair',
  'kms:GenerateDataKeyWithoutPlaintext',
];
const ATTESTABLE = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair'];
const OTHER = [
  'kms:CreateGrant',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:PutKeyPolicy',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:ReplicateKey',
  'kms:ScheduleKeyDeletion',
];

/** What the gate is meant to be. */
function mayBe({ caller, action, context = {}, document = {} }: KeyRequest, pin: EnclavePin): boolean {
  const inContext = context.system === 'clinical-notes' && context.purpose === 'model';
  const pinned = pin === EnclavePin.IMAGE ? (['pcr0'] as const) : (['pcr1', 'pcr2', 'pcr8'] as const);
  const attested =
    document.PCR3 === PCR3 &&
    GENERATIONS.some((known) => pinned.every((pcr) => document[pcr.toUpperCase()] === known[pcr]));
  switch (action) {
    case 'kms:Decrypt':
    case 'kms:GenerateDataKey':
      return caller === 'parent' && inContext && attested;
    case 'kms:Encrypt':
      return caller === 'publisher' && inContext;
    case 'kms:PutKeyPolicy':
      return caller === 'deployment';
    case 'kms:DescribeKey':
    case 'kms:DisableKey':
    case 'kms:ScheduleKeyDeletion':
      return ['administrator', 'deployment', 'root'].includes(caller);
    default:
      return false;
  }
}

/** Documents from the right parts and wrong ones, as hypervisors sign them: ImageSha384 is PCR0. */
const documents = fc
  .record(
    Object.fromEntries(
      (['pcr0', 'pcr1', 'pcr2', 'pcr8'] as const).map((pcr) => [
        pcr.toUpperCase(),
        fc.constantFrom(...GENERATIONS.map((known) => known[pcr] as string), measure('other'), '0'.repeat(96)),
      ]),
    ),
    { requiredKeys: [] },
  )
  .chain((document) =>
    fc.constantFrom(PCR3, measure('other role')).map((PCR3) => ({
      ...document,
      PCR3,
      ...(document.PCR0 !== undefined && { ImageSha384: document.PCR0 }),
    })),
  ) as fc.Arbitrary<Record<string, string>>;

/** Mostly what may be allowed: what is wrong everywhere proves little. */
const often = <T>(right: T, ...others: T[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(right) }, fc.constantFrom(...others));

const requests: fc.Arbitrary<KeyRequest> = fc.constantFrom(...WITH_CONTEXT, ...OTHER, ...ATTESTABLE).chain((action) =>
  fc.record({
    action: fc.constant(action),
    caller: often<Caller>('parent', ...CALLERS),
    context: WITH_CONTEXT.includes(action)
      ? fc.record(
          {
            system: often('clinical-notes', 'credit-scoring', 'Clinical-Notes'),
            purpose: often('model', 'records', ''),
            other: fc.constant('pair'),
          },
          { requiredKeys: [] },
        )
      : fc.constant({}),
    document: ATTESTABLE.includes(action) ? fc.oneof(documents, fc.constant({})) : fc.constant({}),
  }),
) as fc.Arbitrary<KeyRequest>;

describe.each([EnclavePin.IMAGE, EnclavePin.SIGNER])('pinned by %s', (pin) => {
  const policies = new KeyPolicies(attestedKey({ pin }).app);
  const right = {
    caller: 'parent',
    action: 'kms:Decrypt',
    context: { system: 'clinical-notes', purpose: 'model' },
  } as const;
  const documentOf = ({ pcr0, pcr1, pcr2, pcr8 }: (typeof GENERATIONS)[number]) => ({
    ImageSha384: pcr0,
    PCR0: pcr0,
    PCR1: pcr1,
    PCR2: pcr2,
    PCR3,
    PCR8: pcr8 as string,
  });
  const [old, current] = GENERATIONS.map(documentOf);

  test('any request is allowed if the gate is meant to let it through, and else refused', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        expect((await policies.decide(request)) === 'Allowed').toBe(mayBe(request, pin));
      }),
      { numRuns: RUNS, examples: [[{ ...right, document: current }]] },
    );
  });

  const pinned = pin === EnclavePin.IMAGE ? ['ImageSha384', 'PCR3'] : ['PCR1', 'PCR2', 'PCR3', 'PCR8'];
  /** What each denial refuses, where all else is right. */
  const refused: KeyRequest[] = [
    ...pinned.map((pcr) => ({ ...right, document: { ...current, [pcr]: measure('other') } })),
    { ...right, document: current, context: { ...right.context, system: 'credit-scoring' } },
    { ...right, document: current, context: { ...right.context, purpose: 'records' } },
    { caller: 'administrator', action: 'kms:PutKeyPolicy' },
    { caller: 'administrator', action: 'kms:CreateGrant' },
  ];
  /** What each Allow is for. */
  const allowed: KeyRequest[] = [
    { ...right, document: old },
    { ...right, document: current },
    { caller: 'publisher', action: 'kms:Encrypt', context: right.context },
    { caller: 'administrator', action: 'kms:DisableKey' },
    { caller: 'deployment', action: 'kms:PutKeyPolicy' },
  ];
  /** The worst that somebody could add to the policy by mistake. */
  const open = { Sid: 'Mistake', Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' };

  const outcomes = (requests: KeyRequest[], policy: PolicyDocument) =>
    Promise.all(requests.map(async (request) => (await policies.decide(request, policy)) === 'Allowed'));
  const { Statement } = policies.keyPolicy;

  test('the denials hold, whatever else the policy allows', async () => {
    const opened = await outcomes(refused, { Statement: [...Statement, open] });
    expect(opened).toEqual(refused.map(() => false));
  });

  test.each(Statement.map(({ Sid }, index) => [Sid, index] as const))('needs its statement %s', async (_, index) => {
    const without = Statement.filter((_statement, at) => at !== index);
    const isDenial = Statement[index].Effect === 'Deny';
    const ask = (statements: PolicyDocument['Statement']) =>
      isDenial ? outcomes(refused, { Statement: [...statements, open] }) : outcomes(allowed, { Statement: statements });
    expect(await ask(without)).not.toEqual(await ask(Statement));
  });
});
