import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import { APPROVED, PURPOSE_TAG, QUARANTINE, requireName, SEAL_TAG, SEALED } from '../../runtime/integrity';
import { type IDecisionLedger, recordDecisions } from '../governance-ledger/decision-ledger';
import { type KeyRing, Purpose, type PurposeKey } from '../key-ring';
import { type FunctionNetwork, HandlerFunction, SecureBucket } from '../workload';
import { lifecycleRules } from './retention';
import { restrictVault } from './vault-policy';

/** Properties of a dataset vault. */
export interface DatasetVaultProps {
  /**
   * Keys of the AI system: DATA encrypts the objects, LOGS the functions' logs, the seal key signs. DATA must serve this
   * vault only, so that destroying the key destroys the datasets and nothing else.
   */
  readonly keys: KeyRing;
  /** Where the functions run; they call S3 and KMS. @default - outside any VPC */
  readonly network?: FunctionNetwork;
  /**
   * Has each seal, before its data can be read. Functions in a VPC then need an endpoint for Lambda.
   * @default - no ledger: the seal itself is signed and kept
   */
  readonly ledger?: IDecisionLedger;
  /** What datasets may be sealed for; the first is what a call without a purpose means. @default ['training'] */
  readonly purposes?: string[];
  /** How long a delivery waits to be sealed, and stays afterwards. @default Duration.days(30) */
  readonly quarantineRetention?: Duration;
  /** How long a sealed dataset is kept. @default - until its key is destroyed */
  readonly retention?: Duration;
  /** The same for single datasets, by name; where `retention` is given too, the shorter one counts. @default - none */
  readonly datasetRetention?: Record<string, Duration>;
  /** How long an object is kept after it stopped being the current version. @default Duration.days(90) */
  readonly noncurrentRetention?: Duration;
  /** @default RetentionDays.SIX_MONTHS */
  readonly logRetention?: RetentionDays;
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** What a reader of sealed data states. */
export interface ReadOptions {
  /** Purpose that the data was sealed for. */
  readonly purpose: string;
}

/**
 * Store of datasets that become readable once they are sealed.
 *
 * Data is delivered under `quarantine/<dataset>/<version>/`, where nobody reads it. `sealFunction` hashes it, copies it
 * to `approved/<dataset>/<version>/data/`, signs a manifest of it and tags it for one purpose. Readers are granted
 * one purpose; `verifyFunction` tells them whether everything still is as it was sealed.
 *
 * Throws PALISADE-D001 for a retention that S3 cannot keep, PALISADE-D002 for purposes that are none, PALISADE-D003
 * when a purpose is granted that the vault does not serve, PALISADE-K002 for a ring without DATA or LOGS.
 */
export class DatasetVault extends Construct {
  /** Bucket with the datasets. */
  readonly bucket: s3.IBucket;
  /** Encrypts the objects, and nothing else. */
  readonly encryptionKey: PurposeKey;
  /** Seals `{dataset, version, purpose?}`. At most one call runs at a time; a call that was throttled is repeated. */
  readonly sealFunction: lambda.IFunction;
  /**
   * Verifies `{dataset, version}` and answers `{verified, prefix, manifestRoot, purpose, objects, bytes, depth}`. Fails
   * with the error `DatasetNotSealed` when the dataset is not what was sealed.
   */
  readonly verifyFunction: lambda.IFunction;

  private readonly purposes: string[];

  constructor(scope: Construct, id: string, props: DatasetVaultProps) {
    super(scope, id);
    this.purposes = requirePurposes(props.purposes ?? ['training'], this);
    this.encryptionKey = props.keys.key(Purpose.DATA);
    const bucket = new SecureBucket(this, 'Bucket', {
      encryptionKey: this.encryptionKey,
      lifecycleRules: lifecycleRules(
        {
          quarantine: props.quarantineRetention ?? Duration.days(30),
          approved: props.retention,
          datasets: props.datasetRetention ?? {},
          noncurrent: props.noncurrentRetention ?? Duration.days(90),
        },
        this.node.path,
      ),
      removalPolicy: props.removalPolicy,
    });
    this.bucket = bucket;
    const sealer = this.createSealer(props);
    const verifier = this.createVerifier(props);
    restrictVault(bucket, {
      keyArn: this.encryptionKey.keyArn,
      sealRoleArn: roleArnOf(sealer),
      verifyRoleArn: roleArnOf(verifier),
    });
    this.sealFunction = sealer;
    this.verifyFunction = verifier;
  }

  /** Lets `grantee` deliver data to quarantine. It cannot read there, not even its own delivery. */
  grantIngest(grantee: iam.IGrantable): iam.Grant {
    return this.grantObjects(
      grantee,
      ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject'],
      QUARANTINE,
    ).combine(
      // A multipart upload decrypts its parts when it is completed (Amazon S3 User Guide, "Multipart upload and permissions").
      this.grantKey(grantee, 'kms:Decrypt', 'kms:GenerateDataKey'),
    );
  }

  /**
   * Lets `grantee` list sealed datasets, and read and decrypt those that were sealed for one purpose. The key is granted
   * for this bucket's encryption context only.
   */
  grantRead(grantee: iam.IGrantable, options: ReadOptions): iam.Grant {
    if (!this.purposes.includes(options.purpose)) {
      throw new PalisadeError({
        code: 'PALISADE-D003',
        where: this.node.path,
        problem: `no dataset is sealed for '${options.purpose}'; purposes are ${this.purposes.join(', ')}`,
        fix: 'add the purpose to the purposes of the DatasetVault, or read for one of them',
      });
    }
    const sealedFor = {
      StringEquals: {
        [`s3:ExistingObjectTag/${SEAL_TAG}`]: SEALED,
        [`s3:ExistingObjectTag/${PURPOSE_TAG}`]: options.purpose,
      },
    };
    return this.grantObjects(grantee, ['s3:GetObject', 's3:GetObjectVersion'], APPROVED, sealedFor)
      .combine(this.grantList(grantee, APPROVED))
      .combine(this.grantKey(grantee, 'kms:Decrypt'));
  }

  /** Lets `grantee` seal what was delivered. Keep it apart from who delivers: sealing is the second pair of eyes. */
  grantSeal(grantee: iam.IGrantable): iam.Grant {
    return invoke(grantee, this.sealFunction);
  }

  /** Lets `grantee` verify seals. */
  grantVerify(grantee: iam.IGrantable): iam.Grant {
    return invoke(grantee, this.verifyFunction);
  }

  private createSealer(props: DatasetVaultProps): HandlerFunction {
    const sealer = this.createFunction('Seal', props, {
      handler: 'dataset-seal',
      description: `Seals datasets of ${props.keys.system} in ${props.keys.stage}`,
      environment: { VAULT_PURPOSES: this.purposes.join(',') },
      // Two calls for one dataset version would each copy it, and only one copy is what the seal names.
      reservedConcurrentExecutions: 1,
    });
    this.grantList(sealer, QUARANTINE, APPROVED);
    this.grantObjects(sealer, ['s3:GetObject', 's3:GetObjectVersion'], QUARANTINE);
    this.grantObjects(sealer, ['s3:GetObject', 's3:PutObject', 's3:PutObjectVersionTagging'], APPROVED);
    this.grantKey(sealer, 'kms:Decrypt', 'kms:GenerateDataKey');
    props.keys.sealKey.grant(sealer, 'kms:Sign', 'kms:Verify');
    if (props.ledger) {
      recordDecisions(sealer, props.ledger, props.keys);
    }
    return sealer;
  }

  private createVerifier(props: DatasetVaultProps): HandlerFunction {
    const verifier = this.createFunction('Verify', props, {
      handler: 'dataset-verify',
      description: `Verifies sealed datasets of ${props.keys.system} in ${props.keys.stage}`,
    });
    this.grantList(verifier, APPROVED);
    this.grantObjects(verifier, ['s3:GetObject'], APPROVED);
    this.grantKey(verifier, 'kms:Decrypt');
    props.keys.sealKey.grant(verifier, 'kms:Verify');
    return verifier;
  }

  private createFunction(
    id: string,
    props: DatasetVaultProps,
    own: {
      handler: string;
      description: string;
      environment?: Record<string, string>;
      reservedConcurrentExecutions?: number;
    },
  ): HandlerFunction {
    return new HandlerFunction(this, id, {
      ...own,
      encryptionKey: props.keys.key(Purpose.LOGS),
      network: props.network,
      environment: {
        ...own.environment,
        VAULT_BUCKET: this.bucket.bucketName,
        VAULT_ACCOUNT: Stack.of(this).account,
        SEAL_KEY_ARN: props.keys.sealKey.keyArn,
      },
      // The longest that Lambda allows, and a full virtual CPU: the time goes into reading and hashing.
      timeout: Duration.minutes(15),
      memorySize: 1769,
      logRetention: props.logRetention,
      removalPolicy: props.removalPolicy,
    });
  }

  private grantObjects(
    grantee: iam.IGrantable,
    actions: string[],
    prefix: string,
    conditions?: Record<string, Record<string, unknown>>,
  ): iam.Grant {
    const resourceArns = [this.bucket.arnForObjects(`${prefix}/*`)];
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns, conditions });
  }

  private grantList(grantee: iam.IGrantable, ...prefixes: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [this.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}/*`) } },
    });
  }

  /** S3 Bucket Keys are on: the encryption context is the ARN of the bucket (Amazon S3 User Guide, "S3 Bucket Keys"). */
  private grantKey(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return this.encryptionKey.grantWithContext(grantee, { 'aws:s3:arn': this.bucket.bucketArn }, ...actions);
  }
}

function invoke(grantee: iam.IGrantable, target: lambda.IFunction): iam.Grant {
  return iam.Grant.addToPrincipal({
    grantee,
    actions: ['lambda:InvokeFunction'],
    resourceArns: [target.functionArn],
  });
}

function roleArnOf(handler: HandlerFunction): string {
  return (handler.role as iam.IRole).roleArn;
}

function requirePurposes(purposes: string[], vault: Construct): string[] {
  if (purposes.length === 0 || new Set(purposes).size !== purposes.length) {
    throw new PalisadeError({
      code: 'PALISADE-D002',
      where: vault.node.path,
      problem: `purposes are ${purposes.join(', ') || 'empty'}`,
      fix: 'name each purpose once, and at least one',
    });
  }
  return purposes.map((purpose) => requireName('purposes', purpose));
}
