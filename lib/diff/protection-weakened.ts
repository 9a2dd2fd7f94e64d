import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../analysis';

/** A property that protected more in the old templates than in the new. */
export interface ProtectionWeakened {
  /** Construct path. */
  readonly resource: string;
  readonly property: string;
  readonly before: string;
  /** `absent` where the property, or the whole resource, is gone. */
  readonly after: string;
}

/** How a property protects: whether a change from one value to the other takes protection away. */
interface Protection {
  readonly property: RegExp;
  readonly weaker: (before: unknown, after: unknown) => boolean;
}

const isTrue = (value: unknown) => textOf(value) === 'true';
const gone = (_: unknown, after: unknown) => after === undefined;

/** Property names by what they protect; the first that matches decides. CloudFormation names them alike across services. */
const PROTECTIONS: readonly Protection[] = [
  {
    property:
      /(^|\.)(MapPublicIpOnLaunch|PubliclyAccessible|AssociatePublicIpAddress|PrivilegedMode|DataTraceEnabled|EnableSSMAccess|EncryptionDisabled|InsecureSsl|BypassPolicyLockoutSafetyCheck|AutoDeleteObjects)$/,
    weaker: (before, after) => isTrue(after) && !isTrue(before),
  },
  {
    property:
      /(Kms(Master)?Key(Id|Arn|ID|Identifier)?|KMSMasterKeyID|KMSKeyId|CustomerEncryptionKeyArn|EncryptionKeyArn|KmsKey|EncryptionKey)$/i,
    weaker: (before, after) =>
      after === undefined || (/alias\/aws\//.test(textOf(after)) && !/alias\/aws\//.test(textOf(before))),
  },
  {
    property: /(SSEAlgorithm|EncryptionType|SseType)$/,
    weaker: (before, after) => /kms/i.test(textOf(before)) && !/kms/i.test(textOf(after)),
  },
  {
    property: /(^|\.)RetentionInDays$/,
    weaker: (before, after) => after !== undefined && Number(after) < Number(before),
  },
  {
    property: /(Days|Years|RetentionPeriod|RetentionHours|RetentionDays)$/,
    weaker: (before, after) => after === undefined || Number(after) < Number(before),
  },
  { property: /RotationPeriodInDays$/, weaker: (before, after) => Number(after) > Number(before) },
  { property: /DefaultRetention\.Mode$/, weaker: (before, after) => before === 'COMPLIANCE' && after !== 'COMPLIANCE' },
  { property: /(HttpTokens)$/, weaker: (before, after) => before === 'required' && after !== 'required' },
  {
    property: /(AuthorizationType|AuthorizerType|AuthType)$/,
    weaker: (before, after) => after === 'NONE' && before !== 'NONE',
  },
  { property: /(InputStrength|OutputStrength)$/, weaker: (before, after) => strength(after) < strength(before) },
  {
    property:
      /(VersioningConfiguration\.Status|ImageTagMutability|MinimumInstanceMetadataServiceVersion|PermissionsBoundary|GuardrailIdentifier|GuardrailVersion|DataProtectionPolicy|CodeSigningConfigArn)$/,
    weaker: gone,
  },
  { property: /./, weaker: (before, after) => isTrue(before) && !isTrue(after) },
];

function strength(value: unknown): number {
  return ['NONE', 'LOW', 'MEDIUM', 'HIGH'].indexOf(textOf(value));
}

/** Types whose resources protect others: losing one is a loss of its own. */
const GUARDS =
  /^AWS::(Bedrock::(Guardrail|EnforcedGuardrailConfiguration)|CloudTrail::Trail|CloudWatch::Alarm|Config::\w+|EC2::FlowLog|GuardDuty::\w+|Logs::MetricFilter|Route53Resolver::Firewall\w+|S3::BucketPolicy|SageMaker::MonitoringSchedule|SecurityHub::\w+|WAFv2::\w+|ApiGateway::RequestValidator)$/;

/** Encryption, retention and switches that protect less than before, for the resources that both assemblies have. */
export function protectionWeakened(before: TemplateGraph, after: TemplateGraph): ProtectionWeakened[] {
  const now = new Map(after.resources.map((resource) => [resource.path, resource]));
  return before.resources.flatMap((old) => {
    const resource = now.get(old.path);
    if (!resource) {
      return GUARDS.test(old.type)
        ? [{ resource: old.path, property: 'resource', before: old.type, after: 'absent' }]
        : [];
    }
    return [...propertiesWeakened(old, resource), ...policiesWeakened(old, resource)];
  });
}

function propertiesWeakened(old: GraphResource, now: GraphResource): ProtectionWeakened[] {
  const after = new Map(leaves(now.properties, ''));
  return leaves(old.properties, '')
    .flatMap(([property, value]) => {
      const found = after.get(property);
      const protection = PROTECTIONS.find((candidate) => candidate.property.test(property));
      return textOf(value) !== textOf(found) && protection?.weaker(value, found)
        ? [{ resource: old.path, property, before: shown(value), after: shown(found) }]
        : [];
    })
    .concat(newlyOpen(old, now));
}

/** Switches that open something are absent until somebody turns them on. */
function newlyOpen(old: GraphResource, now: GraphResource): ProtectionWeakened[] {
  const before = new Map(leaves(old.properties, ''));
  const [openers] = PROTECTIONS;
  return leaves(now.properties, '')
    .filter(
      ([property, value]) =>
        !before.has(property) && openers.property.test(property) && openers.weaker(undefined, value),
    )
    .map(([property, value]) => ({ resource: old.path, property, before: 'absent', after: shown(value) }));
}

function policiesWeakened(old: GraphResource, now: GraphResource): ProtectionWeakened[] {
  return (['DeletionPolicy', 'UpdateReplacePolicy'] as const)
    .filter((policy) => /^Retain/.test(old.template[policy] ?? '') && !/^Retain/.test(now.template[policy] ?? ''))
    .map((property) => ({
      resource: old.path,
      property,
      before: shown(old.template[property]),
      after: shown(now.template[property]),
    }));
}

/** Every scalar with its dotted path. Policy documents are compared as access, not as text. */
function leaves(value: unknown, path: string): [string, unknown][] {
  if (value === null || typeof value !== 'object' || value instanceof Opaque) {
    return [[path, value]];
  }
  return Object.entries(value)
    .filter(([key]) => !/(PolicyDocument|KeyPolicy|PolicyText|^Policy|^Tags)$/.test(key))
    .flatMap(([key, item]) => leaves(item, path === '' ? key : `${path}.${key}`));
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : textOf(value).slice(0, 80);
}
