import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

export const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';

/** What one resource of the template is called once it is deployed. */
function arnOf(id: string, type: string): string {
  switch (type) {
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${id.toLowerCase()}`;
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${ACCOUNT}:role/${id}`;
    case 'AWS::KMS::Key':
      return `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;
    default:
      return `arn:aws:other:${REGION}:${ACCOUNT}:${id}`;
  }
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** The policies of a synthesized stack, asked as AWS would be. */
export class StackPolicies {
  private readonly resources: Record<string, Resource>;

  constructor(stack: Stack) {
    this.resources = Template.fromStack(stack).toJSON().Resources;
  }

  /** ARN of the resource of a type whose logical id begins with `id`. */
  arn(type: string, id: string): string {
    return arnOf(this.find(type, id)[0], type);
  }

  /** Whether the principal may do it: `Allowed`, `ImplicitlyDenied` or `ExplicitlyDenied`. */
  async ask(question: {
    principal: string;
    action: string;
    resource: string;
    context?: Record<string, string>;
    /** What the principal's own policies allow. @default - the policies of its role in this stack */
    allowed?: unknown;
    /** Id of the resource whose policy decides too. */
    policyOf?: { type: string; id: string; property: string };
  }): Promise<string> {
    const decision = await runSimulation(
      {
        request: {
          principal: question.principal,
          action: question.action,
          resource: { resource: question.resource, accountId: ACCOUNT },
          contextVariables: {
            'aws:PrincipalAccount': ACCOUNT,
            'aws:PrincipalArn': question.principal,
            'aws:SecureTransport': 'true',
            's3:TlsVersion': '1.3',
            ...question.context,
          },
        },
        identityPolicies: (question.allowed ? [question.allowed] : this.policiesOf(question.principal)).map(
          (policy, index) => ({ name: `Policy${index}`, policy }),
        ),
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        resourcePolicy: this.policy(question.policyOf ?? BUCKET_POLICY),
      },
      {},
    );
    return decision.resultType === 'error' ? JSON.stringify(decision.errors) : decision.overallResult;
  }

  /** The policies of a role in this stack, as text. */
  allows(principal: string): string {
    return JSON.stringify(this.policiesOf(principal));
  }

  private policiesOf(principal: string): unknown[] {
    return Object.values(this.resources)
      .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')
      .filter(({ Properties }) => {
        const roles = (Properties.Roles ?? []) as { Ref: string }[];
        return roles.some(({ Ref }) => principal.endsWith(`/${Ref}`));
      })
      .map(({ Properties }) => this.resolve(Properties.PolicyDocument));
  }

  private policy({ type, id, property }: { type: string; id: string; property: string }): unknown {
    return this.resolve(this.find(type, id)[1].Properties[property]);
  }

  private find(type: string, id: string): [string, Resource] {
    const found = Object.entries(this.resources).filter(([name, { Type }]) => Type === type && name.startsWith(id));
    expect(found).toHaveLength(1);
    return found[0];
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.resolve(item));
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const [[name, argument] = ['', undefined]] = Object.entries(value);
    switch (name) {
      case 'Fn::GetAtt':
        return arnOf(argument[0], this.resources[argument[0]].Type);
      case 'Fn::Join':
        return (this.resolve(argument[1]) as string[]).join(argument[0]);
      case 'Ref':
        return argument === 'AWS::Partition' ? 'aws' : argument;
      default:
        return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.resolve(inner)]));
    }
  }
}

const BUCKET_POLICY = { type: 'AWS::S3::BucketPolicy', id: 'Vault', property: 'PolicyDocument' };

/** A stack in a known place. */
export const ENV = { account: ACCOUNT, region: REGION };
