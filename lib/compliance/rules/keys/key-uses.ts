import {
  type GraphResource,
  grouped,
  JOB_STARTERS,
  jobDefinitions,
  Opaque,
  type TemplateGraph,
  textOf,
} from '../../../analysis';

/** What part of an AI system a key protects, where that is certain. */
export type KeyPurpose = 'audit' | 'inference' | 'training';

/** A resource that encrypts with a key. */
export interface KeyUse {
  readonly resource: GraphResource;
  /** Absent for stores that may hold anything: buckets, tables, queues, log groups. */
  readonly purpose?: KeyPurpose;
}

const BUCKET_KEY = 'BucketEncryption.ServerSideEncryptionConfiguration.*.ServerSideEncryptionByDefault.KMSMasterKeyID';

/** Where resources name the keys that they encrypt with, as dotted paths. */
const KEYS: Readonly<Record<string, { readonly purpose?: KeyPurpose; readonly paths: readonly string[] }>> = {
  'AWS::Bedrock::Agent': { purpose: 'inference', paths: ['CustomerEncryptionKeyArn'] },
  'AWS::Bedrock::Flow': { purpose: 'inference', paths: ['CustomerEncryptionKeyArn'] },
  'AWS::Bedrock::Guardrail': { purpose: 'inference', paths: ['KmsKeyArn'] },
  'AWS::BedrockAgentCore::Memory': { purpose: 'inference', paths: ['EncryptionKeyArn'] },
  'AWS::CloudTrail::Trail': { purpose: 'audit', paths: ['KMSKeyId'] },
  'AWS::DynamoDB::Table': { paths: ['SSESpecification.KMSMasterKeyId'] },
  'AWS::EFS::FileSystem': { paths: ['KmsKeyId'] },
  'AWS::Logs::LogGroup': { paths: ['KmsKeyId'] },
  'AWS::RDS::DBCluster': { paths: ['KmsKeyId'] },
  'AWS::RDS::DBInstance': { paths: ['KmsKeyId'] },
  'AWS::S3::Bucket': { paths: [BUCKET_KEY] },
  'AWS::SQS::Queue': { paths: ['KmsMasterKeyId'] },
  'AWS::SageMaker::Domain': { purpose: 'training', paths: ['KmsKeyId'] },
  'AWS::SageMaker::EndpointConfig': {
    purpose: 'inference',
    paths: ['KmsKeyId', 'DataCaptureConfig.KmsKeyId', 'AsyncInferenceConfig.OutputConfig.KmsKeyId'],
  },
  'AWS::SageMaker::NotebookInstance': { purpose: 'training', paths: ['KmsKeyId'] },
  'AWS::SageMaker::ProcessingJob': {
    purpose: 'training',
    paths: ['ProcessingResources.ClusterConfig.VolumeKmsKeyId', 'ProcessingOutputConfig.KmsKeyId'],
  },
  'AWS::SecretsManager::Secret': { paths: ['KmsKeyId'] },
};

/** Everything that is known to encrypt with a key of the assembly, by whatever name it calls it. */
export function usesOf(key: GraphResource, graph: TemplateGraph): readonly KeyUse[] {
  const index = graph.once('key uses', () => grouped(allUses(graph), ({ id }) => id));
  const aliases = graph.where('AWS::KMS::Alias', 'TargetKeyId', key.name);
  const byArn = graph.where('AWS::KMS::Alias', 'TargetKeyId', key.arn);
  const names = [...aliases, ...byArn].map(({ properties }) => textOf(properties.AliasName));
  return [key.name, key.arn, ...names].flatMap((id) => index.get(id) ?? []);
}

function allUses(graph: TemplateGraph): (KeyUse & { readonly id: string })[] {
  const direct = Object.entries(KEYS).flatMap(([type, { purpose, paths }]) =>
    graph.ofType(type).flatMap((resource) =>
      paths.flatMap((path) =>
        idsAt(resource.properties, path.split('.')).map((id) => ({
          id,
          resource,
          purpose: purpose ?? purposeOfStore(resource, graph),
        })),
      ),
    ),
  );
  return [...direct, ...graph.ofType(...JOB_STARTERS).flatMap(jobUses)];
}

/** A bucket is an audit store where a trail, or AWS Config, writes to it. */
function purposeOfStore({ type, name }: GraphResource, graph: TemplateGraph): KeyPurpose | undefined {
  const writers = ['AWS::CloudTrail::Trail', 'AWS::Config::DeliveryChannel'];
  const audit =
    type === 'AWS::S3::Bucket' && writers.some((writer) => graph.where(writer, 'S3BucketName', name).length > 0);
  return audit ? 'audit' : undefined;
}

function jobUses(resource: GraphResource): (KeyUse & { readonly id: string })[] {
  const jobs = jobDefinitions(resource);
  return jobs instanceof Opaque
    ? []
    : jobs.flatMap(({ kind, parameters }) => {
        const purpose = kind === 'TransformJob' ? 'inference' : 'training';
        return JOB_KEYS.flatMap((path) => idsAt(parameters, path.split('.'))).map(
          (id) => ({ id, resource, purpose }) as const,
        );
      });
}

/** Keys of volumes and outputs, as the API calls of SageMaker's jobs have them. */
const JOB_KEYS = [
  'OutputDataConfig.KmsKeyId',
  'ProcessingOutputConfig.KmsKeyId',
  'ProcessingResources.ClusterConfig.VolumeKmsKeyId',
  'ResourceConfig.VolumeKmsKeyId',
  'TrainingJobDefinition.OutputDataConfig.KmsKeyId',
  'TrainingJobDefinition.ResourceConfig.VolumeKmsKeyId',
  'TransformOutput.KmsKeyId',
  'TransformResources.VolumeKmsKeyId',
];

/** Texts at a path; `*` stands for any item of a list. */
function idsAt(value: unknown, [key, ...rest]: readonly string[]): string[] {
  if (key === undefined) {
    return typeof value === 'string' ? [value] : [];
  }
  if (key === '*') {
    return Array.isArray(value) ? value.flatMap((item) => idsAt(item, rest)) : [];
  }
  const holds = value !== null && typeof value === 'object' && Object.hasOwn(value, key);
  return holds ? idsAt((value as Record<string, unknown>)[key], rest) : [];
}
