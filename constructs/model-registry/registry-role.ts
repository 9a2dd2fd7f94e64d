import * as iam from 'aws-cdk-lib/aws-iam';
import { PalisadeError } from '../../runtime/errors';

/** What a role does in a registry. No role does two of them. */
export enum RegistryDuty {
  /** Creates packages. */
  REGISTER = 'register',
  /** Sets the approval status: a person. */
  APPROVE = 'approve',
  /** Checks an approval, signs it or turns it down: the registry's own function. */
  DECIDE = 'decide',
}

/**
 * Marks a role with its duty in one registry; the group's resource policy reads the mark.
 *
 * Throws PALISADE-R001 for a role that already has another duty there, PALISADE-R002 for a principal whose tags
 * cannot be set.
 */
export function assignDuty(grantee: iam.IGrantable, tag: string, duty: RegistryDuty): void {
  const role = grantee.grantPrincipal;
  if (!(role instanceof iam.Role) || !(role.node.defaultChild instanceof iam.CfnRole)) {
    throw new PalisadeError({
      code: 'PALISADE-R002',
      where: 'node' in grantee ? String((grantee as iam.IRole).node.path) : 'grantee',
      problem: 'the duties of a registry are kept apart by role tags, and this is not a role of the app',
      fix: 'grant to a role that the app makes',
    });
  }
  const { tags } = role.node.defaultChild;
  const present = tags.tagValues()[tag];
  if (present !== undefined && present !== duty) {
    throw new PalisadeError({
      code: 'PALISADE-R001',
      where: role.node.path,
      problem: `the role already may ${present} in this registry and shall ${duty} too`,
      fix: 'use two roles, held by two people',
    });
  }
  tags.setTag(tag, duty);
}
