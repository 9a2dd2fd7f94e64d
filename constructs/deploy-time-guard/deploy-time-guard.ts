import * as fs from 'node:fs';
import * as path from 'node:path';
import { CfnGuardHook, Duration, FileSystem, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import { SecureBucket, WorkloadRole } from '../workload';
import { judgedServices } from './judged-services';

/** What happens to an operation that breaks a rule. */
export enum GuardFailureMode {
  /** The operation is stopped before it changes the resource. */
  FAIL = 'FAIL',
  /** The operation goes on, and its events carry a warning. */
  WARN = 'WARN',
}

/** Whose operations a guard judges. A guard judges one kind; for both, make two. */
export enum GuardedOperation {
  /** Resources that a stack creates or updates. */
  STACK_RESOURCE = 'RESOURCE',
  /** Resources that the Cloud Control API creates or updates, as Terraform's `awscc` provider does. No stack can be excluded. */
  CLOUD_CONTROL = 'CLOUD_CONTROL',
}

/** Properties of a deploy-time guard. */
export interface DeployTimeGuardProps {
  /**
   * Rules in the language of CloudFormation Guard that choose resources by `Type == '...'`. Usually
   * `guardPolicy(rulesOfLevel(RULES, 'error', 'high'))` of `palisade-cdk/compliance`.
   */
  readonly policy: string;
  /** Encrypts the reports, which hold properties of what was deployed. Usually `Purpose.LOGS`. */
  readonly reportKey: kms.IKey;
  /** Name of the hook, unique per account and Region: three parts, the first not `AWS`. @default 'Palisade::Guard::DeployTime' */
  readonly alias?: string;
  /** @default GuardFailureMode.FAIL */
  readonly failureMode?: GuardFailureMode;
  /** @default GuardedOperation.STACK_RESOURCE */
  readonly operation?: GuardedOperation;
  /**
   * Stacks that are not judged, beside the guard's own, whose repair the guard must not stop. Up to 49 names; `*` stands
   * for any characters. Whoever may deploy a stack of such a name passes by the guard.
   * @default ['CDKToolkit'] - the bootstrap stack, whose bucket holds the rules
   */
  readonly excludedStacks?: string[];
  /** Customer managed key of the CDK's bootstrap bucket. @default - the bucket is encrypted with a key that S3 manages */
  readonly bootstrapKey?: kms.IKey;
  /** How long reports are kept. @default Duration.days(365) */
  readonly reportRetention?: Duration;
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** Resource schema of AWS::CloudFormation::GuardHook, as of May 2026. */
const ALIAS = /^(?!aws)[a-z0-9]{2,64}(::[a-z0-9]{2,64}){2}$/i;
const STACK_NAME = /^[a-z*?][-a-z0-9*?]{0,127}$/i;
const MOST_IN_A_FILTER = 50;

/**
 * CloudFormation judges every template of the account by the rules, hand-written ones included, before it touches a
 * resource: a Guard hook with its rules, its role and a bucket for its reports.
 *
 * The rules are an asset in the bootstrap bucket, named by the hash of their content: no function has to copy them, and
 * what the hook reads is what was synthesized. Whoever may write to that bucket may deploy to the account as well.
 *
 * Throws PALISADE-C101 for a policy that names no types, or types of too many services for a hook, PALISADE-C102 for an
 * alias, and PALISADE-C103 for names of stacks that CloudFormation does not take.
 */
export class DeployTimeGuard extends Construct {
  /** Guard's report on each judged operation. */
  readonly reports: s3.IBucket;
  /** ARN of the hook. */
  readonly hookArn: string;

  constructor(scope: Construct, id: string, props: DeployTimeGuardProps) {
    super(scope, id);
    const alias = props.alias ?? 'Palisade::Guard::DeployTime';
    this.requireAlias(alias);
    const targetNames = this.targetNames(props.policy);

    const rules = new Asset(this, 'Rules', { path: fileWith(props.policy) });
    const reports = new SecureBucket(this, 'Reports', {
      encryptionKey: props.reportKey,
      lifecycleRules: [
        { expiration: props.reportRetention ?? Duration.days(365), noncurrentVersionExpiration: Duration.days(30) },
      ],
      removalPolicy: props.removalPolicy,
    });
    this.reports = reports;
    const role = this.role(alias);
    this.grantReadRules(role, rules, props.bootstrapKey);
    this.grantWriteReports(role, reports, props.reportKey);

    const hook = new CfnGuardHook(this, 'Hook', {
      alias,
      executionRole: role.roleArn,
      ruleLocation: { uri: rules.s3ObjectUrl },
      logBucket: reports.bucketName,
      failureMode: props.failureMode ?? GuardFailureMode.FAIL,
      hookStatus: 'ENABLED',
      targetOperations: [props.operation ?? GuardedOperation.STACK_RESOURCE],
      stackFilters: this.stackFilters(props),
    });
    // The CDK's type demands `targets`, which excludes these. A deletion has no properties to judge.
    hook.addPropertyOverride('TargetFilters', {
      Actions: ['CREATE', 'UPDATE'],
      InvocationPoints: ['PRE_PROVISION'],
      TargetNames: targetNames,
    });
    // From its first moment on the hook must be able to read its rules, or it stops every deployment.
    hook.node.addDependency(role, reports);
    this.hookArn = hook.attrHookArn;
  }

  /** AWS CloudFormation User Guide, "Use third-party public extensions": the trust policy of an activated hook. */
  private role(alias: string): WorkloadRole {
    const stack = Stack.of(this);
    const hookArn = stack.formatArn({
      service: 'cloudformation',
      resource: 'type/hook',
      resourceName: alias.replaceAll('::', '-'),
    });
    return new WorkloadRole(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('hooks.cloudformation.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': [hookArn, `${hookArn}/*`] },
        },
      }),
      description: 'Lets the Guard hook read its rules and write its reports',
    });
  }

  /**
   * CloudFormation Hooks User Guide, "Prepare to create a Guard Hook". Any .guard object, not this one alone: during an
   * update the role changes before the hook, which would then stop the deployment for want of its old rules.
   */
  private grantReadRules(role: WorkloadRole, { bucket }: Asset, key?: kms.IKey): void {
    iam.Grant.addToPrincipal({
      grantee: role,
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resourceArns: [bucket.arnForObjects('*.guard')],
    });
    iam.Grant.addToPrincipal({ grantee: role, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] });
    key?.grant(role, 'kms:Decrypt');
  }

  private grantWriteReports(role: WorkloadRole, reports: s3.IBucket, key: kms.IKey): void {
    iam.Grant.addToPrincipal({
      grantee: role,
      actions: ['s3:PutObject'],
      resourceArns: [reports.arnForObjects('*')],
    });
    key.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
  }

  /** CloudFormation ignores names of stacks where Cloud Control calls. */
  private stackFilters({ operation, excludedStacks = ['CDKToolkit'] }: DeployTimeGuardProps) {
    if (operation === GuardedOperation.CLOUD_CONTROL) {
      return undefined;
    }
    this.requireStackNames(excludedStacks);
    const exclude = [...new Set([Stack.of(this).stackName, ...excludedStacks])];
    return { filteringCriteria: 'ALL', stackNames: { exclude } };
  }

  private targetNames(policy: string): string[] {
    const services = judgedServices(policy);
    if (!services || services.length > MOST_IN_A_FILTER) {
      throw new PalisadeError({
        code: 'PALISADE-C101',
        where: this.node.path,
        problem: services
          ? `the policy judges ${services.length} services; a hook takes ${MOST_IN_A_FILTER}`
          : "the policy has no rule, or one that does not choose its resources by Type == '...'",
        fix: 'give guardPolicy(rulesOfLevel(RULES, ...)), or split the policy over two guards',
      });
    }
    return services;
  }

  private requireAlias(alias: string): void {
    if (!ALIAS.test(alias)) {
      throw new PalisadeError({
        code: 'PALISADE-C102',
        where: this.node.path,
        problem: `'${alias}' is not the alias of a hook: expected ${ALIAS}`,
        fix: "give three parts of letters and digits, such as 'Company::Guard::DeployTime'",
      });
    }
  }

  private requireStackNames(names: readonly string[]): void {
    const wrong = names.filter((name) => !STACK_NAME.test(name));
    if (wrong.length > 0 || names.length >= MOST_IN_A_FILTER) {
      throw new PalisadeError({
        code: 'PALISADE-C103',
        where: this.node.path,
        problem:
          wrong.length > 0 ? `no names of stacks: ${wrong.join(', ')}` : `${names.length} names, expected up to 49`,
        fix: 'name stacks, not their ARNs; use * for many of one prefix',
      });
    }
  }
}

/** Hooks tell Guard rules by the ending. */
function fileWith(policy: string): string {
  const file = path.join(FileSystem.mkdtemp('palisade-guard'), 'palisade.guard');
  fs.writeFileSync(file, policy);
  return file;
}
