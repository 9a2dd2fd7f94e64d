import * as iam from 'aws-cdk-lib/aws-iam';
import { admit, deny, denyUnattested, type Pins } from './attestation-gate';

/** Every way to plaintext, or to another key, that asks for no attestation document. No service needs one of them here. */
const SIDE_DOORS = [
  'kms:CreateGrant',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:ReplicateKey',
  'kms:UpdatePrimaryRegion',
];

/** Operations that carry an encryption context. */
const CONTEXT_ACTIONS = [
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyPair',
  'kms:GenerateDataKeyPairWithoutPlaintext',
  'kms:GenerateDataKeyWithoutPlaintext',
];

/** What tells the state of the key and who may use it. */
export const INSPECTION_ACTIONS = ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListGrants'];

const ADMINISTRATION_ACTIONS = [
  ...INSPECTION_ACTIONS,
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

/** Who does what with an attested key. */
interface AttestedKeyPolicyProps {
  /** What each generation of images is recognized by. */
  readonly pins: readonly Pins[];
  readonly parentRoleArn: string;
  readonly encryptionContext: Readonly<Record<string, string>>;
  readonly publisherTag: string;
  readonly administrators?: iam.IPrincipal[];
  readonly policyAdministrators: string[];
}

/** The policy of an attested key: what is denied is denied to everyone, whatever a later statement allows. */
export function attestedKeyPolicy(props: AttestedKeyPolicyProps): iam.PolicyDocument {
  const context = inContext(props.encryptionContext);
  return new iam.PolicyDocument({
    statements: [
      ...administration(props),
      ...admit(props.pins, roleOfAccount(props.parentRoleArn), { StringEquals: context }),
      ...denyUnattested(props.pins),
      // Wrapping opens nothing, so a tag admits, as for every other key: a later stack needs no reference back.
      new iam.PolicyStatement({
        sid: 'PublishersEncrypt',
        principals: [new iam.AccountRootPrincipal()],
        actions: ['kms:Encrypt'],
        resources: ['*'],
        conditions: { StringEquals: { ...context, [`aws:PrincipalTag/${props.publisherTag}`]: 'encrypt' } },
      }),
      // Ciphertext of another system or purpose stays closed, and none is made under a false name.
      ...Object.entries(context).map(([key, value], index) =>
        deny(`OnlyInContext${index + 1}`, CONTEXT_ACTIONS, { StringNotEquals: { [key]: value } }),
      ),
      deny('NoSideDoor', SIDE_DOORS),
    ],
  });
}

/** The condition keys of an encryption context. */
export function inContext(encryptionContext: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(encryptionContext);
  return Object.fromEntries(pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, value]));
}

function administration(props: AttestedKeyPolicyProps): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'AdministerWithoutUse',
      principals: props.administrators ?? [new iam.AccountRootPrincipal()],
      actions: ADMINISTRATION_ACTIONS,
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      sid: 'ChangedByDeployments',
      principals: [roleOfAccount(props.policyAdministrators)],
      actions: [...ADMINISTRATION_ACTIONS, 'kms:PutKeyPolicy'],
      resources: ['*'],
    }),
    deny('OnlyDeploymentsChangePolicy', ['kms:PutKeyPolicy'], {
      ArnNotEquals: { 'aws:PrincipalArn': props.policyAdministrators },
    }),
  ];
}

/**
 * Roles by the ARN that they have when they ask. KMS would replace a principal by the id of the role, which a role made
 * anew does not have, and refuse the policy while the role does not exist.
 */
function roleOfAccount(arns: string | string[]): iam.IPrincipal {
  return new iam.AccountRootPrincipal().withConditions({ ArnEquals: { 'aws:PrincipalArn': arns } });
}
