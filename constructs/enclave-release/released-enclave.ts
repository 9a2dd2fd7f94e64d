import { CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import { HOST_PACKAGES, IMAGE } from '../enclave-image-pipeline/image-bucket';
import { type EnclaveRelease, NOT_RELEASED, SEALED_MODEL } from './enclave-release';

/** One version of an object that hosts fetch. */
export interface ReleasedArtifact {
  readonly bucket: s3.IBucket;
  readonly key: string;
  /** A token; `none` while nothing is released. */
  readonly versionId: string;
}

/** Properties of a released enclave. */
export interface ReleasedEnclaveProps {
  /** Where image and model are. */
  readonly release: EnclaveRelease;
}

/**
 * The image and the model that were released, as a stack deploys them. While nothing is, `condition` does not hold, so
 * that the first deployment of an account, which has neither, succeeds.
 *
 * Throws PALISADE-E440 in the release's own stack: CloudFormation reads the parameter before it makes anything.
 */
export class ReleasedEnclave extends Construct {
  /** Holds once something is released. Put it on what needs it: the fleet's group, and what watches it. */
  readonly condition: CfnCondition;
  /** The enclave image. */
  readonly image: ReleasedArtifact;
  /** Packages that hosts install. */
  readonly packages: ReleasedArtifact;
  /** The sealed model. */
  readonly model: ReleasedArtifact;
  /** SHA-256 of the sealed model, in hexadecimal. A token. */
  readonly modelSha256: string;

  private readonly release: EnclaveRelease;

  constructor(scope: Construct, id: string, { release }: ReleasedEnclaveProps) {
    super(scope, id);
    this.release = release;
    this.requireLaterStack(release);
    const { valueAsList } = new CfnParameter(this, 'Versions', {
      type: 'AWS::SSM::Parameter::Value<List<String>>',
      default: release.parameterName,
      description: 'Versions of image, host packages and sealed model, and the SHA-256 of the model',
    });
    const chosen = (index: number) => Fn.select(index, valueAsList);
    this.condition = new CfnCondition(this, 'IsReleased', {
      expression: Fn.conditionNot(Fn.conditionEquals(chosen(0), NOT_RELEASED)),
    });
    this.image = { bucket: release.pipeline.bucket, key: IMAGE, versionId: chosen(0) };
    this.packages = { bucket: release.pipeline.bucket, key: HOST_PACKAGES, versionId: chosen(1) };
    this.model = { bucket: release.bucket, key: SEALED_MODEL, versionId: chosen(2) };
    this.modelSha256 = chosen(3);
  }

  /** Lets `grantee`, the role of a fleet's hosts, read all three. */
  grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.release.grantRead(grantee);
  }

  private requireLaterStack(release: EnclaveRelease): void {
    if (Stack.of(release) === Stack.of(this)) {
      throw new PalisadeError({
        code: 'PALISADE-E440',
        where: this.node.path,
        problem: `the release ${release.node.path} is in the same stack, so its parameter is read before it exists`,
        fix: 'deploy fleets from a stack of their own',
      });
    }
    Stack.of(this).addStackDependency(Stack.of(release), 'its parameter names what is released');
  }
}
