import { Arn, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Writes the statements of endpoint policies that keep a network's traffic inside one account, or one organization:
 * trusted principals, trusted resources, and by name the few AWS-owned resources that a service cannot do without.
 *
 * An endpoint policy grants nothing: it is a ceiling over what the caller's own policies allow. So its statements may
 * name every action of a service, and every principal that meets the condition.
 */
export class Perimeter {
  constructor(
    private readonly stack: Stack,
    private readonly organizationId?: string,
  ) {}

  /** Principals inside the perimeter, on resources inside the perimeter. */
  onOwnResources(...actions: string[]): iam.PolicyStatement {
    return this.statement('OwnResources', actions, ['*'], { ...this.ownPrincipals(), ...this.ownResources() });
  }

  /** Principals inside the perimeter, on resources of this account that are told by their ARNs. */
  onOwnArns(service: string, resources: string[], ...actions: string[]): iam.PolicyStatement {
    const arns = resources.map((resource) => this.arn(service, { resource }));
    return this.statement('OwnArns', actions, arns, this.ownPrincipals());
  }

  /** Principals inside the perimeter, for actions that have no resource and so no resource account to compare. */
  withoutResource(...actions: string[]): iam.PolicyStatement {
    return this.statement('NoResource', actions, ['*'], this.ownPrincipals());
  }

  /** Principals inside the perimeter, on resources that AWS owns. */
  onAwsOwned(sid: string, resources: string[], ...actions: string[]): iam.PolicyStatement {
    return this.statement(sid, actions, resources, this.ownPrincipals());
  }

  /**
   * Anyone, on objects that AWS owns and hands out by presigned URL: the signer is AWS, so that no principal condition
   * can hold.
   */
  presignedByAws(sid: string, resources: string[], ...actions: string[]): iam.PolicyStatement {
    return this.statement(sid, actions, resources);
  }

  /** Formats an ARN of this stack's partition; of its account and Region unless told otherwise. */
  arn(service: string, parts: { resource: string; region?: string; account?: string }): string {
    return Arn.format({ service, ...parts }, this.stack);
  }

  /** The Region that the network is in. */
  get region(): string {
    return this.stack.region;
  }

  private ownPrincipals(): Record<string, string> {
    return this.organizationId
      ? { 'aws:PrincipalOrgID': this.organizationId }
      : { 'aws:PrincipalAccount': this.stack.account };
  }

  private ownResources(): Record<string, string> {
    return this.organizationId
      ? { 'aws:ResourceOrgID': this.organizationId }
      : { 'aws:ResourceAccount': this.stack.account };
  }

  private statement(
    sid: string,
    actions: string[],
    resources: string[],
    equals?: Record<string, string>,
  ): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid,
      principals: [new iam.StarPrincipal()],
      actions,
      resources,
      conditions: equals && { StringEquals: equals },
    });
  }
}
