import { createHash } from 'node:crypto';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { AwsApproval } from '../../../lambda/model-approval/aws-approval';
import { verifyApproval } from '../../../runtime/provenance';
import { LocalSigner } from '../../runtime/integrity/local-signer';
import { RECORD } from '../../runtime/provenance/approvals';
import { sha256 } from './memory-registry';

const ARN = RECORD.packageArn;
const signer = new LocalSigner('key-1');

type Answer = (command: { input: Record<string, unknown> }) => unknown;

/** Clients that answer as told, and what they were asked. */
function approvalWith(answer: Answer = () => ({})) {
  const send = jest.fn(async (command: { input: Record<string, unknown> }) => answer(command));
  const client = { send: send as never };
  const place = { account: '111122223333', bucket: 'models', parameter: '/p', signer };
  const clients = { events: client, s3: client, sageMaker: client, ssm: client };
  return { approval: new AwsApproval(clients, place), commands: () => send.mock.calls.map(([command]) => command) };
}

function fails(error: Error): Answer {
  return () => {
    throw error;
  };
}

const absent = fails(new NoSuchKey({ $metadata: {}, message: '' }));

async function* chunks(...texts: string[]) {
  yield* texts.map((text) => Buffer.from(text));
}

test('hashes an artifact chunk by chunk, in the registry of this account only', async () => {
  const { approval, commands } = approvalWith(() => ({ Body: chunks('weig', 'hts 1'), VersionId: 'v1' }));
  expect(await approval.digest('s3://models/run-1/model.tar.gz')).toEqual({
    version: 'v1',
    sha256: sha256('weights 1'),
  });
  const [command] = commands();
  expect(command).toBeInstanceOf(GetObjectCommand);
  expect(command.input).toEqual({
    Bucket: 'models',
    Key: 'run-1/model.tar.gz',
    ExpectedBucketOwner: '111122223333',
  });
});

test('an artifact elsewhere is not even asked for', async () => {
  const { approval, commands } = approvalWith();
  await expect(approval.digest('s3://elsewhere/model.tar.gz')).rejects.toMatchObject({ code: 'PALISADE-R202' });
  expect(commands()).toEqual([]);
});

test('what is not there is undefined; a failure is a failure', async () => {
  expect(await approvalWith(absent).approval.digest('s3://models/a/model.tar.gz')).toBeUndefined();
  expect(await approvalWith(absent).approval.stored(ARN)).toBeUndefined();
  await expect(approvalWith(fails(new Error('denied'))).approval.stored(ARN)).rejects.toThrow('denied');
});

test('stores a signed record that verifies', async () => {
  const { approval, commands } = approvalWith();
  await approval.store(RECORD);
  const [command] = commands();
  expect(command).toBeInstanceOf(PutObjectCommand);
  expect(command.input).toMatchObject({
    Bucket: 'models',
    Key: 'approvals/dev-credit-scoring/7.json',
    ExpectedBucketOwner: '111122223333',
  });
  expect(await verifyApproval(String(command.input.Body), RECORD, signer)).toEqual(RECORD);
});

test('reads what it stored', async () => {
  const { approval } = approvalWith(() => ({ Body: { transformToString: async () => 'text' } }));
  expect(await approval.stored(ARN)).toBe('text');
});

test('names the package to deploy', async () => {
  const { approval, commands } = approvalWith();
  await approval.appoint(ARN);
  expect(commands()[0]).toBeInstanceOf(PutParameterCommand);
  expect(commands()[0].input).toEqual({ Name: '/p', Value: ARN, Overwrite: true });
});

test('takes back only the package that is named', async () => {
  const holding = (value: string) => approvalWith(() => ({ Parameter: { Value: value } }));
  const named = holding(ARN);
  expect(await named.approval.withdraw(ARN)).toBe(true);
  expect(named.commands().map(({ input }) => input)).toEqual([
    { Name: '/p' },
    { Name: '/p', Value: 'none', Overwrite: true },
  ]);
  const other = holding('none');
  expect(await other.approval.withdraw(ARN)).toBe(false);
  expect(other.commands()).toEqual([expect.any(GetParameterCommand)]);
});

test('rejects with a reason that the API takes', async () => {
  const { approval, commands } = approvalWith();
  await approval.reject(ARN, `line\nline ${'x'.repeat(2000)}`);
  const [command] = commands();
  expect(command).toBeInstanceOf(UpdateModelPackageCommand);
  expect(command.input).toMatchObject({ ModelPackageArn: ARN, ModelApprovalStatus: 'Rejected' });
  expect(command.input.ApprovalDescription).toMatch(/^line line x{1000,}$/);
  expect(command.input.ApprovalDescription).toHaveLength(1024);
});

test('announces a decision, and notices when the bus did not take it', async () => {
  const decision = { packageArn: ARN, decision: 'approved' as const, decidedAt: '2026-11-24T10:00:00.000Z' };
  const { approval, commands } = approvalWith();
  await approval.announce(decision);
  expect(commands()[0]).toBeInstanceOf(PutEventsCommand);
  expect(commands()[0].input.Entries).toEqual([
    {
      Source: 'palisade.model-registry',
      DetailType: 'Model Approval Decided',
      Detail: JSON.stringify(decision),
      Resources: [ARN],
    },
  ]);
  const refusing = approvalWith(() => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] }));
  await expect(refusing.approval.announce(decision)).rejects.toMatchObject({ code: 'PALISADE-R208' });
});

test('tells the ledger of a decision by its digest, and of nobody', async () => {
  const decision = {
    packageArn: ARN,
    decision: 'approved' as const,
    decidedBy: 'jane@example.com',
    decidedAt: '2026-11-24T10:00:00.000Z',
  };
  const record = jest.fn();
  const approval = new AwsApproval({} as never, { record } as never);
  await approval.record(decision);
  expect(record).toHaveBeenCalledWith({
    kind: 'approval',
    outcome: 'approved',
    subject: ARN,
    digest: createHash('sha256').update(JSON.stringify(decision)).digest('hex'),
    request: `approvals/${ARN.split('/').at(-1)}/2026-11-24T10:00:00.000Z/approved`,
  });
  expect(JSON.stringify(record.mock.calls)).not.toContain('jane');
  await new AwsApproval({} as never, {} as never).record(decision);
});
