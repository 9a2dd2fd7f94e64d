import { type GraphResource, type TemplateGraph, urlSuffixOf } from '../../../../lib/analysis';
import { accountPrincipal, allows, conditionValues, fault, listOf, type Statement, statementsOf } from './policy';

/** Without these nobody can repair or delete a key; KMS support cannot either. */
const KEEPING_ACTIONS = [
  'kms:CancelKeyDeletion',
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
];

/**
 * Keys whose policy does not let principals of the account administer them. The policy itself may be the deployment's alone
 * to change: KMS asks of whoever makes a key that they can change its policy again.
 */
export function lockedOutAccounts(graph: TemplateGraph): string[] {
  return graph.ofType('AWS::KMS::Key').flatMap((key) => {
    const statements = keyStatements(key);
    const missing = KEEPING_ACTIONS.filter(
      (action) =>
        !allows(
          statements,
          accountPrincipal(regionOf(key)),
          [action],
          (conditions) =>
            Object.keys(conditions).length === 0 ||
            (action === 'kms:PutKeyPolicy' &&
              conditionValues(conditions, 'aws:PrincipalArn').some((arn) => /role\/cdk-\w+-cfn-exec-role-/.test(arn))),
        ),
    );
    return missing.length > 0 ? [fault(key, `the account cannot ${missing.join(', ')}`)] : [];
  });
}

/** A use of a key by something that does not ask with a role of its own. */
interface Use {
  readonly resource: GraphResource;
  readonly keyArn: unknown;
  /** Who asks, for the message. */
  readonly user: string;
  readonly opened: (statements: readonly Statement[], region: string) => boolean;
}

/** Resources that name a key of the assembly whose policy does not accept the service that uses it. */
export function unopenedKeys(graph: TemplateGraph): string[] {
  return usesOf(graph).flatMap(({ resource, keyArn, user, opened }) => {
    const key = graph.withArn(keyArn);
    if (!key) {
      return [fault(resource, `its key ${String(keyArn)} is not in the assembly`)];
    }
    return opened(keyStatements(key), regionOf(key))
      ? []
      : [fault(resource, `the policy of ${key.stack}/${key.logicalId} does not accept ${user}`)];
  });
}

function usesOf(graph: TemplateGraph): Use[] {
  return [
    ...logGroups(graph),
    ...trails(graph),
    ...alarmTopics(graph),
    ...ruleQueues(graph),
    ...functions(graph),
    ...provisioned(
      graph,
      'AWS::Bedrock::Guardrail',
      'bedrock',
      ({ KmsKeyArn }) => KmsKeyArn,
      'kms:GenerateDataKey',
      'kms:Decrypt',
    ),
    ...provisioned(graph, 'AWS::SageMaker::EndpointConfig', 'sagemaker', ({ KmsKeyId }) => KmsKeyId),
    ...stateMachines(graph),
    ...hostVolumes(graph),
  ];
}

/** The encryption context must name the group's own ARN: Logs sends no other binding. */
function logGroups(graph: TemplateGraph): Use[] {
  return keyed(graph, 'AWS::Logs::LogGroup', ({ KmsKeyId }) => KmsKeyId).map(({ resource, keyArn }) => ({
    resource,
    keyArn,
    user: 'CloudWatch Logs for this group',
    opened: (statements, region) =>
      allows(
        statements,
        `Service:logs.${region}.${urlSuffixOf(region)}`,
        [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
          'kms:GenerateDataKey',
          'kms:DescribeKey',
        ],
        (conditions) =>
          matchesAny(conditionValues(conditions, 'kms:EncryptionContext:aws:logs:arn'), groupArn(resource)),
      ),
  }));
}

function trails(graph: TemplateGraph): Use[] {
  return keyed(graph, 'AWS::CloudTrail::Trail', ({ KMSKeyId }) => KMSKeyId).map(({ resource, keyArn }) => ({
    resource,
    keyArn,
    user: 'CloudTrail for this trail',
    opened: (statements) =>
      allows(
        statements,
        'Service:cloudtrail.amazonaws.com',
        ['kms:GenerateDataKey', 'kms:DescribeKey'],
        matching('aws:SourceArn', resource.arn),
      ),
  }));
}

/** CloudWatch cannot publish to an encrypted topic that does not accept it: the alarm would be silent. */
function alarmTopics(graph: TemplateGraph): Use[] {
  const topics = new Set(
    graph.ofType('AWS::CloudWatch::Alarm').flatMap(({ properties }) => listOf(properties.AlarmActions)),
  );
  return keyed(graph, 'AWS::SNS::Topic', ({ KmsMasterKeyId }) => KmsMasterKeyId)
    .filter(({ resource }) => topics.has(resource.arn))
    .map(({ resource, keyArn }) => ({
      resource,
      keyArn,
      user: 'CloudWatch alarms',
      opened: opensTo('cloudwatch.amazonaws.com', 'kms:GenerateDataKey', 'kms:Decrypt'),
    }));
}

/** EventBridge puts what a target did not take into the rule's queue. */
function ruleQueues(graph: TemplateGraph): Use[] {
  const queues = new Set(
    graph
      .ofType('AWS::Events::Rule')
      .flatMap(({ properties }) => listOf(properties.Targets))
      .map((target) => (target as { DeadLetterConfig?: { Arn?: unknown } }).DeadLetterConfig?.Arn),
  );
  return keyed(graph, 'AWS::SQS::Queue', ({ KmsMasterKeyId }) => KmsMasterKeyId)
    .filter(({ resource }) => queues.has(resource.arn))
    .map(({ resource, keyArn }) => ({
      resource,
      keyArn,
      user: 'EventBridge',
      opened: opensTo('events.amazonaws.com', 'kms:GenerateDataKey', 'kms:Decrypt'),
    }));
}

/** Lambda encrypts the environment with the session of whoever deploys, and decrypts it through a grant it makes then. */
function functions(graph: TemplateGraph): Use[] {
  return provisioned(graph, 'AWS::Lambda::Function', 'lambda', ({ KmsKeyArn }) => KmsKeyArn, 'kms:Encrypt');
}

function stateMachines(graph: TemplateGraph): Use[] {
  return provisioned(
    graph,
    'AWS::StepFunctions::StateMachine',
    'states',
    ({ EncryptionConfiguration }) => (EncryptionConfiguration as { KmsKeyId?: unknown } | undefined)?.KmsKeyId,
    'kms:GenerateDataKey',
    'kms:Decrypt',
  );
}

/** Auto Scaling launches hosts under its service-linked role, which has no rights of its own on a CMK. */
function hostVolumes(graph: TemplateGraph): Use[] {
  const volumeKey = ({ LaunchTemplateData }: Properties) => {
    const { BlockDeviceMappings } = LaunchTemplateData as { BlockDeviceMappings?: { Ebs?: { KmsKeyId?: unknown } }[] };
    return BlockDeviceMappings?.[0]?.Ebs?.KmsKeyId;
  };
  return keyed(graph, 'AWS::EC2::LaunchTemplate', volumeKey).map(({ resource, keyArn }) => ({
    resource,
    keyArn,
    user: 'Auto Scaling',
    opened: (statements) =>
      allows(
        statements,
        'AWS:*',
        [
          'kms:CreateGrant',
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:ReEncryptFrom',
        ],
        (conditions) =>
          conditionValues(conditions, 'aws:PrincipalArn').some((arn) => arn.endsWith('AWSServiceRoleForAutoScaling')),
      ),
  }));
}

/** Services that act with the deployer's session: the key sees the account, and the service in `kms:ViaService`. */
function provisioned(
  graph: TemplateGraph,
  type: string,
  service: string,
  keyOf: (properties: Properties) => unknown,
  ...actions: string[]
): Use[] {
  return keyed(graph, type, keyOf).map(({ resource, keyArn }) => ({
    resource,
    keyArn,
    user: `who deploys through ${service}`,
    opened: (statements, region) =>
      allows(
        statements,
        accountPrincipal(region),
        ['kms:DescribeKey', 'kms:CreateGrant', ...actions],
        matching('kms:ViaService', `${service}.${region}.${urlSuffixOf(region)}`),
      ),
  }));
}

type Properties = GraphResource['properties'];

function keyed(graph: TemplateGraph, type: string, keyOf: (properties: Properties) => unknown) {
  return graph
    .ofType(type)
    .map((resource) => ({ resource, keyArn: keyOf(resource.properties) }))
    .filter(({ keyArn }) => keyArn !== undefined);
}

function opensTo(service: string, ...actions: string[]): Use['opened'] {
  return (statements) => allows(statements, `Service:${service}`, actions);
}

/** The condition key, where a statement has it, must accept the value. */
function matching(key: string, value: string): (conditions: Statement['conditions']) => boolean {
  return (conditions) => matchesAny(conditionValues(conditions, key), value);
}

function matchesAny(patterns: readonly string[], value: string): boolean {
  return patterns.some((pattern) =>
    new RegExp(`^${pattern.replace(/[.$]/g, '\\$&').replaceAll('*', '.*')}$`).test(value),
  );
}

function groupArn({ arn }: GraphResource): string {
  return arn.replace(/:\*$/, '');
}

function keyStatements(key: GraphResource): Statement[] {
  return statementsOf(key.properties.KeyPolicy);
}

function regionOf({ arn }: GraphResource): string {
  return arn.split(':')[3];
}
