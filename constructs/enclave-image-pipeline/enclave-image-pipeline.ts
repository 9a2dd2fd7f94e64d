import * as fs from 'node:fs';
import * as path from 'node:path';
import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import { type KeyRing, Purpose, type PurposeKey } from '../key-ring';
import { type FunctionNetwork, packageRoot, SecureLogGroup } from '../workload';
import { BuildRole } from './build-role';
import { HOST_PACKAGES, IMAGE, ImageBucket, MANIFEST } from './image-bucket';

/** The image that builds run in. */
export interface BuilderImage {
  /** Holds an image made from `enclave/pipeline/builder.Dockerfile`. */
  readonly repository: ecr.IRepository;
  /** Which one: `sha256:` and 64 lower-case hexadecimal digits. */
  readonly digest: string;
}

/** Signs images, so that PCR8 tells who made them. The private key never leaves KMS. */
export interface EnclaveImageSigning {
  /** ECC_NIST_P384 key, of no other use. Of the same account: nitro-cli 1.4 takes no other (its issue 756). */
  readonly key: PurposeKey;
  /** Certificate of the key's public half in PEM: a path in the source folder. An image does not start after it has expired. */
  readonly certificate: string;
}

/** Properties of an enclave image pipeline. */
export interface EnclaveImagePipelineProps {
  /** Keys of the AI system: MODEL encrypts images, LOGS the log, the seal key signs measurements. */
  readonly keys: KeyRing;
  /**
   * Folder with the Dockerfile of the enclave, as it was reviewed; uploaded as an asset. Every base image is pinned by
   * digest, as `${REGISTRY}/name@sha256:...`, where REGISTRY is a build argument: the ECR registry of the account. The
   * build argument REGION names the Region, and the folder `palisade` holds the enclave app.
   */
  readonly source: string;
  /** What the build runs in. */
  readonly builder: BuilderImage;
  /** Repositories that the Dockerfile's base images are in. @default - none */
  readonly baseImages?: ecr.IRepository[];
  /** Where the build runs. Needs endpoints for ECR (API and Docker), KMS, Logs and S3, and nothing else. */
  readonly network: FunctionNetwork;
  /** What the enclave's instances run on; the build runs on the same. @default ec2.InstanceArchitecture.X86_64 */
  readonly architecture?: ec2.InstanceArchitecture;
  /** @default - images are not signed, and have no PCR8 */
  readonly signing?: EnclaveImageSigning;
  /** How firmly and how long published images are held. @default ObjectLockRetention.governance(Duration.days(365)) */
  readonly objectLockRetention?: s3.ObjectLockRetention;
  /** Told of builds that fail, as when two tools measure differently. @default - nobody is */
  readonly alarmTopic?: sns.ITopic;
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** What a build may not be started with: each would run other code with the rights of the build (condition keys of StartBuild). */
const OVERRIDES = [
  'artifacts',
  'cache',
  'environment.certificate',
  'environment.environmentVariables',
  'environment.image',
  'logsConfig',
  'secondarySources',
  'serviceRole',
  'source.buildspec',
  'source.location',
];

/** CodeBuild starts no Docker daemon in images that are not its own. */
const START_DOCKER = [
  'nohup dockerd >/dev/null 2>&1 &',
  'timeout 60 sh -c "until docker info >/dev/null 2>&1; do sleep 1; done"',
];

/**
 * From a reviewed folder to a measured image: builds with Docker and nitro-cli, signs, measures with nitro-cli and again
 * with `palisade eif measure`, and publishes only what both agree on. Image and signed measurements go to a bucket that
 * nobody deletes from; a person copies the measurements into `enclave/measurements/<system>.json` by pull request.
 *
 * Throws PALISADE-E420 for a source without Dockerfile, E421 for a builder that is not pinned, E422 for a certificate
 * that is not in the source.
 */
export class EnclaveImagePipeline extends Construct {
  /** Published images: `image.eif`, `host-packages.tar`, `measurements.json` and `measurements.json.sig`, a version per build. */
  readonly bucket: s3.IBucket;
  /** Name of the CodeBuild project. */
  readonly projectName: string;
  /** ARN of the CodeBuild project. */
  readonly projectArn: string;
  /** Role of the build. */
  readonly role: iam.IRole;

  private readonly keys: KeyRing;

  constructor(scope: Construct, id: string, props: EnclaveImagePipelineProps) {
    super(scope, id);
    this.requireInputs(props);
    const { keys, network } = props;
    this.keys = keys;
    const role = new BuildRole(this, 'Role', `Builds enclave images of ${keys.system}`);
    this.role = role;
    this.bucket = new ImageBucket(this, 'Images', {
      encryptionKey: keys.key(Purpose.MODEL),
      objectLockDefaultRetention: props.objectLockRetention,
      removalPolicy: props.removalPolicy,
      buildRole: role,
    });
    const source = new Asset(this, 'Source', { path: props.source });
    const commandLine = new Asset(this, 'CommandLine', {
      path: path.join(packageRoot(), 'dist', 'bin', 'palisade.js'),
    });
    const application = new Asset(this, 'Application', { path: path.join(packageRoot(), 'dist', 'enclave', 'app') });
    const logGroup = this.log(props.removalPolicy);
    const { subnets } = network.vpc.selectSubnets(network.subnets ?? { subnetType: ec2.SubnetType.PRIVATE_ISOLATED });

    const project = new codebuild.CfnProject(this, 'Project', {
      description: `Builds, measures and publishes enclave images of ${keys.system}`,
      serviceRole: role.roleArn,
      source: {
        type: 'S3',
        location: `${source.s3BucketName}/${source.s3ObjectKey}`,
        buildSpec: JSON.stringify(buildSpec()),
      },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: props.architecture === ec2.InstanceArchitecture.ARM_64 ? 'ARM_CONTAINER' : 'LINUX_CONTAINER',
        computeType: 'BUILD_GENERAL1_LARGE',
        image: `${props.builder.repository.repositoryUri}@${props.builder.digest}`,
        imagePullCredentialsType: 'SERVICE_ROLE',
        // Docker needs it to build an image inside a container.
        privilegedMode: true,
        environmentVariables: this.variables(props, commandLine, application),
      },
      encryptionKey: keys.key(Purpose.MODEL).keyArn,
      logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: logGroup.logGroupName } },
      vpcConfig: {
        vpcId: network.vpc.vpcId,
        subnets: subnets.map(({ subnetId }) => subnetId),
        securityGroupIds: [network.securityGroup.securityGroupId],
      },
      // Versions of the published objects stay in the order of the builds.
      concurrentBuildLimit: 1,
      timeoutInMinutes: 60,
      queuedTimeoutInMinutes: 60,
    });
    this.projectName = project.ref;
    this.projectArn = project.attrArn;
    logGroup.grantWrite(role);
    role.attachTo(subnets, network.securityGroup);
    this.allowBuild(role, props, [source, commandLine, application]);
    // CodeBuild checks the role when the project is made.
    project.node.addDependency(role);
    this.alarm(props.alarmTopic);
  }

  /** Lets `grantee`, such as the role of an enclave's parent, read published images and their measurements. */
  grantReadImages(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resourceArns: this.objects(),
    }).combine(this.useKey(grantee, 'kms:Decrypt'));
  }

  /** Lets `grantee` start a build of what was reviewed, with nothing changed, and follow it. */
  grantStartBuild(grantee: iam.IGrantable): iam.Grant {
    const start = iam.Grant.addToPrincipal({
      grantee,
      actions: ['codebuild:StartBuild'],
      resourceArns: [this.projectArn],
      conditions: { Null: Object.fromEntries(OVERRIDES.map((name) => [`codebuild:${name}`, 'true'])) },
    });
    const follow = iam.Grant.addToPrincipal({
      grantee,
      actions: ['codebuild:BatchGetBuilds', 'codebuild:ListBuildsForProject'],
      resourceArns: [this.projectArn],
    });
    return start.combine(follow);
  }

  private objects(): string[] {
    return [HOST_PACKAGES, IMAGE, ...MANIFEST].map((name) => this.bucket.arnForObjects(name));
  }

  private useKey(grantee: iam.IGrantable, ...kmsActions: string[]): iam.Grant {
    return this.keys.key(Purpose.MODEL).grantThroughBucket(grantee, this.bucket.bucketArn, ...kmsActions);
  }

  private allowBuild(
    role: BuildRole,
    { builder, baseImages = [], signing }: EnclaveImagePipelineProps,
    assets: Asset[],
  ): void {
    for (const repository of [builder.repository, ...baseImages]) {
      repository.grantPull(role);
    }
    role.allow(
      ['s3:GetObject', 's3:GetObjectVersion'],
      assets.map(({ bucket, s3ObjectKey }) => bucket.arnForObjects(s3ObjectKey)),
    );
    role.allow(['s3:PutObject'], this.objects());
    // S3 decrypts the bucket's key to use it, also for writing (Amazon S3 User Guide, "S3 Bucket Keys").
    this.useKey(role, 'kms:Decrypt', 'kms:GenerateDataKey');
    this.keys.sealKey.grant(role, 'kms:Sign');
    signing?.key.grant(role, 'kms:GetPublicKey', 'kms:Sign');
  }

  private variables(
    { signing }: EnclaveImagePipelineProps,
    commandLine: Asset,
    application: Asset,
  ): codebuild.CfnProject.EnvironmentVariableProperty[] {
    const { account, region, urlSuffix } = Stack.of(this);
    return Object.entries({
      SYSTEM: this.keys.system,
      REGISTRY: `${account}.dkr.ecr.${region}.${urlSuffix}`,
      PALISADE: commandLine.s3ObjectUrl,
      APPLICATION: application.s3ObjectUrl,
      BUCKET: this.bucket.bucketName,
      SEAL_KEY: this.keys.sealKey.keyArn,
      ...(signing && { SIGNING_KEY: signing.key.keyArn, SIGNING_CERTIFICATE: signing.certificate }),
    }).map(([name, value]) => ({ name, value }));
  }

  private log(removalPolicy?: RemovalPolicy): SecureLogGroup {
    const key = this.keys.key(Purpose.LOGS);
    key.allowLogs();
    return new SecureLogGroup(this, 'Log', { encryptionKey: key, removalPolicy });
  }

  private alarm(topic?: sns.ITopic): void {
    const alarm = new cloudwatch.Metric({
      namespace: 'AWS/CodeBuild',
      metricName: 'FailedBuilds',
      dimensionsMap: { ProjectName: this.projectName },
      statistic: cloudwatch.Stats.SUM,
      period: Duration.minutes(5),
    }).createAlarm(this, 'Failed', {
      alarmDescription: `A build of the enclave image of ${this.keys.system} failed; it may measure differently than nitro-cli says`,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    if (topic) {
      alarm.addAlarmAction(new actions.SnsAction(topic));
    }
  }

  private requireInputs({ source, builder, signing }: EnclaveImagePipelineProps): void {
    const isThere = (name: string) => fs.existsSync(path.join(source, name));
    if (!isThere('Dockerfile')) {
      throw this.error('E420', `no Dockerfile in ${source}`, 'give source the folder that describes the enclave');
    }
    if (!/^sha256:[0-9a-f]{64}$/.test(builder.digest)) {
      throw this.error(
        'E421',
        `the builder is '${builder.digest}', which is no digest: a tag can be moved`,
        'push an image made from enclave/pipeline/builder.Dockerfile, and give its digest (sha256:...)',
      );
    }
    if (signing && !isThere(signing.certificate)) {
      throw this.error(
        'E422',
        `no certificate ${signing.certificate} in ${source}`,
        'put the certificate of the signing key into the source folder, in PEM',
      );
    }
  }

  private error(code: string, problem: string, fix: string): PalisadeError {
    return new PalisadeError({ code: `PALISADE-${code}`, where: this.node.path, problem, fix });
  }
}

/** The script is in the template, so that what builds is deployed and compared like everything else. */
function buildSpec(): object {
  const script = fs.readFileSync(path.join(packageRoot(), 'enclave', 'pipeline', 'build.sh'), 'utf8');
  return {
    version: '0.2',
    env: { shell: 'bash' },
    phases: {
      install: { commands: START_DOCKER },
      build: { commands: ['export GENERATION="build-$CODEBUILD_BUILD_NUMBER"', script] },
    },
  };
}
