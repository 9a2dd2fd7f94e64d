import { textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { valueAt } from '../../expect';
import { is, isNot, isOwnKey, type Requirement } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

const RESULTS = isOwnKey('ResultConfiguration.EncryptionConfiguration.KmsKey');
const MANAGED = isOwnKey('ManagedQueryResultsConfiguration.EncryptionConfiguration.KmsKey');
const MANAGED_SWITCH = 'ManagedQueryResultsConfiguration.Enabled';

/** Results lie in a bucket of the owner, or, where that is switched on, with Athena itself; each has its own key property. */
const encryptsResults: Requirement = {
  claims: RESULTS.claims,
  judge: (configuration, at) =>
    textOf(valueAt(configuration, MANAGED_SWITCH)) === 'true'
      ? MANAGED.judge(configuration, at)
      : RESULTS.judge(configuration, at),
  guard: (at) => {
    const enabled = `${at}${MANAGED_SWITCH}`;
    return [
      `when ${enabled} !exists {\n${RESULTS.guard(at)}\n}`,
      `when ${enabled} exists {`,
      `when ${enabled} IN [true, "true"] {\n${MANAGED.guard(at)}\n}`,
      `when ${enabled} NOT IN [true, "true"] {\n${RESULTS.guard(at)}\n}`,
      '}',
    ].join('\n');
  },
};

/** What a query finds is encrypted with a key of the owner, whatever the client asks for. */
export const athenaWorkgroupEncrypted = rule({
  id: 'AthenaWorkgroupEncrypted',
  scope: 'ai',
  level: ALWAYS_WARNING,
  annexA: ['A.7.2', 'A.6.2.8'],
  crosswalk: { nist80053: ['SC-12', 'SC-28'] },
  why: 'Query results are copies of training data or of audit records, outside the buckets that protect them.',
  fix: 'Enforce the configuration of the workgroup, and encrypt its results with a customer managed key.',
  requires: {
    'AWS::Athena::WorkGroup': [
      is('WorkGroupConfiguration.EnforceWorkGroupConfiguration', true, { byDefault: true }),
      within('WorkGroupConfiguration', encryptsResults),
      isNot('WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration.EncryptionOption', ['SSE_S3']),
    ],
  },
  configRules: ['ATHENA_WORKGROUP_ENCRYPTED_AT_REST'],
  compliant: example({ ResultConfiguration: { EncryptionConfiguration: { KmsKey: 'key' } } }),
  nonCompliant: example({ EnforceWorkGroupConfiguration: false }),
});

function within(path: string, { claims, judge, guard }: Requirement): Requirement {
  return {
    claims: claims.map((claim) => `${path}.${claim}`),
    judge: (holder, at) => judge(valueAt(holder, path), `${at}${path}.`),
    guard: (at) => guard(`${at}${path}.`),
  };
}

function example(WorkGroupConfiguration: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Group: { Type: 'AWS::Athena::WorkGroup', Properties: { Tags, WorkGroupConfiguration } } };
}
