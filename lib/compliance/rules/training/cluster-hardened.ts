import { hasProperty } from '../../conditions';
import { rule } from '../../define-rule';
import { each, isOwnKey, isSet, whenSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** A HyperPod cluster stands in the owner's VPC, and its volumes are encrypted with a key of the owner. */
export const sageMakerClusterHardened = rule({
  id: 'SageMakerClusterHardened',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-7', 'SC-12', 'SC-28'] },
  why: "Without a VPC the nodes have AWS's own internet access, and checkpoints lie on volumes under a key of AWS.",
  fix: 'Set VpcConfig, and give each instance group an EbsVolumeConfig with a VolumeKmsKeyId.',
  appliesWhen: [hasProperty('InstanceGroups')],
  requires: {
    'AWS::SageMaker::Cluster': [
      isSet('VpcConfig.Subnets'),
      isSet('VpcConfig.SecurityGroupIds'),
      each('InstanceGroups', [
        each('InstanceStorageConfigs', [whenSet('EbsVolumeConfig', [isOwnKey('EbsVolumeConfig.VolumeKmsKeyId')])], {
          atLeastOne: true,
        }),
      ]),
    ],
  },
  compliant: cluster(
    { VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] } },
    { EbsVolumeConfig: { VolumeKmsKeyId: 'key' } },
  ),
  nonCompliant: cluster({}, { EbsVolumeConfig: { VolumeSizeInGB: 500 } }),
});

function cluster(network: object, storage: object) {
  const Properties = { ...network, InstanceGroups: [{ InstanceStorageConfigs: [storage] }] };
  return { Cluster: { Type: 'AWS::SageMaker::Cluster', Properties } };
}
