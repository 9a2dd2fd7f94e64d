import type { Row } from './exempt';

const POLICY = 'AWS::IAM::ManagedPolicy';
const BUCKET_POLICY = 'AWS::S3::BucketPolicy';
const GUARDRAIL = 'AWS::Bedrock::Guardrail';

/**
 * Mutants of the platform that no rule claims and none finds: what they weaken belongs to this platform, or is no fault
 * in everybody's templates. Each says what holds it instead.
 */
export const UNCLAIMED: readonly Row[] = [
  {
    type: 'AWS::ApiGateway::Method',
    property: /^RequestValidatorId$/,
    logicalId: /GET/,
    reason: 'a GET has nothing that could be validated; the gateway refuses what it does not know',
  },
  {
    type: 'AWS::ApiGateway::RestApi',
    property: /^Policy\.Statement/,
    reason:
      'the denial of other VPC endpoints and AWS_IAM stay, and are claimed; constructs/inference-environment/private-api.test.ts',
  },
  {
    type: 'AWS::ApiGateway::Stage',
    property: /LoggingLevel$/,
    reason:
      'the access log, which is claimed, records every call; execution logs help to find faults; private-api.test.ts',
  },
  {
    type: 'AWS::ApiGateway::UsagePlan',
    property: /UsagePlan$/,
    reason: 'throttling of the stage stays, and is claimed; constructs/inference-environment/each-control.test.ts',
  },
  {
    type: GUARDRAIL,
    property: /(PiiEntities|Regexes)Config\./,
    reason: 'which types a system meets stands in its manifest; constructs/model-guardrail/model-guardrail.test.ts',
  },
  {
    type: GUARDRAIL,
    property: /^(TopicPolicyConfig|WordPolicyConfig)/,
    reason: 'which topics are denied stands in the manifest; constructs/model-guardrail/model-guardrail.test.ts',
  },
  {
    type: 'AWS::CloudWatch::Alarm',
    property: /Alarm$/,
    reason:
      'not every alarm is one that a rule asks for; constructs/audit-trail/tampering.test.ts, each-control.test.ts',
  },
  {
    type: 'AWS::EC2::SecurityGroupIngress',
    property: /^IpProtocol$/,
    reason: 'from a group of the same network; platform/reachability.test.ts knows every edge',
  },
  {
    type: 'AWS::EC2::VPC',
    property: /^EnableDnsSupport$/,
    reason: 'without it no endpoint is found, and nothing works: it fails closed',
  },
  {
    type: 'AWS::EC2::VPCEndpoint',
    property: /VPCEndpoint$/,
    reason: 'calls to the service fail, they do not go elsewhere; platform/service-endpoints.test.ts',
  },
  {
    type: 'AWS::EC2::VPCEndpoint',
    property: /Action$/,
    reason: 'the perimeter is made of principals and resources; what they may do is for their own policies',
  },
  {
    type: POLICY,
    property: /^PolicyDocument\.Deny\.bedrock-mantle/,
    reason: 'nothing allows it either; constructs/model-guardrail/guarded-calls.test.ts',
  },
  {
    type: POLICY,
    property: /^PolicyDocument\.Deny\.bedrock:DeleteGuardrail/,
    reason: 'the Allow of the same boundary lists what it lets through, and none of these actions is in it',
  },
  {
    type: POLICY,
    property: /Deny/,
    change: /^(RegisterAsPendingOnly|RegistrarsApproveNothing)/,
    reason: "the group's own policy denies the same; constructs/model-registry/each-layer.test.ts",
  },
  {
    type: POLICY,
    property: /^PolicyDocument\.Deny\.(sagemaker|iam)/,
    reason: 'the Allow of the pipeline has the same conditions; platform/training-jobs.test.ts drops each denial',
  },
  {
    type: POLICY,
    property: /Condition\.(cloudwatch:namespace|ec2:Subnet|iam:PassedToService|sagemaker:TaggingAction)$/,
    reason: 'resources are named, or metrics only: no further proof',
  },
  {
    type: POLICY,
    property: /Condition\.(kms:EncryptionContext|s3:prefix|s3:ExistingObjectTag)/,
    reason: 'the key and the bucket are named; constructs/dataset-vault/vault-policy.test.ts, platform/access.test.ts',
  },
  {
    type: 'AWS::KMS::Key',
    property: /^DeletionPolicy$/,
    logicalId: /^KeysLedger/,
    reason: 'a key that signs: what it signed is verified with its public part, which auditors keep; key-ring.test.ts',
  },
  {
    type: 'AWS::KMS::Key',
    property: /^UpdateReplacePolicy$/,
    reason: 'for keys that protect nothing kept; KmsKeyRetained claims DeletionPolicy',
  },
  {
    type: 'AWS::Lambda::Function',
    property: /^(DeadLetterConfig|KmsKeyArn|ReservedConcurrentExecutions|Runtime)/,
    reason: 'functions that only CloudFormation calls, or only a state machine that keeps their failures',
  },
  {
    type: 'AWS::Logs::LogGroup',
    property: /^(DeletionPolicy|UpdateReplacePolicy)$/,
    reason: 'deletion protection, which is claimed, stops the deletion; constructs/workload/secure-log-group.test.ts',
  },
  {
    type: 'AWS::Logs::LogGroup',
    property: /^LogGroupName$/,
    reason:
      'SageMaker, API Gateway and WAF write to the group of this name; constructs/inference-environment/model-endpoint.test.ts',
  },
  {
    type: 'AWS::Logs::MetricFilter',
    property: /MetricFilter$|^LogGroupName$/,
    reason: 'calls beyond those that TamperAlarms asks for; constructs/audit-trail/tampering.test.ts',
  },
  {
    type: 'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation',
    property: /Association$/,
    reason: 'the DNS firewall, which is claimed, blocks; constructs/isolated-network/isolated-network.test.ts',
  },
  {
    type: 'AWS::S3::Bucket',
    property: /^(BucketEncryption|VersioningConfiguration|LifecycleConfiguration$|DeletionPolicy|UpdateReplacePolicy)/,
    reason: 'buckets that receive access logs, which take SSE-S3 only and are written once',
  },
  {
    type: 'AWS::S3::Bucket',
    property: /^(ObjectLock|LifecycleConfiguration)/,
    logicalId: /^LedgerBucket/,
    reason: 'the ledger of this platform; constructs/governance-ledger/governance-ledger.test.ts',
  },
  {
    type: BUCKET_POLICY,
    property: /Deny/,
    logicalId: /^LedgerBucket/,
    reason: 'the ledger of this platform; constructs/governance-ledger/ledger-policy.test.ts drops each denial',
  },
  {
    type: 'AWS::S3::Bucket',
    property: /ExpirationInDays$/,
    reason: 'data is kept for longer than the manifest says; constructs/dataset-vault/dataset-vault.test.ts',
  },
  {
    type: BUCKET_POLICY,
    property: /Deny\.s3:TlsVersion$/,
    reason: "AWS's endpoints refuse TLS before 1.2 themselves",
  },
  {
    type: BUCKET_POLICY,
    property: /Deny\.aws:PrincipalAccount$/,
    reason: 'buckets without personal data; platform/access.test.ts asks from another account',
  },
  {
    type: BUCKET_POLICY,
    property: /Deny/,
    change:
      /^(ReadSealedOnly|OnlySealer\w+|NobodyDeletesApproved|NobodyReplicatesIn|NoUnsignedPayload|No(Other|Managed|Customer)Key|NoOtherEncryption|NoChangeOfKey):/,
    reason: 'the sealing of this platform; constructs/dataset-vault/vault-policy.test.ts, platform/access.test.ts',
  },
  {
    type: BUCKET_POLICY,
    property: /Deny/,
    change: /^(OnlyTheDeciderRecords|OnlyRegistrarsWrite|NobodyDeletes):/,
    reason: 'the registry of this platform; constructs/model-registry/separation.test.ts',
  },
  {
    type: BUCKET_POLICY,
    property: /Deny/,
    change: /^(OnlyTrailWritesTrailFiles|NoShorterRetention):/,
    reason: 'the evidence of this platform; constructs/audit-trail/evidence-bucket.test.ts',
  },
  {
    type: 'AWS::SageMaker::EndpointConfig',
    property: /^UpdateReplacePolicy$/,
    reason: 'a rollback finds nothing to go back to, and stops the gateway; model-endpoint.test.ts',
  },
  {
    type: 'AWS::SageMaker::Model',
    property: /^UpdateReplacePolicy$/,
    reason: 'a rollback finds nothing to go back to, and stops the gateway; model-endpoint.test.ts',
  },
  {
    type: 'AWS::SageMaker::ModelPackageGroup',
    property: /Deny/,
    reason: 'the registry of this platform; constructs/model-registry/each-layer.test.ts',
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    property: /MaxRuntimeInSeconds$/,
    reason:
      'the launch guard denies longer runs, and one that does not say ends after a day; platform/training-jobs.test.ts',
  },
  {
    type: 'AWS::SSM::Document',
    property: /Document$|ReservedConcurrentExecutions$/,
    reason:
      'the switch of a system of limited impact, or the way back; constructs/inference-environment/kill-switch.test.ts',
  },
];
