import {
  CfnCondition,
  type CfnCustomResource,
  CfnParameter,
  CustomResource,
  Duration,
  Fn,
  type RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Construct, type IDependable } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import { Purpose } from '../key-ring';
import { HandlerFunction } from '../workload';
import { type ModelRegistry, NO_APPROVED_MODEL } from './model-registry';

/** Properties of an approved model. */
export interface ApprovedModelProps {
  /** Registry that holds the model and its approval. */
  readonly registry: ModelRegistry;
  /** Of the verifying function's log. DESTROY deletes it with the stack. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The model that a registry has approved, as a stack deploys it.
 *
 * The package's ARN is read from the registry's parameter at each deployment. While it says `none`, `condition` does
 * not hold, so that the first deployment of an account, which has no model, succeeds. Once there is one, a custom
 * resource holds that the package carries a signed approval by a second person; otherwise the deployment fails.
 *
 * Throws PALISADE-R003 in the registry's own stack: CloudFormation reads the parameter before it makes anything.
 */
export class ApprovedModel extends Construct {
  /** ARN of the approved package. A token; usable only where `condition` holds. */
  readonly packageArn: string;
  /** Holds once a package is approved. Put it on every resource that needs the model. */
  readonly condition: CfnCondition;
  /** What a resource depends on, so that it is made only after the approval was verified. */
  readonly verified: IDependable;

  constructor(scope: Construct, id: string, { registry, removalPolicy }: ApprovedModelProps) {
    super(scope, id);
    this.requireLaterStack(registry);
    const parameter = new CfnParameter(this, 'Package', {
      type: 'AWS::SSM::Parameter::Value<String>',
      default: registry.approvedPackageParameter,
      description: `Approved model package of ${registry.keys.system}, or ${NO_APPROVED_MODEL}`,
    });
    this.packageArn = parameter.valueAsString;
    this.condition = new CfnCondition(this, 'HasModel', {
      expression: Fn.conditionNot(Fn.conditionEquals(parameter.valueAsString, NO_APPROVED_MODEL)),
    });
    this.verified = this.verification(registry, removalPolicy);
  }

  /** Outside any VPC: it reads a description, a record and a version, never a model. */
  private verification(registry: ModelRegistry, removalPolicy?: RemovalPolicy): CustomResource {
    const verifier = new HandlerFunction(this, 'Verifier', {
      handler: 'model-package-verification',
      description: `Verifies the approval of a model of ${registry.keys.system} before it is deployed`,
      encryptionKey: registry.keys.key(Purpose.LOGS),
      timeout: Duration.minutes(1),
      removalPolicy,
      environment: {
        ACCOUNT: Stack.of(this).account,
        BUCKET: registry.bucket.bucketName,
        GROUP: registry.group.modelPackageGroupName,
        SEAL_KEY: registry.keys.sealKey.keyArn,
      },
    });
    const access = registry.grantVerify(verifier);
    const verification = new CustomResource(this, 'Verification', {
      resourceType: 'Custom::VerifiedModelPackage',
      serviceToken: verifier.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: { PackageArn: this.packageArn },
    });
    access.applyBefore(verification);
    const { defaultChild } = verification.node;
    (defaultChild as CfnCustomResource).cfnOptions.condition = this.condition;
    return verification;
  }

  private requireLaterStack(registry: ModelRegistry): void {
    if (Stack.of(registry) === Stack.of(this)) {
      throw new PalisadeError({
        code: 'PALISADE-R003',
        where: this.node.path,
        problem: `the registry ${registry.node.path} is in the same stack, so its parameter is read before it exists`,
        fix: 'deploy models from a stack of their own',
      });
    }
    Stack.of(this).addStackDependency(Stack.of(registry), 'its parameter names the approved model');
  }
}
