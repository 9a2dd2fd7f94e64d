import * as iam from 'aws-cdk-lib/aws-iam';

/** Metadata that registration writes and approval trusts. */
const PROVENANCE = [
  'palisade:artifactSha256',
  'palisade:billSha256',
  'palisade:dataset',
  'palisade:image',
  'palisade:requestedBy',
  'palisade:runLockSha256',
];

/** A denial without principal and resource, which differ between identity and resource policies. */
export interface Denial {
  readonly sid: string;
  readonly actions: string[];
  readonly conditions: iam.Conditions;
}

/** A package is born pending: one that is created as approved never had a second person. */
export const BORN_PENDING: Denial = {
  sid: 'RegisterAsPendingOnly',
  actions: ['sagemaker:CreateModelPackage'],
  conditions: { StringEquals: { 'sagemaker:ModelApprovalStatus': ['Approved', 'Rejected'] } },
};

/**
 * Nobody rewrites who asked for a model and what was scanned. One statement per property: conditions of one statement
 * must hold together, and the property is part of the condition key (Service Authorization Reference, "Amazon
 * SageMaker").
 */
export const PROVENANCE_STAYS: readonly Denial[] = [
  ...PROVENANCE.map((name) => ({
    sid: `Keep${name[9].toUpperCase()}${name.slice(10)}`,
    actions: ['sagemaker:UpdateModelPackage'],
    conditions: { Null: { [`sagemaker:CustomerMetadataProperties/${name}`]: 'false' } },
  })),
  {
    sid: 'KeepMetadata',
    actions: ['sagemaker:UpdateModelPackage'],
    conditions: { Null: { 'sagemaker:CustomerMetadataPropertiesToRemove': 'false' } },
  },
];

/** Denies in the role's own policy, whatever else is attached to it. */
export function denyToRole(grantee: iam.IGrantable, resources: string[], ...denials: readonly Partial<Denial>[]): void {
  for (const denial of denials) {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new iam.PolicyStatement({ ...denial, effect: iam.Effect.DENY, resources }),
    );
  }
}
