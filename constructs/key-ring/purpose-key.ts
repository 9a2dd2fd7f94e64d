import { Arn, ArnFormat, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { dataRemovalPolicy } from '../workload/data-removal';

/**
 * Administration without use. The CDK's own default delegates `kms:*` to the account, which lets any IAM
 * administrator decrypt; this list leaves every cryptographic action and CreateGrant out.
 */
const ADMINISTRATION_ACTIONS = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:GetPublicKey',
  'kms:ListAliases',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

const ENCRYPTION_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** CDK's own grants name these two with wildcards. */
const WITHOUT_WILDCARD: Record<string, string[]> = {
  'kms:GenerateDataKey*': ['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
  'kms:ReEncrypt*': ['kms:ReEncryptFrom', 'kms:ReEncryptTo'],
};

const USE_ACTIONS: Record<kms.KeyUsage, string[]> = {
  [kms.KeyUsage.ENCRYPT_DECRYPT]: ENCRYPTION_ACTIONS,
  [kms.KeyUsage.SIGN_VERIFY]: ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign', 'kms:Verify'],
  [kms.KeyUsage.GENERATE_VERIFY_MAC]: ['kms:DescribeKey', 'kms:GenerateMac', 'kms:VerifyMac'],
  [kms.KeyUsage.KEY_AGREEMENT]: ['kms:DescribeKey', 'kms:DeriveSharedSecret', 'kms:GetPublicKey'],
};

/** Properties of a purpose key. */
export interface PurposeKeyProps {
  /** What the key protects, as a reviewer reads it in the console. */
  readonly description: string;
  /** Alias without the `alias/` prefix. */
  readonly aliasName: string;
  /**
   * Name of this key in the role tags that permit its use (`palisade:key/<useName>`). Unique per account and Region.
   * @default - the alias name
   */
  readonly useName?: string;
  /** @default SYMMETRIC_DEFAULT */
  readonly keySpec?: kms.KeySpec;
  /** @default ENCRYPT_DECRYPT */
  readonly keyUsage?: kms.KeyUsage;
  /**
   * Who administers the key: changes its policy, rotation and deletion, and can never use it.
   * @default - principals of the account whose IAM policies allow it
   */
  readonly administrators?: iam.IPrincipal[];
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A CMK whose use is opened only by grants made in code.
 *
 * A grant to a role adds the actions to the role *and* tags the role with `palisade:key/<name>`; the key policy
 * accepts use from tagged principals of its own account only. So an IAM administrator with `kms:*` cannot decrypt,
 * and a role in a later stack can be granted without a circular reference. Roles made outside the app, services and
 * other accounts are named in the key policy instead.
 */
export class PurposeKey extends kms.Key {
  /** Tag that marks a role as a user of this key. */
  readonly useTag: string;

  private readonly openedTo = new Set<string>();
  private readonly sids = new Map<string, number>();

  constructor(scope: Construct, id: string, props: PurposeKeyProps) {
    const usage = props.keyUsage ?? kms.KeyUsage.ENCRYPT_DECRYPT;
    const symmetric = usage === kms.KeyUsage.ENCRYPT_DECRYPT;
    const useTag = `palisade:key/${props.useName ?? props.aliasName}`;
    super(scope, id, {
      description: props.description,
      alias: props.aliasName,
      keySpec: props.keySpec,
      keyUsage: props.keyUsage,
      enableKeyRotation: symmetric ? true : undefined,
      removalPolicy: dataRemovalPolicy(scope, props.removalPolicy),
      policy: new iam.PolicyDocument({
        statements: [administration(props.administrators), useByTaggedRoles(scope, useTag, usage)],
      }),
    });
    this.useTag = useTag;
  }

  override get grants(): kms.KeyGrants {
    const grants = super.grants;
    const grantActions = kms.KeyGrants.prototype.actions;
    grants.actions = (grantee: iam.IGrantable, ...actions: string[]): iam.Grant => {
      const named = actions.flatMap((action) => WITHOUT_WILDCARD[action] ?? [action]);
      this.admit(grantee, named);
      return grantActions.call(grants, grantee, ...named);
    };
    return grants;
  }

  /**
   * Grants `actions` where the request carries exactly these encryption-context pairs.
   *
   * @param encryptionContext pairs that the caller must pass; KMS logs them in CloudTrail in clear text
   */
  grantWithContext(
    grantee: iam.IGrantable,
    encryptionContext: Record<string, string>,
    ...actions: string[]
  ): iam.Grant {
    this.admit(grantee, actions);
    const pairs = Object.entries(encryptionContext).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]);
    return iam.Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.keyArn],
      conditions: { StringEquals: Object.fromEntries(pairs) },
    });
  }

  /**
   * Grants `actions` for the objects of one bucket, through S3 alone: with S3 Bucket Keys the encryption context is the
   * bucket's ARN (Amazon S3 User Guide, "S3 Bucket Keys"). Whoever has the grant decrypts nothing by itself.
   */
  grantThroughBucket(grantee: iam.IGrantable, bucketArn: string, ...actions: string[]): iam.Grant {
    const { region, urlSuffix } = Stack.of(this);
    this.admit(grantee, actions);
    return iam.Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [this.keyArn],
      conditions: {
        StringEquals: { 'kms:EncryptionContext:aws:s3:arn': bucketArn, 'kms:ViaService': `s3.${region}.${urlSuffix}` },
      },
    });
  }

  /** True the first time it is asked for `use`: the same statement is added once, whoever asks. */
  private opensTo(use: string): boolean {
    const first = !this.openedTo.has(use);
    this.openedTo.add(use);
    return first;
  }

  /** Statement ids name a service; the second statement for the same service gets a number. */
  private uniqueSid(name: string): string {
    const count = (this.sids.get(name) ?? 0) + 1;
    this.sids.set(name, count);
    return count === 1 ? name : `${name}${count}`;
  }

  /** Makes the key policy accept the grantee: by tag where the app owns the role, by name where it was imported. */
  private admit(grantee: iam.IGrantable, actions: string[]): void {
    const principal = grantee.grantPrincipal;
    if (principal instanceof iam.Role && principal.node.defaultChild instanceof iam.CfnRole) {
      principal.node.defaultChild.tags.setTag(this.useTag, 'use');
    } else if ('roleArn' in principal) {
      this.addToResourcePolicy(new iam.PolicyStatement({ principals: [principal], actions, resources: ['*'] }));
    }
  }

  /**
   * Lets an AWS service use the key for resources of this account, under the given conditions.
   *
   * @param service service principal, such as `cloudtrail.amazonaws.com`
   * @param conditions condition block that ties the use to one caller; `aws:SourceAccount` is always added
   */
  allowService(service: string, actions: string[], conditions: Record<string, Record<string, unknown>> = {}): void {
    const account = Stack.of(this).account;
    if (!this.opensTo(`${service} ${actions} ${JSON.stringify(Stack.of(this).resolve(conditions))}`)) {
      return;
    }
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: this.uniqueSid(`Service${sidOf(service)}`),
        principals: [new iam.ServicePrincipal(service)],
        actions,
        resources: ['*'],
        conditions: {
          ...conditions,
          StringEquals: { ...conditions.StringEquals, 'aws:SourceAccount': account },
        },
      }),
    );
  }

  /**
   * Lets CloudWatch Logs encrypt log groups of this account and Region with the key.
   *
   * Logs sends no `aws:SourceAccount`; it is bound by the encryption context that it always sets to the group's ARN
   * (Amazon CloudWatch Logs User Guide, "Encrypt log data using AWS KMS").
   */
  allowLogs(): void {
    if (!this.opensTo('logs')) {
      return;
    }
    const stack = Stack.of(this);
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'CloudWatchLogs',
        principals: [new iam.ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
        actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': Arn.format(
              { service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME },
              stack,
            ),
          },
        },
      }),
    );
  }

  /**
   * Lets whoever deploys attach the key to resources of one service: the service then acts with the deployer's
   * session, so the key policy has to accept it. Never opens direct use.
   *
   * @param service prefix in `kms:ViaService`, such as `lambda` or `sagemaker`
   * @param actions beyond DescribeKey and CreateGrant (grants for AWS resources only). @default - none
   */
  allowProvisioning(service: string, ...actions: string[]): void {
    if (!this.opensTo(`provision ${service} ${actions}`)) {
      return;
    }
    const stack = Stack.of(this);
    const viaService = {
      'kms:CallerAccount': stack.account,
      'kms:ViaService': `${service}.${stack.region}.${stack.urlSuffix}`,
    };
    const principals = [new iam.AccountRootPrincipal()];
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: this.uniqueSid(`Provision${sidOf(service)}`),
        principals,
        actions: ['kms:DescribeKey', ...actions],
        resources: ['*'],
        conditions: { StringEquals: viaService },
      }),
    );
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: this.uniqueSid(`ProvisionGrants${sidOf(service)}`),
        principals,
        actions: ['kms:CreateGrant'],
        resources: ['*'],
        conditions: { StringEquals: viaService, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
    );
  }
}

function administration(administrators?: iam.IPrincipal[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AdministerWithoutUse',
    principals: administrators ?? [new iam.AccountRootPrincipal()],
    actions: ADMINISTRATION_ACTIONS,
    resources: ['*'],
  });
}

function useByTaggedRoles(scope: Construct, useTag: string, usage: kms.KeyUsage): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'UseByGrantedRoles',
    principals: [new iam.AccountRootPrincipal()],
    actions: USE_ACTIONS[usage],
    resources: ['*'],
    conditions: {
      StringEquals: { [`aws:PrincipalTag/${useTag}`]: 'use', 'kms:CallerAccount': Stack.of(scope).account },
    },
  });
}

/** Letters of a service name, in the form a statement id allows. */
function sidOf(service: string): string {
  return service
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => !['amazonaws', 'com'].includes(part))
    .map((part) => part[0].toUpperCase() + part.slice(1))
    .join('');
}
