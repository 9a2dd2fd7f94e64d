import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { is, isNot } from '../../requirements';
import { ALWAYS_WARNING, type Violation } from '../../rule';

const BUCKET = 'AWS::S3::Bucket';
const RULES = 'BucketEncryption.ServerSideEncryptionConfiguration';

/** Models enter the registry by the pipeline, not whenever somebody logs one; both types register nothing by default. */
const REGISTRATION = {
  'AWS::SageMaker::MlflowApp': isNot('ModelRegistrationMode', ['AutoModelRegistrationEnabled']),
  'AWS::SageMaker::MlflowTrackingServer': is('AutomaticModelRegistration', false, { byDefault: false }),
};

/** Experiments keep their artifacts in a versioned bucket with the owner's key, and register no model past the pipeline. */
export const sageMakerMlflowArtifactStore = rule({
  id: 'SageMakerMlflowArtifactStore',
  appliesTo: Object.keys(REGISTRATION),
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.3', 'A.7.5'],
  crosswalk: { nist80053: ['CM-3', 'SC-28', 'SI-7'], owasp: ['LLM03:2025'], atlas: ['AML.T0010', 'AML.T0018'] },
  why: 'Whoever may log a run can overwrite the artifact of an earlier one, or have a model registered that no gate has seen.',
  fix: 'Point ArtifactStoreUri to a versioned bucket with a customer managed key, and leave automatic model registration off.',
  claims: ['ArtifactStoreUri', ...Object.values(REGISTRATION).flatMap(({ claims }) => claims)],
  beyondGuard: 'versioning and encryption are properties of the bucket that the URI names',
  check: (server, graph) => [
    ...REGISTRATION[server.type as keyof typeof REGISTRATION].judge(server.properties, ''),
    ...judgeStore(server, graph),
  ],
  compliant: withStore({
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key' } },
      ],
    },
  }),
  nonCompliant: withStore({}),
});

function judgeStore(server: GraphResource, graph: TemplateGraph): Violation[] {
  const uri = propertyOf(server, 'ArtifactStoreUri');
  const name = /^s3:\/\/([^/]+)/.exec(textOf(uri))?.[1];
  if (uri === undefined || (name === undefined && !(uri instanceof Opaque))) {
    return [violation('ArtifactStoreUri', 'found no bucket')];
  }
  const bucket = graph.withName(BUCKET, name);
  if (!bucket) {
    return [unresolved('ArtifactStoreUri', new Opaque(`bucket ${name ?? textOf(uri)} of another assembly`))];
  }
  return [
    ...(propertyOf(bucket, 'VersioningConfiguration.Status') === 'Enabled' ? [] : ['is not versioned']),
    ...(hasOwnKey(bucket) ? [] : ['is not encrypted with a customer managed key']),
  ].map((fault) => violation('ArtifactStoreUri', `bucket ${bucket.logicalId} ${fault}`));
}

function hasOwnKey(bucket: GraphResource): boolean {
  const keys = asList(propertyOf(bucket, RULES)).map((item) =>
    valueAt(item, 'ServerSideEncryptionByDefault.KMSMasterKeyID'),
  );
  return keys.some((key) => key !== undefined && !/alias\/aws\//.test(textOf(key)));
}

function withStore(Properties: object) {
  return {
    Server: {
      Type: 'AWS::SageMaker::MlflowTrackingServer',
      Properties: { ArtifactStoreUri: { 'Fn::Join': ['/', ['s3:/', { Ref: 'Bucket' }, 'runs']] } },
    },
    Bucket: { Type: BUCKET, Properties },
  };
}
