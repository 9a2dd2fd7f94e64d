import { Match, Template } from 'aws-cdk-lib/assertions';
import { textOf } from '../../../lib/analysis';
import { graphOf } from '../../support/graph';
import { attestedKey } from './key';

const { app, stack } = attestedKey();
const graph = graphOf(app);
const [key] = graph.atPath('Keys/Attested/Key');
const KEY_ARN = key.arn;
const KEY_ID = KEY_ARN.split('/')[1];

const signals = graph
  .ofType('AWS::Logs::MetricFilter')
  .filter(({ path }) => path.includes('Attested'))
  .map(({ properties }) => ({
    id: textOf((properties.MetricTransformations as { MetricName: string }[])[0].MetricName),
    pattern: textOf(properties.FilterPattern),
  }));

/** Reads the part of CloudWatch Logs' filter language that the signals use. */
function matches(pattern: string, event: object): boolean {
  const valueAt = (path: string) =>
    path
      .split(/[.[\]]+/)
      .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event);
  const expression = pattern
    .replace(/^\{|\}$/g, '')
    .replace(/\$\.([\w.]+) NOT EXISTS/g, (_all, path) => String(valueAt(path) === undefined))
    .replace(/\$\.([\w.[\]]+) = "([^"]*)"/g, (_all, path, value: string) => {
      const parts = value.split('*').map((part) => part.replace(/[.\\+?^${}()|[\]]/g, '\\$&'));
      return String(new RegExp(`^${parts.join('.*')}$`).test(String(valueAt(path))));
    });
  expect(expression).toMatch(/^[\s()&|truefals]+$/);
  return new Function(`return ${expression}`)();
}

const raised = (eventName: string, rest: object) =>
  signals
    .filter(({ pattern }) => matches(pattern, { eventSource: 'kms.amazonaws.com', eventName, ...rest }))
    .map(({ id }) => id);

/* Shapes of events: KMS Developer Guide, "Logging AWS KMS API calls with AWS CloudTrail". */
const done = (rest: object = {}) => ({
  requestParameters: { keyId: KEY_ARN },
  resources: [{ type: 'AWS::KMS::Key', ARN: KEY_ARN }],
  ...rest,
});
const refused = (action: string, on = `resource: ${KEY_ARN}`, rest: object = {}) => ({
  errorCode: 'AccessDenied',
  errorMessage: `User: arn:aws:sts::111122223333:assumed-role/X/s is not authorized to perform: ${action} on ${on} with an explicit deny`,
  requestParameters: null,
  ...rest,
});
const ATTESTED = {
  additionalEventData: {
    recipient: { attestationDocumentModuleId: 'i-1-enc2', attestationDocumentEnclaveImageDigest: 'a' },
  },
};
const BY_PARENT = {
  userIdentity: {
    sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/clinical-notes-enclave-host' } },
  },
};
const UNNAMED = 'the resource associated with this ciphertext';

test.each([
  ['PutKeyPolicy', 'PolicyChanged'],
  ['CreateGrant', 'SideDoorTried'],
  ['ReEncrypt', 'SideDoorTried'],
  ['ReplicateKey', 'SideDoorTried'],
  ['UpdatePrimaryRegion', 'SideDoorTried'],
  ['ScheduleKeyDeletion', 'KeyStopped'],
  ['DisableKey', 'KeyStopped'],
  ['DisableKeyRotation', 'KeyStopped'],
])('%s raises %s, whether it succeeds or not', (name, id) => {
  expect(raised(name, done())).toEqual([id]);
  expect(raised(name, { requestParameters: { keyId: KEY_ID } })).toEqual([id]);
  expect(raised(name, refused(`kms:${name}`))).toEqual([id]);
});

describe.each(['Decrypt', 'GenerateDataKey', 'GenerateDataKeyPair'])('%s', (name) => {
  test('is silent with an attestation document', () => {
    expect(raised(name, done(ATTESTED))).toEqual([]);
  });

  test('raises an alarm without one', () => {
    expect(raised(name, done())).toEqual(['UseWithoutAttestation']);
    expect(raised(name, done({ additionalEventData: { keyMaterialId: 'f' } }))).toEqual(['UseWithoutAttestation']);
  });

  test('raises an alarm when it is refused', () => {
    expect(raised(name, refused(`kms:${name}`))).toEqual(['UseWithoutAttestation', 'UseRefused']);
    expect(raised(name, refused(`kms:${name}`, UNNAMED, BY_PARENT))).toEqual(['UseRefused']);
  });
});

test('what happens to other keys, and what publishers do, raises nothing', () => {
  const other = KEY_ARN.replace(KEY_ID, 'another');
  expect(raised('PutKeyPolicy', { requestParameters: { keyId: other }, resources: [{ ARN: other }] })).toEqual([]);
  expect(raised('Decrypt', { resources: [{ ARN: other }] })).toEqual([]);
  expect(raised('Decrypt', refused('kms:Decrypt', `resource: ${other}`))).toEqual([]);
  expect(raised('Encrypt', done())).toEqual([]);
  expect(raised('DescribeKey', done())).toEqual([]);
});

test.each(signals)('the pattern of $id fits into a metric filter', ({ pattern }) => {
  // With ids as long as those of KMS, which the graph's are not.
  expect(pattern.replaceAll(KEY_ID, 'x'.repeat(36)).length).toBeLessThanOrEqual(1024);
});

test('each signal has an alarm on its metric that tells the topic of the trail at the first event', () => {
  const template = Template.fromStack(stack);
  expect(signals.map(({ id }) => id)).toHaveLength(5);
  for (const { id } of signals) {
    const metric = { MetricName: id, MetricNamespace: 'Palisade/prod/clinical-notes/AttestedKey/model' };
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      LogGroupName: { Ref: Match.stringLikeRegexp('^AuditLog') },
      MetricTransformations: [Match.objectLike(metric)],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: id,
      Namespace: metric.MetricNamespace,
      Threshold: 1,
      EvaluationPeriods: 1,
      Statistic: 'Sum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^AuditAlarms') }],
    });
  }
});
