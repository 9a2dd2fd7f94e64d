import type { Condition } from '../../conditions';
import { rule } from '../../define-rule';
import { propertyOf } from '../../expect';
import { is, isOwnKey, type Requirement, unlessSet, whenSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** Where each type says what happens to a notebook that is shared. */
const SHARING: Readonly<Record<string, string>> = {
  'AWS::SageMaker::Domain': 'DefaultUserSettings.SharingSettings',
  'AWS::SageMaker::UserProfile': 'UserSettings.SharingSettings',
};

/** By default a shared notebook goes without its output. */
const saysWhatIsShared: Condition = {
  holds: (resource) => propertyOf(resource, `${SHARING[resource.type]}.NotebookOutputOption`) !== undefined,
  guard: (type) => `Properties.${SHARING[type]}.NotebookOutputOption exists`,
};

/** A notebook that is shared leaves its output behind, or takes it along under a key of the owner. */
export const sageMakerDomainOutputSharing = rule({
  id: 'SageMakerDomainOutputSharing',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2'],
  crosswalk: { nist80053: ['AC-4', 'SC-28'] },
  why: 'Cell output often shows rows of training data, which a shared snapshot hands to whoever reads the bucket.',
  fix: 'Set SharingSettings.NotebookOutputOption to Disabled, or S3KmsKeyId to a customer managed key.',
  appliesWhen: [saysWhatIsShared],
  requires: Object.fromEntries(Object.entries(SHARING).map(([type, settings]) => [type, sharedSafely(settings)])),
  compliant: domain({ NotebookOutputOption: 'Allowed', S3KmsKeyId: 'key' }),
  nonCompliant: domain({ NotebookOutputOption: 'Allowed' }),
});

function sharedSafely(settings: string): Requirement[] {
  const key = `${settings}.S3KmsKeyId`;
  return [unlessSet([key], [is(`${settings}.NotebookOutputOption`, 'Disabled')]), whenSet(key, [isOwnKey(key)])];
}

function domain(SharingSettings: object) {
  return { Domain: { Type: 'AWS::SageMaker::Domain', Properties: { DefaultUserSettings: { SharingSettings } } } };
}
