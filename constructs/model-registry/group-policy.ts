import * as iam from 'aws-cdk-lib/aws-iam';
import { BORN_PENDING, type Denial, PROVENANCE_STAYS } from './provenance-guard';
import { RegistryDuty } from './registry-role';

/**
 * The resource policy of a package group: whatever IAM policies of the account allow, only roles with the duty
 * register, and only those with the duty change a package. It allows nothing, so no other account gets in.
 *
 * Roles are recognised by their tag, because they are in later stacks; a role without tags is denied too, as negated
 * operators match what is absent. AWS documents this policy for sharing with other accounts; the registry does not
 * rest on it alone, because a status that nobody signed deploys nothing.
 *
 * @param resources ARN of the group and ARN pattern of its packages
 */
export function groupPolicy(resources: string[], dutyTag: string): iam.PolicyDocument {
  const except = (...duties: RegistryDuty[]) => ({ StringNotEquals: { [`aws:PrincipalTag/${dutyTag}`]: duties } });
  const denials: Denial[] = [
    {
      sid: 'OnlyRegistrarsRegister',
      actions: ['sagemaker:CreateModelPackage'],
      conditions: except(RegistryDuty.REGISTER),
    },
    {
      sid: 'OnlyApproversChangeStatus',
      actions: ['sagemaker:UpdateModelPackage'],
      conditions: except(RegistryDuty.APPROVE, RegistryDuty.DECIDE),
    },
    BORN_PENDING,
    ...PROVENANCE_STAYS,
  ];
  return new iam.PolicyDocument({
    statements: denials.map(
      (denial) =>
        new iam.PolicyStatement({
          ...denial,
          effect: iam.Effect.DENY,
          principals: [new iam.AccountRootPrincipal()],
          resources,
        }),
    ),
  });
}
