import fc from 'fast-check';
import { openDoors, type Statement } from '../../../enclave/doctor/key-policy';
import type { PolicyDocument } from '../../../lib/analysis';
import { type Caller, KeyPolicies, type KeyRequest } from '../../constructs/attested-key/decide';
import { attestedKey } from '../../constructs/attested-key/key';

/* What the doctor says of a policy is what a real evaluator of IAM decides by it. */

const policies = new KeyPolicies(attestedKey().app);
const CONTEXT = { system: 'clinical-notes', purpose: 'model' };
const DENIALS = (policies.keyPolicy.Statement as unknown as Statement[]).filter(({ Effect }) => Effect === 'Deny');

/** Whoever gets in gets in through what the denials leave open. */
const EVERYTHING = { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' };

const CALLERS: Caller[] = ['administrator', 'parent', 'root'];
const forAll = (request: Omit<KeyRequest, 'caller'>) => CALLERS.map((caller) => ({ caller, ...request }));
const plaintext = ['kms:Decrypt', 'kms:DeriveSharedSecret', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair'];
const sideDoors = [
  'kms:CreateGrant',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:ReplicateKey',
  'kms:UpdatePrimaryRegion',
];
const [, measured] = [...JSON.stringify(DENIALS).matchAll(/ImageSha384":\["([0-9a-f]{96})"/g)][0];
const [, role] = [...JSON.stringify(DENIALS).matchAll(/PCR3":"?\[?"?([0-9a-f]{96})"/g)][0];
const document = { ImageSha384: measured, PCR3: role };

/** What nobody may, by what the doctor calls it. */
const FORBIDDEN: Record<string, KeyRequest[]> = {
  ...Object.fromEntries(
    plaintext.map((action) => [
      action,
      [
        ...forAll({ action, context: CONTEXT }),
        // On the right role, but another image.
        ...forAll({ action, context: CONTEXT, document: { ...document, ImageSha384: 'ee'.repeat(48) } }),
      ],
    ]),
  ),
  ...Object.fromEntries(sideDoors.map((action) => [action, forAll({ action, context: CONTEXT })])),
  'kms:PutKeyPolicy': forAll({ action: 'kms:PutKeyPolicy' }),
  'kms:Decrypt with another system': forAll({
    action: 'kms:Decrypt',
    context: { ...CONTEXT, system: 'other' },
    document,
  }),
  'kms:Decrypt with another purpose': forAll({
    action: 'kms:Decrypt',
    context: { ...CONTEXT, purpose: 'other' },
    document,
  }),
};

async function openByIam(statements: readonly Statement[]): Promise<string[]> {
  const policy = { ...policies.keyPolicy, Statement: [EVERYTHING, ...statements] } as unknown as PolicyDocument;
  const open: string[] = [];
  for (const [name, requests] of Object.entries(FORBIDDEN)) {
    const decisions = await Promise.all(requests.map((request) => policies.decide(request, policy)));
    if (decisions.includes('Allowed')) {
      open.push(name);
    }
  }
  return open;
}

test('the policy as it is deployed leaves nothing open, for either', async () => {
  expect(openDoors(DENIALS, CONTEXT)).toEqual([]);
  expect(await openByIam(DENIALS)).toEqual([]);
});

test('without each of its denials, or several, the doctor names what IAM lets through', async () => {
  await fc.assert(
    fc.asyncProperty(fc.subarray(DENIALS), async (kept) => {
      expect(openDoors(kept, CONTEXT).sort()).toEqual((await openByIam(kept)).sort());
    }),
    { numRuns: 20 },
  );
});

const narrowing = fc.constantFrom<[string, Record<string, string>]>(
  ['ArnNotEquals', { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/Administrator' }],
  ['StringEquals', { 'aws:PrincipalTag/team': 'platform' }],
  ['StringNotEquals', { 'aws:PrincipalAccount': '111122223333' }],
  ['Bool', { 'aws:SecureTransport': 'false' }],
);

test('where a second condition makes a denial narrower, the doctor overlooks nothing that IAM lets through', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(DENIALS.length - 1), narrowing, async (index, [operator, keys]) => {
      const { Condition = {}, ...denial } = DENIALS[index];
      // Another value of the same key would be another policy, not a narrower one.
      fc.pre(!Object.keys(keys).some((key) => Condition[operator]?.[key]));
      const narrowed = { ...denial, Condition: { ...Condition, [operator]: { ...Condition[operator], ...keys } } };
      const statements = DENIALS.map((statement, place) => (place === index ? narrowed : statement));
      const open = openDoors(statements, CONTEXT);
      expect(open).toEqual(expect.arrayContaining(await openByIam(statements)));
    }),
    { numRuns: 20 },
  );
});

const withDenial = (sid: string, change: (denial: Statement) => object) => (statement: Statement & { Sid?: string }) =>
  statement.Sid === sid ? ({ ...statement, ...change(statement) } as Statement) : statement;
const unlike = ({ Condition = {} }: Statement, operator: string) => ({
  Condition: { [operator]: Object.values(Condition)[0] },
});

test.each<[string, (statement: Statement) => Statement, string]>([
  [
    'a denial of one role is no denial of others',
    withDenial('NoSideDoor', () => ({ Principal: { AWS: 'arn:aws:iam::111122223333:role/Administrator' } })),
    'kms:CreateGrant',
  ],
  [
    'a gate that asks for the same value denies the right image, and lets the others in',
    withDenial('OnlyMeasuredImages', (denial) => unlike(denial, 'StringEquals')),
    'kms:Decrypt',
  ],
  [
    'nor does a context that is compared the wrong way keep others out',
    withDenial('OnlyInContext1', (denial) => unlike(denial, 'StringEquals')),
    'kms:Decrypt with another system',
  ],
  [
    'a context of another system keeps this one out, and lets that one in',
    withDenial('OnlyInContext1', () => ({
      Condition: { StringNotEquals: { 'kms:EncryptionContext:system': 'other' } },
    })),
    'kms:Decrypt with another system',
  ],
])('%s', async (_name, change, open) => {
  const statements = DENIALS.map(change);
  expect(statements).not.toEqual(DENIALS);
  expect(openDoors(statements, CONTEXT)).toContain(open);
  expect(await openByIam(statements)).toContain(open);
});
