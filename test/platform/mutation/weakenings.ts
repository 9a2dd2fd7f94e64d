import { GONE } from './trees';

/** Values that protect less than the one that is there. */
type Weaker = (value: unknown) => readonly unknown[];

const always =
  (...values: unknown[]): Weaker =>
  (value) =>
    values.filter((weaker) => weaker !== value);

/** Weaker values where the property has this one. */
const from =
  (strong: unknown, ...weaker: unknown[]): Weaker =>
  (value) =>
    value === strong ? weaker : [];

const gone = always(GONE);
const off = from(true, false, GONE);
const on = from(false, true);
/** Where the service's default is on, to leave it out changes nothing. */
const offByValue = from(true, false);
/** A policy that denies something, or whose absence would allow everything, as an endpoint's would. */
function holdsBack(policy: unknown): boolean {
  const text = JSON.stringify(policy);
  return /"Principal"/.test(text) && /"Effect":"Deny"|"aws:(Principal|Resource)(Account|OrgID)"/.test(text);
}

const fewer: Weaker = (value) => (Number(value) > 1 ? [1, GONE] : []);

/**
 * What weakens security, by the path of a property (`*` for any item of a list): the first that matches counts. Made
 * from what properties mean in CloudFormation, not from what the rules read.
 */
const WEAKENINGS: Readonly<Record<string, readonly (readonly [property: RegExp, weaker: Weaker])[]>> = {
  encryption: [
    [
      /(^|\.)((Customer|Volume|S3)?(Kms|KMS)?(Master)?(Encryption)?Key(Id|ID|Arn)|KmsKeyIdentifier|KmsKey|EncryptionKey(\.Id)?)$/,
      always(GONE, 'alias/aws/service'),
    ],
    [/(SSEAlgorithm|SseType)$/, from('aws:kms', 'AES256')],
    [/EncryptionOption$/, from('SSE_KMS', 'SSE_S3')],
    [/EncryptionConfiguration\.EncryptionType$/, from('KMS', 'AES256', GONE)],
    [/^EncryptionConfiguration\.Type$/, always('AWS_OWNED_KEY')],
    [/^(BucketEncryption|EncryptionConfiguration|SSESpecification)$/, gone],
    [/(\.Encrypted|^Encrypted|SSEEnabled)$/, off],
    [/EnableInterContainerTrafficEncryption$/, off],
    [/^EnableKeyRotation$/, off],
    [/^RotationPeriodInDays$/, always(2560)],
  ],
  isolation: [
    [/(^|\.)EnableNetworkIsolation$/, off],
    [/(^|\.)VpcConfig$/, gone],
    [/(^|\.)NetworkMode$/, from('VPC', 'PUBLIC')],
    [/^AppNetworkAccessType$/, always('PublicInternetOnly', GONE)],
    [/^DirectInternetAccess$/, always('Enabled', GONE)],
    [/^RootAccess$/, always('Enabled', GONE)],
    [/EnableDockerAccess$/, from('DISABLED', 'ENABLED')],
    [/SharingType$/, from('Private', 'Shared')],
    [/MinimumInstanceMetadataServiceVersion$/, always('1', GONE)],
    [/HttpTokens$/, always('optional', GONE)],
    [/RepositoryAccessMode$/, from('Vpc', 'Platform')],
    [/(MapPublicIpOnLaunch|AssociatePublicIpAddress|PubliclyAccessible|EnableSSMAccess|EnableRemoteDebug)$/, on],
    [/EnclaveOptions\.Enabled$/, off],
    [/^(LaunchTemplateData\.)?InstanceType$/, from('m6i.xlarge', 't3.large')],
  ],
  'public access': [
    [/(BlockPublicAcls|BlockPublicPolicy|IgnorePublicAcls|RestrictPublicBuckets)$/, off],
    [/^PublicAccessBlockConfiguration$/, gone],
    [/^OwnershipControls$/, gone],
    [/ObjectOwnership$/, always('ObjectWriter')],
    [/^(AuthorizationType|AuthType|AuthorizerType)$/, always('NONE')],
    [/AuthorizerConfiguration\.CustomJWTAuthorizer\.Allowed(Clients|Audience|Scopes)$/, gone],
    [/^EndpointConfiguration$/, gone],
    [/^EndpointConfiguration\.Types$/, always(['REGIONAL'])],
    [/^KeyPolicy$/, gone],
    [/^(Policy|PolicyDocument|ModelPackageGroupPolicy|FileSystemPolicy)$/, (value) => (holdsBack(value) ? [GONE] : [])],
    [/^PermissionsBoundary$/, gone],
    [/^Principal$/, always('*')],
    [/^SourceArn$/, gone],
    [/(^|\.)(CidrIp|DestinationCidrBlock)$/, always('0.0.0.0/0')],
    [/SourceIpConfig\.Cidrs$/, always(['0.0.0.0/0'], GONE)],
    [/^(IpProtocol)$/, always('-1')],
    [/^MaxSessionDuration$/, always(43200)],
  ],
  'logging and alarms': [
    [/^(EnableLogFileValidation|IsLogging|IsMultiRegionTrail)$/, off],
    [/^IncludeGlobalServiceEvents$/, offByValue],
    [/^(AdvancedEventSelectors|InsightSelectors|CloudWatchLogsLogGroupArn)$/, gone],
    [/^LoggingConfiguration$/, gone],
    [/(^|\.)(AccessLogSettings?|RecordingConfig)$/, gone],
    [/RecordingConfig\.Enabled$/, off],
    [/LoggingLevel$/, always('OFF')],
    [/^LoggingConfiguration\.Level$/, always('OFF', 'ERROR')],
    [/(DataTraceEnabled|IncludeExecutionData)$/, on],
    [/^(LogGroupName|LargeDataBucket|LogDestination)$/, gone],
    [/^TrafficType$/, always('ACCEPT', 'REJECT')],
    [/^(AlarmActions)$/, always(GONE, [])],
    [/^FilterPattern$/, always('{ $.nothing = "matches" }')],
    [/^DataCaptureConfig$/, gone],
    [/EnableCapture$/, off],
    [/InitialSamplingPercentage$/, always(1)],
    [/SamplingPercentage$/, always(0.01)],
    [/Monitoring(\.Enabled)?$/, off],
  ],
  'retention and recovery': [
    [/^RetentionInDays$/, always(1)],
    [/(^|\.)RetentionDays$/, fewer],
    [/^DeletionProtectionEnabled$/, off],
    [/PointInTimeRecoveryEnabled$/, off],
    [/^(VersioningConfiguration|ObjectLockConfiguration|LockConfiguration)$/, gone],
    [/VersioningConfiguration\.Status$/, always('Suspended')],
    [/^ObjectLockEnabled$/, off],
    [/DefaultRetention\.Mode$/, always('GOVERNANCE', GONE)],
    [/DefaultRetention\.Days$/, fewer],
    [/^LifecycleConfiguration$/, gone],
    [/Rules\.\*\.(ExpirationInDays|NoncurrentVersionExpiration)$/, gone],
    [/(^|\.)(DeadLetterConfig|RedrivePolicy|CopyActions)$/, gone],
    [/^PendingWindowInDays$/, always(7)],
    [/TtlDuration$/, gone],
    [/^(EventExpiryDuration)$/, always(3650)],
  ],
  'guardrails and human control': [
    [
      /(InputStrength|OutputStrength)$/,
      (value) => ({ HIGH: ['LOW', 'NONE'], MEDIUM: ['LOW', 'NONE'] })[String(value)] ?? [],
    ],
    [/PiiEntitiesConfig\.\*\.Action$/, always('NONE')],
    [/RegexesConfig\.\*\.Action$/, always('NONE')],
    [
      /^(ContentPolicyConfig|SensitiveInformationPolicyConfig|ContextualGroundingPolicyConfig|TopicPolicyConfig|WordPolicyConfig|AutomatedReasoningPolicyConfig)$/,
      gone,
    ],
    [/ContextualGroundingPolicyConfig\.FiltersConfig\.\*\.Threshold$/, always(0.1)],
    [/GuardrailConfiguration$/, gone],
    [/GuardrailVersion$/, from('1', 'DRAFT')],
    [/RoutingConfiguration\.\*\.AgentVersion$/, always('DRAFT')],
    [/RequireConfirmation$/, from('ENABLED', 'DISABLED', GONE)],
    [/PolicyEngineConfiguration$/, gone],
    [/PolicyEngineConfiguration\.Mode$/, from('ENFORCE', 'LOG_ONLY')],
    [/^AllowedTools$/, always(['*'], GONE)],
    [/^(MaxIterations|MaxTokens|TimeoutSeconds)$/, gone],
    [/^IdleSessionTTLInSeconds$/, always(5400)],
    [/FailureMode$/, from('FAIL', 'WARN')],
    [/^HookStatus$/, from('ENABLED', 'DISABLED')],
  ],
  'limits and changes': [
    [/(Throttling(Rate|Burst)Limit|^Throttle)$/, gone],
    [/^(RequestModels|RequestValidatorId)$/, gone],
    [/^ValidateRequestBody$/, off],
    [/additionalProperties$/, on],
    [/maxLength$/, gone],
    [/^ReservedConcurrentExecutions$/, gone],
    [/^DeploymentConfig(\.AutoRollbackConfiguration)?$/, gone],
    [/TrafficRoutingConfiguration\.Type$/, always('ALL_AT_ONCE')],
    [/InitialInstanceCount$/, always(1)],
    [/^Runtime$/, always('nodejs16.x')],
    [/^(ImageTagMutability)$/, always('MUTABLE', GONE)],
    [/ScanOnPush$/, off],
    [/UntrustedArtifactOnDeployment$/, from('Enforce', 'Warn')],
    [/(^|\.)CodeSigningConfigArn$/, gone],
    [/^PrimaryContainer\.ModelPackageName$/, gone],
    [
      /(^|\.)(Image|TrainingImage|ImageUri)$/,
      (value) => (/@sha256:/.test(String(value)) ? [String(value).replace(/@sha256:.*/, ':latest')] : []),
    ],
    [/EnforceWorkGroupConfiguration$/, offByValue],
    [/PrivateDnsEnabled$/, off],
    [/^EnableDnsSupport$/, offByValue],
    [/inputs\.ReservedConcurrentExecutions$/, (value) => (Number(value) === 0 ? [100] : [])],
  ],
  'network filters': [[/FirewallRules\.\*\.Action$/, from('BLOCK', 'ALLOW', 'ALERT')]],
};

/** Values that protect less, for the property at a path with `*` for positions, with the kind of weakening that this is. */
export function weakerValues(property: string, value: unknown): { readonly kind: string; readonly weaker: unknown }[] {
  const found = Object.entries(WEAKENINGS).flatMap(([kind, entries]) =>
    entries.filter(([pattern]) => pattern.test(property)).map(([, weaker]) => ({ kind, values: weaker(value) })),
  );
  return found.slice(0, 1).flatMap(({ kind, values }) => values.map((weaker) => ({ kind, weaker })));
}

/** Lists of which each item protects: without one, something is not recorded or not screened. */
const PROTECTING_LISTS =
  /(AdvancedEventSelectors|CaptureOptions|FiltersConfig|PiiEntitiesConfig|RegexesConfig|TopicsConfig|FirewallRules|RedactedFields|InsightSelectors|^Rules)$/;

/** The list without each of its items in turn, by name, if each item protects. */
export function shorterLists(property: string, value: unknown): (readonly [name: string, list: unknown[]])[] {
  if (!Array.isArray(value) || !PROTECTING_LISTS.test(property)) {
    return [];
  }
  return value.flatMap((item, index) => {
    const { Name, Type, Action, CaptureMode, SingleHeader } = item as Record<string, unknown>;
    const header = (SingleHeader as { Name?: string } | undefined)?.Name;
    const name = String(Name ?? Type ?? CaptureMode ?? header ?? Action ?? index);
    return name === 'ALLOW' ? [] : [[name, value.toSpliced(index, 1)] as const];
  });
}

/** Properties that are absent because that is safe, and what an attacker or a hurry would set. */
export const INSERTIONS: Readonly<Record<string, readonly (readonly [property: string, value: unknown])[]>> = {
  'AWS::Bedrock::Guardrail': [
    [
      'CrossRegionConfig',
      { GuardrailProfileArn: 'arn:aws:bedrock:us-east-1:111122223333:guardrail-profile/us.guardrail.v1:0' },
    ],
  ],
  'AWS::CloudWatch::Alarm': [['ActionsEnabled', false]],
  'AWS::EC2::SecurityGroup': [['SecurityGroupIngress', [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]]],
  'AWS::EC2::Subnet': [['MapPublicIpOnLaunch', true]],
  'AWS::IAM::Role': [['ManagedPolicyArns', ['arn:aws:iam::aws:policy/AdministratorAccess']]],
  'AWS::KMS::Key': [
    ['BypassPolicyLockoutSafetyCheck', true],
    ['PendingWindowInDays', 7],
  ],
  'AWS::Lambda::Function': [['Environment.Variables.API_PASSWORD', 'correct-horse-battery']],
  'AWS::SageMaker::EndpointConfig': [['ProductionVariants.0.EnableSSMAccess', true]],
  'AWS::SageMaker::Model': [['PrimaryContainer.Environment', { HF_TOKEN: 'hf_abcdefghijklmnopqrstuvwxyz012345' }]],
};

/** Types whose resources protect others: without them, something is open or unseen. */
export const PROTECTORS: readonly string[] = [
  'AWS::ApiGateway::RequestValidator',
  'AWS::ApiGateway::UsagePlan',
  'AWS::Bedrock::GuardrailVersion',
  'AWS::CloudTrail::Trail',
  'AWS::CloudWatch::Alarm',
  'AWS::EC2::FlowLog',
  'AWS::EC2::VPCEndpoint',
  'AWS::Logs::MetricFilter',
  'AWS::Route53Resolver::FirewallRuleGroupAssociation',
  'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Document',
  'AWS::SageMaker::MonitoringSchedule',
  'AWS::WAFv2::LoggingConfiguration',
  'AWS::WAFv2::WebACLAssociation',
  'Custom::BedrockInvocationLogging',
  'Custom::VpcRestrictDefaultSG',
];

interface WeakerText {
  readonly setting: string;
  readonly change: string;
  /** One place in the text; quotes may be escaped. */
  readonly pattern: RegExp;
  readonly replacement: string;
}

function weakerText(setting: string, change: string, pattern: RegExp, replacement: string): WeakerText {
  return { setting, change, pattern, replacement };
}

/** Settings that stand as text: jobs and steps in state machines and pipelines, policies in OpenSearch. */
export const WEAKER_TEXTS: readonly WeakerText[] = [
  ...['EnableNetworkIsolation', 'EnableInterContainerTrafficEncryption'].map((name) =>
    weakerText(name, 'false', new RegExp(`("${name}\\\\*" ?: ?)true`, 'g'), '$1false'),
  ),
  ...['VolumeKmsKeyId', 'KmsKeyId', 'VpcConfig', 'MaxRuntimeInSeconds', 'QualityCheck'].map((name) =>
    weakerText(name, 'taken out', new RegExp(`"${name}(\\\\*")`, 'g'), '"Unknown$1'),
  ),
  weakerText(
    'EnableRemoteDebug',
    'true',
    /"OutputDataConfig(\\*")/g,
    '"RemoteDebugConfig$1:{$1EnableRemoteDebug$1:true},$1OutputDataConfig$1',
  ),
  weakerText('ModelApprovalStatus', 'Approved', /"PendingManualApproval(\\*")/g, '"Approved$1'),
  weakerText('AllowFromPublic', 'true', /(AllowFromPublic\\*" ?: ?)false/g, '$1true'),
];
