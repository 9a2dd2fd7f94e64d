import { type Condition, hasProperty } from '../../conditions';
import { rule } from '../../define-rule';
import { each, is, isOwnKey, whenSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { describedAt, ofHosts } from './hosts';

/** A volume speaks for itself; an instance only where it says what its volumes are like, not its image. */
const describesVolumes: Condition = {
  holds: (resource) => resource.type === VOLUME || hasProperty(mappingsOf(resource.type)).holds(resource),
  guard: (type) => (type === VOLUME ? 'Type exists' : `Properties.${mappingsOf(type)} exists`),
};

const VOLUME = 'AWS::EC2::Volume';

/** Disks of AI systems are encrypted under a key of their owner. */
export const ec2EbsCmk = rule({
  id: 'Ec2EbsCmk',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2'],
  crosswalk: { securityHub: ['EC2.3', 'EC2.181'], nist80053: ['SC-12', 'SC-28'] },
  why: 'A snapshot of a disk, shared or restored elsewhere, opens with rights on the snapshot alone.',
  fix: 'Set Encrypted to true and KmsKeyId to a customer managed key.',
  appliesWhen: [describesVolumes],
  requires: {
    ...ofHosts((at) => [
      each(`${at}BlockDeviceMappings`, [whenSet('Ebs', [is('Ebs.Encrypted', true), isOwnKey('Ebs.KmsKeyId')])]),
    ]),
    [VOLUME]: [is('Encrypted', true), isOwnKey('KmsKeyId')],
  },
  configRules: ['ENCRYPTED_VOLUMES', 'EC2_LAUNCH_TEMPLATES_EBS_VOLUME_ENCRYPTED'],
  compliant: {
    Volume: { Type: VOLUME, Properties: { Encrypted: true, KmsKeyId: 'key', Tags: aiTags() } },
    Instance: {
      Type: 'AWS::EC2::Instance',
      Properties: { BlockDeviceMappings: [{ Ebs: { Encrypted: true, KmsKeyId: 'key' } }], Tags: aiTags() },
    },
  },
  nonCompliant: {
    Volume: { Type: VOLUME, Properties: { Encrypted: true, Tags: aiTags() } },
    Instance: {
      Type: 'AWS::EC2::Instance',
      Properties: { BlockDeviceMappings: [{ Ebs: { VolumeSize: 100 } }], Tags: aiTags() },
    },
  },
});

function mappingsOf(type: string): string {
  return `${describedAt(type)}BlockDeviceMappings`;
}

function aiTags() {
  return [{ Key: 'ai:system-id', Value: 'x' }];
}
