import { type GraphResource, Opaque, type TemplateGraph } from '../../../../lib/analysis';
import { fault } from './policy';

/** What a service accepts as a physical name. */
interface NameRule {
  readonly property: string;
  readonly minimum?: number;
  readonly maximum: number;
  readonly pattern: RegExp;
  /** Names that only have to be unique within something else, such as an API or a database. */
  readonly within?: string;
}

/** Source: the property of each type in the CloudFormation Template Reference, or the Create call it maps to. */
const NAME_RULES: Readonly<Record<string, readonly NameRule[]>> = {
  'AWS::ApiGateway::RestApi': [{ property: 'Name', maximum: 1024, pattern: /./, within: 'nothing' }],
  'AWS::ApiGateway::Stage': [{ property: 'StageName', maximum: 128, pattern: /^[\w-]+$/, within: 'RestApiId' }],
  // AppConfig tells its resources apart by id.
  ...Object.fromEntries(
    ['Application', 'ConfigurationProfile', 'DeploymentStrategy', 'Environment'].map((kind) => [
      `AWS::AppConfig::${kind}`,
      [
        {
          property: 'Name',
          minimum: 1,
          maximum: kind === 'ConfigurationProfile' ? 128 : 64,
          pattern: /./,
          within: 'nothing',
        },
      ],
    ]),
  ),
  'AWS::ApplicationAutoScaling::ScalingPolicy': [
    { property: 'PolicyName', maximum: 256, pattern: /^[ -~]+$/, within: 'ScalingTargetId' },
  ],
  'AWS::Athena::NamedQuery': [{ property: 'Name', maximum: 128, pattern: /./, within: 'WorkGroup' }],
  'AWS::Athena::WorkGroup': [{ property: 'Name', maximum: 128, pattern: /^[\w.-]+$/ }],
  'AWS::Bedrock::Guardrail': [{ property: 'Name', maximum: 50, pattern: /^[0-9a-zA-Z_-]+$/ }],
  'AWS::CloudTrail::Trail': [
    { property: 'TrailName', minimum: 3, maximum: 128, pattern: /^[A-Za-z0-9](?!.*[._-]{2})[\w.-]*[A-Za-z0-9]$/ },
  ],
  'AWS::CloudWatch::Alarm': [{ property: 'AlarmName', maximum: 255, pattern: /./ }],
  'AWS::DynamoDB::Table': [{ property: 'TableName', minimum: 3, maximum: 255, pattern: /^[\w.-]+$/ }],
  'AWS::Events::Rule': [{ property: 'Name', maximum: 64, pattern: /^[\w.-]+$/ }],
  'AWS::IAM::ManagedPolicy': [{ property: 'ManagedPolicyName', maximum: 128, pattern: /^[\w+=,.@-]+$/ }],
  'AWS::IAM::Role': [{ property: 'RoleName', maximum: 64, pattern: /^[\w+=,.@-]+$/ }],
  'AWS::KMS::Alias': [{ property: 'AliasName', maximum: 256, pattern: /^alias\/(?!aws\/)[\w/-]+$/ }],
  'AWS::Lambda::Alias': [{ property: 'Name', maximum: 128, pattern: /^(?!\d+$)[\w-]+$/, within: 'FunctionName' }],
  'AWS::Lambda::Function': [{ property: 'FunctionName', maximum: 64, pattern: /^[\w-]+$/ }],
  'AWS::Logs::LogGroup': [{ property: 'LogGroupName', maximum: 512, pattern: /^(?!aws\/)[\w./#-]+$/ }],
  'AWS::S3::Bucket': [
    {
      property: 'BucketName',
      minimum: 3,
      maximum: 63,
      pattern: /^(?!xn--|sthree-)[a-z0-9](?!.*\.\.)[a-z0-9.-]*[a-z0-9]$/,
    },
  ],
  ...Object.fromEntries(
    ['DataQuality', 'ModelBias', 'ModelExplainability', 'ModelQuality'].map((kind) => [
      `AWS::SageMaker::${kind}JobDefinition`,
      [{ property: 'JobDefinitionName', maximum: 63, pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/ }],
    ]),
  ),
  'AWS::SageMaker::Endpoint': [{ property: 'EndpointName', maximum: 63, pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/ }],
  'AWS::SageMaker::EndpointConfig': [
    { property: 'EndpointConfigName', maximum: 63, pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/ },
  ],
  'AWS::SageMaker::Model': [{ property: 'ModelName', maximum: 63, pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/ }],
  'AWS::SageMaker::MonitoringSchedule': [
    { property: 'MonitoringScheduleName', maximum: 63, pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/ },
  ],
  'AWS::SageMaker::ModelPackageGroup': [
    { property: 'ModelPackageGroupName', maximum: 63, pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/ },
  ],
  'AWS::SNS::Topic': [{ property: 'TopicName', maximum: 256, pattern: /^[\w-]+$/ }],
  'AWS::SQS::Queue': [{ property: 'QueueName', maximum: 80, pattern: /^[\w-]+(\.fifo)?$/ }],
  'AWS::SSM::Document': [{ property: 'Name', minimum: 3, maximum: 128, pattern: /^(?!aws|amazon|amzn)[\w.-]+$/i }],
  'AWS::SSM::Parameter': [{ property: 'Name', maximum: 1011, pattern: /^\/(?!aws|ssm)[\w./-]+$/i }],
  'AWS::AutoScaling::AutoScalingGroup': [{ property: 'AutoScalingGroupName', maximum: 255, pattern: /^[\w.-]+$/ }],
  'AWS::StepFunctions::StateMachine': [{ property: 'StateMachineName', maximum: 80, pattern: /^[\w-]+$/ }],
  'AWS::WAFv2::WebACL': [{ property: 'Name', maximum: 128, pattern: /^[\w-]+$/ }],
};

/** Names that a service refuses. The same resource in two stages of one account counts as a collision. */
export function unfitNames(graph: TemplateGraph): string[] {
  return named(graph).flatMap(({ resource, rule, name }) => {
    const { minimum = 1, maximum, pattern } = rule;
    return [
      ...(name.length < minimum || name.length > maximum
        ? [fault(resource, `${rule.property} '${name}' has ${name.length} characters, not ${minimum} to ${maximum}`)]
        : []),
      ...(pattern.test(name) ? [] : [fault(resource, `${rule.property} '${name}' has characters the service refuses`)]),
    ];
  });
}

/** Resources that get the name of another one: stages may share an account and a Region. */
export function collidingNames(graph: TemplateGraph): string[] {
  const first = new Map<string, GraphResource>();
  return named(graph).flatMap(({ resource, rule, name }) => {
    const scope = rule.within === undefined ? '' : `${resource.stack} ${JSON.stringify(resource.raw[rule.within])}`;
    const identity = `${resource.type} ${scope} ${resource.type.includes('Bucket') ? '' : regionOf(resource)} ${name}`;
    const other = first.get(identity);
    first.set(identity, other ?? resource);
    const unique = rule.within !== 'nothing';
    return other && unique ? [fault(resource, `'${name}' is taken by ${other.stack}/${other.logicalId}`)] : [];
  });
}

/** Types with a `...Name` of their own for which no rule stands here: a new one must get its rule. */
export function unknownNames(graph: TemplateGraph): string[] {
  return graph.resources
    .filter(({ type }) => !type.startsWith('Custom::') && NAME_RULES[type] === undefined)
    .flatMap((resource) => {
      const own = `${resource.type.split('::')[2]}Name`;
      return ['Name', own]
        .filter((property) => resource.properties[property] !== undefined && !LABELS.has(resource.type))
        .map((property) => fault(resource, `no rule for ${resource.type}.${property}`));
    });
}

/** Types whose Name is a label that need not be unique, or is unique only inside its parent. */
const LABELS = new Set([
  'AWS::ApiGateway::Model',
  'AWS::ApiGateway::RequestValidator',
  'AWS::ApiGateway::UsagePlan',
  'AWS::Glue::Table',
  'AWS::Route53Resolver::FirewallDomainList',
  'AWS::Route53Resolver::FirewallRuleGroup',
  'AWS::Route53Resolver::FirewallRuleGroupAssociation',
  'AWS::Route53Resolver::ResolverQueryLoggingConfig',
]);

function named(graph: TemplateGraph): { resource: GraphResource; rule: NameRule; name: string }[] {
  return graph.resources.flatMap((resource) =>
    (NAME_RULES[resource.type] ?? []).flatMap((rule) => {
      const name = resource.properties[rule.property];
      return name === undefined || name instanceof Opaque ? [] : [{ resource, rule, name: String(name) }];
    }),
  );
}

function regionOf({ arn }: GraphResource): string {
  return arn.split(':')[3] || 'every Region';
}
