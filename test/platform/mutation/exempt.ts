import type { Mutant } from './catalogue';

/** Mutants that a table sets apart, with the reason. */
export interface Row {
  readonly type: string;
  /** The property, as a mutant names it. */
  readonly property: RegExp;
  /** The change. @default - any */
  readonly change?: RegExp;
  /** The stack: for minimal templates, the rule. @default - any */
  readonly stack?: RegExp;
  /** The logical id. @default - any */
  readonly logicalId?: RegExp;
  readonly reason: string;
}

/** The row that speaks of a mutant. */
export function rowOf(mutant: Mutant, rows: readonly Row[]): Row | undefined {
  return rows.find(
    ({ type, property, change, stack, logicalId }) =>
      type === mutant.type &&
      property.test(mutant.property) &&
      (change?.test(mutant.change) ?? true) &&
      (stack?.test(mutant.stack) ?? true) &&
      (logicalId?.test(mutant.logicalId) ?? true),
  );
}

const POLICY = 'AWS::IAM::ManagedPolicy';
const ENDPOINT = 'AWS::EC2::VPCEndpoint';
const RECORDED =
  'AWS::(Bedrock::(AgentAlias|AsyncInvoke|FlowAlias|InlineAgent|KnowledgeBase|Model)|SageMaker::(ExperimentTrialComponent|FeatureGroup))';

/** Mutants of the platform that touch what a rule claims, and weaken nothing that the claim protects. */
export const EQUIVALENT: readonly Row[] = [
  {
    type: 'AWS::CloudTrail::Trail',
    property: new RegExp(`^AdvancedEventSelectors\\.${RECORDED}$`),
    reason: 'the platform makes no resource of this type, so nothing of it goes unrecorded',
  },
  {
    type: 'AWS::CloudWatch::Alarm',
    property: /^(AlarmActions|ActionsEnabled)$/,
    logicalId: /^InferenceEndpoint(ServerErrors|Latency)/,
    reason: 'the deployment of the endpoint watches this alarm and rolls back',
  },
  {
    type: ENDPOINT,
    property: /Condition/,
    change: /^(OwnArns|SageMakerArtifacts|PublicParameters): no condition$/,
    reason: 'the statement names own resources, or public ones that are only read: nothing leaves through it',
  },
  {
    type: POLICY,
    property: /Action$/,
    change: /^Ceiling: action [a-z0-9-]+:\*$/,
    reason: 'a boundary grants nothing: within what it lets through, a role has what its own policies name',
  },
  {
    type: POLICY,
    property: /Resource$/,
    change: /^Allow logs:Create\w+: any resource$/,
    reason:
      "AWS's own AWSLambdaBasicExecutionRole allows it on every resource; asking more of strangers would be noise",
  },
  {
    type: POLICY,
    property: /Resource$/,
    change: /^Allow ec2:CreateNetworkInterface/,
    reason:
      "AWS's own AWSLambdaVPCAccessExecutionRole allows it on every resource; subnets and groups bound the network",
  },
  {
    type: POLICY,
    property: /\.Resource$/,
    change: /any resource with kms:GrantIsForAWSResource$/,
    reason: 'kms:GrantIsForAWSResource stays, and each key admits who is named in its own policy only',
  },
  {
    type: POLICY,
    property: /Resource$/,
    change: /any resource with (kms:EncryptionContext:|s3:ExistingObjectTag\/)/,
    reason: 'the condition stays, and names the data: by encryption context, or by the tags of the object',
  },
  {
    type: POLICY,
    property: /Resource$/,
    change:
      /^Allow (appconfig:GetLatestConfiguration|cloudwatch:DescribeAlarms|kms:GetPublicKey|sagemaker:DescribeModel|ssm:GetAutomationExecution): /,
    reason: 'it reads settings, metadata or a public key: no model and no data',
  },
  {
    type: POLICY,
    property: /Resource$/,
    change: /^Allow sagemaker:Describe(Endpoint|ModelPackage): any resource$/,
    logicalId: /^(ApprovedModelVerifier|DriftMonitor)/,
    reason: 'it reads the metadata of endpoints or models, no model and no data',
  },
  {
    type: POLICY,
    property: /(Resource|Condition\.aws:ResourceTag\/palisade:endpoint)$/,
    change: /^Allow sagemaker:Describe(EndpointConfig|Model): /,
    logicalId: /^DriftRollback/,
    reason:
      'the tag or the type of the resource stays; platform/access.test.ts asks for a configuration of another endpoint',
  },
  {
    type: POLICY,
    property: /Condition\.sagemaker:NetworkIsolation$/,
    reason: 'the launch guard of the same role denies every job that is not isolated (training-jobs.test.ts)',
  },
  {
    type: 'AWS::KMS::Key',
    property: /Condition/,
    change: /^(TrailDescribes|ProvisionSagemaker): no condition$/,
    reason: 'the statement allows kms:DescribeKey only, which uses no key',
  },
  {
    type: 'AWS::S3::Bucket',
    property: /^LoggingConfiguration$/,
    logicalId: /^(?!AuditEvidence)/,
    reason: 'the trail of the stage records every call on objects',
  },
  {
    type: 'AWS::S3::Bucket',
    property: /^VersioningConfiguration/,
    logicalId: /^AuditEvidence/,
    reason: 'Object Lock keeps versioning on (Amazon S3 User Guide, "Locking objects with Object Lock")',
  },
  {
    type: 'AWS::S3::Bucket',
    property: /^LifecycleConfiguration\.Rules\.4\.NoncurrentVersionExpiration$/,
    logicalId: /^InferenceEndpointCaptures/,
    reason: 'baselines never expire, so no old version is left of what should be gone',
  },
  {
    type: 'AWS::S3::Bucket',
    property: /^OwnershipControls$/,
    reason:
      'BucketOwnerEnforced is what S3 takes by default (Amazon S3 User Guide, "Controlling ownership of objects")',
  },
  {
    type: 'AWS::WAFv2::LoggingConfiguration',
    property: /^RedactedFields\.x-amz-security-token$/,
    reason: 'a session token is no credential without its secret key, which is never sent',
  },
  {
    type: 'AWS::WAFv2::WebACL',
    property: /^Rules\.AWSManagedRules/,
    reason: 'the rule asks for one managed group, and the other stays',
  },
  {
    type: 'AWS::Bedrock::Guardrail',
    property: /^ContextualGroundingPolicyConfig$/,
    reason: 'no template says that the system answers from documents; model-guardrail.test.ts holds the filter',
  },
];

/** Mutants of minimal templates alike. */
export const EQUIVALENT_IN_MINIMAL: readonly Row[] = [
  {
    type: 'AWS::CloudWatch::Alarm',
    property: /^ActionsEnabled$/,
    stack: /^SageMakerEndpointAutoRollback$/,
    reason: 'a deployment watches this alarm and rolls back',
  },
  {
    type: 'AWS::IAM::ManagedPolicy',
    property: /Action$/,
    change: /^Allow s3:GetObject: action s3:\*$/,
    stack: /^IamBoundaryLimits$/,
    reason: 'a boundary grants nothing: within what it lets through, a role has what its own policies name',
  },
  {
    type: 'AWS::IAM::Role',
    property: /Action$/,
    change: /^Allow (s3:GetObject|kms:Decrypt): action [a-z0-9]+:\*$/,
    stack: /^(enclave|IamNoAdminWildcards)$/,
    reason: 'beside no AI workload, all of one service on one resource is no administrator',
  },
  {
    type: 'AWS::KMS::Key',
    property: /^KeyPolicy$/,
    stack: /^Enclave/,
    reason: 'without its policy and without a host, no template says that this key is for enclaves',
  },
  {
    type: 'AWS::KMS::Key',
    property: /kms:RecipientAttestation/,
    change: /: (no condition|dropped)$/,
    stack: /^Enclave(?!EnabledWhenRequired)/,
    reason:
      'without a host, no template says that this key is for enclaves; with its host it is found (see enclave.ts)',
  },
  {
    type: 'AWS::KMS::Key',
    property: /kms:RecipientAttestation:PCR[123]$/,
    change: /: kms:RecipientAttestation:PCR[123] of debug mode$/,
    stack: /^Enclave(DeploymentBinding|SignerWithImage)$/,
    reason: 'beside a measurement that is not zero, no enclave has it: in debug mode all are, and the key stays closed',
  },
  {
    type: 'AWS::SageMaker::EndpointConfig',
    property: /^KmsKeyId$/,
    change: /taken out/,
    reason: 'the template has no variant, and so no volume to encrypt',
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    property: /^LoggingConfiguration$/,
    stack: /^StateMachineDataUnlogged$/,
    reason: 'StateMachineDataUnlogged asks that no data is logged; that something is logged is for StateMachineAudited',
  },
];
