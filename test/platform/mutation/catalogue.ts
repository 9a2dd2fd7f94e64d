import type { TemplateResource } from '../../../lib/analysis';

/** One change that weakens the security of one resource. */
export interface Mutant {
  readonly logicalId: string;
  readonly type: string;
  /** Dotted path of what was changed; `resource` if it is gone. */
  readonly property: string;
  /** What was done to it, in a few words. */
  readonly change: string;
  /** The resource as it is now. @default - it is gone */
  readonly resource?: TemplateResource;
}

/** The value that stands for a property that is taken out. */
const GONE = Symbol('gone');

/** Values that protect less than the one that is there. */
type Weaker = (value: unknown) => readonly unknown[];

const always =
  (...values: unknown[]): Weaker =>
  () =>
    values;

/** Weaker values where the property has this one. */
const from =
  (strong: unknown, ...weaker: unknown[]): Weaker =>
  (value) =>
    value === strong ? weaker : [];

const off = from(true, false, GONE);
const on = from(false, true);
const less = always(1, GONE);

/**
 * What weakens security, by the name of a property (`*` for any item of a list). Made from what properties mean in
 * CloudFormation, not from what the rules read.
 */
const WEAKENINGS: readonly (readonly [property: RegExp, weaker: Weaker])[] = [
  [
    /(^|\.)(Kms(Master)?Key(Id|Arn)?|KMS(Master)?Key(Id|ID|Arn)|KmsKeyIdentifier|EncryptionKeyArn|KmsKey)$/,
    always(GONE, 'alias/aws/service'),
  ],
  [/SSEAlgorithm$/, from('aws:kms', 'AES256')],
  [/EncryptionOption$/, from('SSE_KMS', 'SSE_S3')],
  [/^EncryptionConfiguration\.Type$/, always('AWS_OWNED_KEY')],
  [
    /^(BucketEncryption|EncryptionConfiguration|DataCaptureConfig|AccessLogSetting|LoggingConfiguration|VersioningConfiguration|OwnershipControls|PublicAccessBlockConfiguration|ObjectLockConfiguration)$/,
    always(GONE),
  ],
  [
    /^(VpcConfig|DeadLetterConfig|PermissionsBoundary|LifecycleConfiguration|AdvancedEventSelectors|InsightSelectors|Throttle|RequestModels|RequestValidatorId|EndpointConfiguration|Policy|KeyPolicy|PolicyDocument|ModelPackageGroupPolicy)$/,
    always(GONE),
  ],
  [
    /^(EnableKeyRotation|EnableLogFileValidation|IsLogging|IsMultiRegionTrail|IncludeGlobalServiceEvents|EnableNetworkIsolation|PrivateDnsEnabled|ValidateRequestBody|ObjectLockEnabled|TracingEnabled|EnableDnsSupport)$/,
    off,
  ],
  [
    /(BlockPublicAcls|BlockPublicPolicy|IgnorePublicAcls|RestrictPublicBuckets|EnableCapture|EnforceWorkGroupConfiguration|CloudWatchMetricsEnabled|TracingConfiguration\.Enabled)$/,
    off,
  ],
  [/(MapPublicIpOnLaunch|DataTraceEnabled|IncludeExecutionData|additionalProperties)$/, on],
  [/^RetentionInDays$/, less],
  [/DefaultRetention\.Mode$/, always('GOVERNANCE', GONE)],
  [/DefaultRetention\.Days$/, less],
  [/VersioningConfiguration\.Status$/, always('Suspended')],
  [/Rules\.\*\.(ExpirationInDays|NoncurrentVersionExpiration)$/, always(GONE)],
  [/ObjectOwnership$/, always('ObjectWriter')],
  [/^(AuthorizationType)$/, always('NONE')],
  [/^EndpointConfiguration\.Types$/, always(['REGIONAL'])],
  [/LoggingLevel$/, always('OFF')],
  [/^LoggingConfiguration\.Level$/, always('OFF', 'ERROR')],
  [/Throttling(Rate|Burst)Limit$/, always(GONE)],
  [/(InputStrength|OutputStrength)$/, from('HIGH', 'LOW', 'NONE')],
  [/(InputStrength|OutputStrength)$/, from('MEDIUM', 'LOW', 'NONE')],
  [/PiiEntitiesConfig\.\*\.Action$/, always('NONE')],
  [
    /^(ContentPolicyConfig|SensitiveInformationPolicyConfig|ContextualGroundingPolicyConfig|TopicPolicyConfig)$/,
    always(GONE),
  ],
  [/ContextualGroundingPolicyConfig\.FiltersConfig\.\*\.Threshold$/, always(0.1)],
  [/InitialSamplingPercentage$/, always(1)],
  [/^DeploymentConfig(\.AutoRollbackConfiguration)?$/, always(GONE)],
  [/TrafficRoutingConfiguration\.Type$/, always('ALL_AT_ONCE')],
  [/InitialInstanceCount$/, always(1)],
  [/AlarmActions$/, always(GONE, [])],
  [/^TrafficType$/, always('ACCEPT')],
  [/FirewallRules\.\*\.Action$/, from('BLOCK', 'ALLOW')],
  [/Security(GroupEgress|GroupIngress)\.\*\.CidrIp$/, always('0.0.0.0/0')],
  [/^CidrIp$/, always('0.0.0.0/0')],
  [/^SourceArn$/, always(GONE)],
  [/^Principal$/, always('*')],
  [/^Runtime$/, always('nodejs16.x')],
  [/^ReservedConcurrentExecutions$/, always(GONE)],
  [/^FilterPattern$/, always('{ $.nothing = "matches" }')],
  [/^(InternalAlarms|Alarms)$/, always(GONE)],
  [/^PrimaryContainer\.ModelPackageName$/, always(GONE)],
  [/^(IpProtocol)$/, always('-1')],
];

/** Properties that are absent because that is safe, and what an attacker or a hurry would set. */
const INSERTIONS: Readonly<Record<string, readonly (readonly [property: string, value: unknown])[]>> = {
  'AWS::CloudWatch::Alarm': [['ActionsEnabled', false]],
  'AWS::KMS::Key': [
    ['BypassPolicyLockoutSafetyCheck', true],
    ['PendingWindowInDays', 7],
  ],
  'AWS::SageMaker::EndpointConfig': [['ProductionVariants.0.EnableSSMAccess', true]],
  'AWS::SageMaker::Model': [['PrimaryContainer.Environment', { HF_TOKEN: 'hf_abcdefghijklmnopqrstuvwxyz012345' }]],
  'AWS::Lambda::Function': [['Environment.Variables.API_PASSWORD', 'correct-horse-battery']],
  'AWS::EC2::Subnet': [['MapPublicIpOnLaunch', true]],
  'AWS::EC2::SecurityGroup': [['SecurityGroupIngress', [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]]],
  'AWS::IAM::Role': [['ManagedPolicyArns', ['arn:aws:iam::aws:policy/AdministratorAccess']]],
  'AWS::Bedrock::Guardrail': [
    [
      'CrossRegionConfig',
      { GuardrailProfileArn: 'arn:aws:bedrock:us-east-1:111122223333:guardrail-profile/us.guardrail.v1:0' },
    ],
  ],
};

/** Types whose resources protect others: without them, something is open or unseen. */
const PROTECTORS = [
  'AWS::ApiGateway::RequestValidator',
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
  'AWS::SageMaker::MonitoringSchedule',
  'AWS::WAFv2::LoggingConfiguration',
  'AWS::WAFv2::WebACLAssociation',
  'Custom::BedrockInvocationLogging',
  'Custom::VpcRestrictDefaultSG',
];

/** Every way in which the catalogue weakens one resource. */
export function mutantsOf(logicalId: string, resource: TemplateResource): Mutant[] {
  const { Type: type, Properties = {} } = resource;
  const mutant = (property: string, change: string, changed?: TemplateResource): Mutant => ({
    logicalId,
    type,
    property,
    change,
    ...(changed && { resource: changed }),
  });
  const withProperty = (keys: readonly string[], value: unknown) => ({
    ...resource,
    Properties: replaced(Properties, keys, value) as TemplateResource['Properties'],
  });
  return [
    ...nodes(Properties, []).flatMap(([keys, value]) => [
      ...weakened(keys, value).map((weaker) => mutant(keys.join('.'), named(weaker), withProperty(keys, weaker))),
      ...statementMutants(keys, value).map(([change, document]) =>
        mutant(keys.join('.'), change, withProperty(keys, document)),
      ),
      ...itemMutants(keys, value).map(([change, list]) => mutant(keys.join('.'), change, withProperty(keys, list))),
    ]),
    ...(INSERTIONS[type] ?? []).map(([property, value]) =>
      mutant(property, `set to ${JSON.stringify(value).slice(0, 40)}`, withProperty(property.split('.'), value)),
    ),
    ...definitionMutants(Properties.DefinitionString).map(([change, definition]) =>
      mutant('DefinitionString', change, withProperty(['DefinitionString'], definition)),
    ),
    ...(['DeletionPolicy', 'UpdateReplacePolicy'] as const)
      .filter((policy) => /^Retain/.test(resource[policy] ?? ''))
      .map((policy) => mutant(policy, 'Delete', { ...resource, [policy]: 'Delete' })),
    ...(PROTECTORS.includes(type) ? [mutant('resource', 'dropped')] : []),
  ];
}

function weakened(keys: readonly string[], value: unknown): unknown[] {
  const name = generic(keys);
  return WEAKENINGS.filter(([property]) => property.test(name)).flatMap(([, weaker]) => weaker(value));
}

/** The path with `*` for positions in lists. */
export function generic(keys: readonly string[]): string {
  return keys.map((key) => (/^\d+$/.test(key) ? '*' : key)).join('.');
}

function named(value: unknown): string {
  return value === GONE ? 'taken out' : `set to ${JSON.stringify(value)}`;
}

/** Lists of which each item protects: without one, something is not recorded or not screened. */
const PROTECTING_LISTS =
  /(AdvancedEventSelectors|CaptureOptions|FiltersConfig|PiiEntitiesConfig|FirewallRules|RedactedFields)$/;

function itemMutants(keys: readonly string[], value: unknown): [string, unknown][] {
  return Array.isArray(value) && PROTECTING_LISTS.test(keys.join('.'))
    ? value.map((_, index) => [`without item ${index}`, value.filter((__, other) => other !== index)])
    : [];
}

interface RawStatement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Wider principals, actions and resources, conditions lost, denials lost: for every statement of a policy document. */
function statementMutants(_: readonly string[], value: unknown): [string, unknown][] {
  const document = value as { Statement?: RawStatement[] };
  if (value === null || typeof value !== 'object' || !Array.isArray(document.Statement) || !('Version' in document)) {
    return [];
  }
  return document.Statement.flatMap((statement, index) => {
    const others = (changed: RawStatement[]) => ({
      ...document,
      Statement: document.Statement?.toSpliced(index, 1, ...changed),
    });
    const name = `statement ${index} (${(statement as { Sid?: string }).Sid ?? statement.Effect})`;
    if (statement.Effect === 'Deny') {
      return [[`${name} dropped`, others([])] as [string, unknown]];
    }
    const { Condition = {}, ...unconditional } = statement;
    const changes: [string, RawStatement][] = [
      ...(statement.Principal === undefined
        ? ([['any resource', { ...statement, Resource: '*' } as RawStatement]] as [string, RawStatement][])
        : ([['any principal', { ...unconditional, Principal: '*' }]] as [string, RawStatement][])),
      ['any action', { ...statement, Action: '*' } as RawStatement],
      ...(Object.keys(Condition).length > 0 ? ([['no condition', unconditional]] as [string, RawStatement][]) : []),
    ];
    return changes.map(([change, changed]): [string, unknown] => [`${name} with ${change}`, others([changed])]);
  });
}

/** Jobs stand as text inside a state machine: Fn::Join keeps the text in parts. */
function definitionMutants(definition: unknown): [string, unknown][] {
  if (definition === undefined) {
    return [];
  }
  const text = JSON.stringify(definition);
  const swaps: [string, RegExp, string][] = [
    ['EnableNetworkIsolation false', /(\\"EnableNetworkIsolation\\":)true/, '$1false'],
    ['EnableInterContainerTrafficEncryption false', /(\\"EnableInterContainerTrafficEncryption\\":)true/, '$1false'],
    ['VolumeKmsKeyId renamed', /\\"VolumeKmsKeyId\\"/, '\\"Unknown\\"'],
    ['KmsKeyId renamed', /\\"KmsKeyId\\"/, '\\"Unknown\\"'],
    ['VpcConfig renamed', /\\"VpcConfig\\"/, '\\"Unknown\\"'],
  ];
  return swaps
    .map(([change, pattern, replacement]): [string, string] => [change, text.replace(pattern, replacement)])
    .filter(([, changed]) => changed !== text)
    .map(([change, changed]) => [change, JSON.parse(changed)]);
}

/** Every value below an object, with its path; intrinsic functions count as values. */
function nodes(value: unknown, keys: readonly string[]): [readonly string[], unknown][] {
  const own: [readonly string[], unknown][] = keys.length > 0 ? [[keys, value]] : [];
  if (value === null || typeof value !== 'object' || isIntrinsic(value)) {
    return own;
  }
  return [...own, ...Object.entries(value).flatMap(([key, item]) => nodes(item, [...keys, key]))];
}

function isIntrinsic(value: object): boolean {
  const [key, ...rest] = Object.keys(value);
  return rest.length === 0 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'));
}

/** A copy with the value at a path replaced, or taken out. Objects on the way are made where they are missing. */
function replaced(holder: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const copy = (Array.isArray(holder) ? [...holder] : { ...(holder as object) }) as Record<string, unknown>;
  if (rest.length > 0) {
    copy[key] = replaced(copy[key] ?? {}, rest, value);
  } else if (value === GONE) {
    delete copy[key];
  } else {
    copy[key] = value;
  }
  return Array.isArray(copy) ? copy.filter((item) => item !== undefined) : copy;
}
