import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';

/** What a reader of sealed data states. */
export interface TrainingReadOptions {
  /** Purpose that the data was sealed for. */
  readonly purpose: string;
}

/** A store of sealed datasets that training reads; `DatasetVault` is one. */
export interface ITrainingDataSource {
  /** Bucket with the sealed objects. */
  readonly bucket: s3.IBucket;
  /**
   * Verifies a seal. Takes `{name, version}` and answers `{verified, prefix, manifestRoot}`: whether every object is
   * as it was sealed, the key prefix (with a slash at its end) where the version lies, and the root of its manifest.
   */
  readonly verifyFunction: lambda.IFunction;
  /** Lets `grantee` list, read and decrypt sealed objects for one purpose. */
  grantRead(grantee: iam.IGrantable, options: TrainingReadOptions): iam.Grant;
}

/** The name of a model package group. */
export interface IModelGroupName {
  readonly modelPackageGroupName: string;
}

/** A registry that takes the models of passed runs; `ModelRegistry` is one. */
export interface IModelRegistrar {
  /** Group that new packages join. */
  readonly group: IModelGroupName;
  /** Bucket with the registered artifacts. */
  readonly bucket: s3.IBucket;
  /** Lets `grantee` create packages in the group and write their artifacts. */
  grantRegister(grantee: iam.IGrantable): iam.Grant;
}

/** A container image, fixed by its digest. */
export interface ContainerImage {
  /** Repository that holds it. */
  readonly repository: ecr.IRepository;
  /** `sha256:` and 64 hexadecimal digits. A tag can be moved; a digest cannot. */
  readonly digest: string;
}
