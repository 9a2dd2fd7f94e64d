import { createHash } from 'node:crypto';
import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { PalisadeError } from '../../runtime/errors';

/**
 * PCR3 of an enclave whose parent instance has this role: SHA-384 over 48 zero bytes and the ARN, as a register that is
 * extended once (AWS Nitro Enclaves User Guide, "PCR3"). 96 lower-case hexadecimal digits.
 */
export function pcr3Of(roleArn: string): string {
  return createHash('sha384').update(Buffer.alloc(48)).update(roleArn).digest('hex');
}

/** The ARN of a role. A role with a fixed name has it at synth already, so that no reference to its stack is needed. */
export function arnOf(role: iam.IRole): string {
  const resource = role.node.defaultChild;
  if (!(resource instanceof iam.CfnRole) || resource.roleName === undefined) {
    return role.roleArn;
  }
  const stack = Stack.of(role);
  const resourceName = `${resource.path ?? '/'}${resource.roleName}`.slice(1);
  // The CDK writes a partition out only under a feature flag, and not every app has it.
  const { partition } = RegionInfo.get(stack.region);
  return stack.formatArn({ partition, service: 'iam', region: '', resource: 'role', resourceName });
}

/** The same where a hash is made of it. Throws PALISADE-E404 where a part of it is only known at deployment. */
export function knownArnOf(role: iam.IRole): string {
  const arn = arnOf(role);
  if (Token.isUnresolved(arn)) {
    throw new PalisadeError({
      code: 'PALISADE-E404',
      where: role.node.path,
      problem: 'PCR3 is a hash of the role ARN, and a part of that ARN is not known at synth',
      fix: 'give the role a fixed roleName and its stack an env with account and region, or set bindParentRole to false',
    });
  }
  return arn;
}
