import type { GraphResource, TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { mustBe, propertyOf } from '../../expect';
import { ERROR_FROM_LIMITED, type MinimalTemplate } from '../../rule';
import { KEY_TYPES } from '../keys/key-policy';
import { OF_ENCLAVES } from './attestation';
import { attested, keyWith } from './examples';
import { describedAt, HOST_TYPES, roleOfHost } from './hosts';
import { statementsOnAttestation } from './key-policy';

/** Instances whose role a key expects to come with an enclave's attestation run enclaves. */
export const enclaveEnabledWhenRequired = rule({
  id: 'EnclaveEnabledWhenRequired',
  appliesTo: HOST_TYPES,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.6.2.5'],
  crosswalk: { nist80053: ['SC-39'], nistAiRmf: ['MEASURE 2.7'], euAiAct: ['Art. 15'] },
  why: 'Without an enclave the host cannot use its key, and the next change opens the key instead of enabling the enclave.',
  fix: 'Set EnclaveOptions.Enabled to true.',
  claims: ['EnclaveOptions.Enabled', 'LaunchTemplateData.EnclaveOptions.Enabled'],
  beyondGuard: 'the policy of a key says which role needs an enclave',
  check: (host, graph) => {
    const path = `${describedAt(host.type)}EnclaveOptions.Enabled`;
    const fromTemplate = host.properties.LaunchTemplate !== undefined && propertyOf(host, path) === undefined;
    return !fromTemplate && needsEnclave(host, graph) ? mustBe(host, path, true) : undefined;
  },
  compliant: launching({ EnclaveOptions: { Enabled: true } }),
  nonCompliant: launching({}),
});

function needsEnclave(host: GraphResource, graph: TemplateGraph): boolean {
  const role = roleOfHost(host, graph);
  return role !== undefined && attestedRoles(graph).has(role.arn);
}

/** Principals of statements that ask for an enclave's attestation. Found once for each graph. */
function attestedRoles(graph: TemplateGraph): ReadonlySet<string> {
  const statements = () =>
    graph.ofType(...KEY_TYPES).flatMap(({ properties }) => statementsOnAttestation(properties.KeyPolicy, OF_ENCLAVES));
  return graph.once('attested roles', () => new Set(statements().flatMap(({ principals }) => principals)));
}

function launching(LaunchTemplateData: object): MinimalTemplate {
  const IamInstanceProfile = { Arn: { 'Fn::GetAtt': ['Profile', 'Arn'] } };
  return {
    ...keyWith({ ...attested('kms:Decrypt'), Principal: { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } } }),
    Role: { Type: 'AWS::IAM::Role', Properties: {} },
    Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Role' }] } },
    Host: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { ...LaunchTemplateData, IamInstanceProfile } },
    },
  };
}
