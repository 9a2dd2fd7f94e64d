import { hasProperty } from '../../conditions';
import { rule } from '../../define-rule';
import { each, isSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { whenAccelerated } from './instances';

/** The nodes of a HyperPod cluster get security patches, and their accelerators are tested before they train. */
export const sageMakerClusterMaintained = rule({
  id: 'SageMakerClusterMaintained',
  level: ALWAYS_WARNING,
  annexA: ['A.4.5', 'A.6.2.6'],
  crosswalk: { nist80053: ['SI-2', 'SI-6'] },
  why: 'Runs last for weeks, so nodes go unpatched, and a faulty accelerator corrupts a model without a sign.',
  fix: 'Set AutoPatchConfig of each instance group, and OnStartDeepHealthChecks of those with accelerators.',
  appliesWhen: [hasProperty('InstanceGroups')],
  requires: {
    'AWS::SageMaker::Cluster': [
      each('InstanceGroups', [
        isSet('AutoPatchConfig.PatchingStrategy'),
        whenAccelerated('InstanceType', [isSet('OnStartDeepHealthChecks')]),
      ]),
    ],
  },
  compliant: cluster({
    AutoPatchConfig: { PatchingStrategy: 'WhenIdle' },
    OnStartDeepHealthChecks: ['InstanceStress'],
  }),
  nonCompliant: cluster({}),
});

function cluster(group: object) {
  const Properties = { InstanceGroups: [{ InstanceType: 'ml.p5.48xlarge', ...group }] };
  return { Cluster: { Type: 'AWS::SageMaker::Cluster', Properties } };
}
