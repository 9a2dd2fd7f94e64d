import { type App, Duration, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  DriftMonitor,
  type DriftMonitorProps,
  KeyRing,
  ModelRegistry,
  Purpose,
  WorkloadRole,
} from '../../../constructs';
import { evaluateRules, RULES } from '../../../lib/compliance';
import { graphFrom } from '../../support/graph';
import { nagErrors } from '../../support/nag';
import { appWithFlags, Surroundings } from '../inference-environment/stacks';

const TAGS = {
  'system-id': 'scoring',
  impact: 'high',
  owner: 'scoring@example.com',
  stage: 'prod',
  'data-class': 'personal',
};

class Watched extends Surroundings {
  readonly drift: DriftMonitor;

  constructor(props: Partial<DriftMonitorProps> = {}, app: App = appWithFlags()) {
    super(app);
    for (const [tag, value] of Object.entries(TAGS)) {
      Tags.of(this).add(`ai:${tag}`, value);
    }
    const alarmTopic = new sns.Topic(this, 'Topic', { masterKey: this.keys.key(Purpose.LOGS) });
    const { endpoint, killSwitch } = this.serve(this.endpointModel(), { alarmTopic });
    if (!endpoint) {
      throw new Error('no endpoint');
    }
    const purposes = [Purpose.MODEL, Purpose.LOGS];
    const registry = new ModelRegistry(this, 'Registry', {
      keys: new KeyRing(this, 'RegistryKeys', { system: 'models', stage: 'dev', purposes }),
      network: this.network,
    });
    this.drift = new DriftMonitor(this, 'Drift', {
      keys: this.keys,
      endpoint,
      registry,
      network: this.network,
      killSwitch,
      condition: this.condition,
      alarmTopic,
      ...props,
    });
  }
}

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  Condition?: string;
}
type Resources = Record<string, Resource>;

const template = Template.fromStack(new Watched());
const resources: Resources = template.toJSON().Resources;
const OF_MONITOR = /^Drift/;

/** What the rules say of the monitor. The VPC of these tests has no endpoint for S3. */
function findings(json: object): string[] {
  return evaluateRules(
    graphFrom(json),
    RULES.filter(({ id }) => id !== 'NetworkRequiredEndpoints'),
  )
    .flatMap(({ violations, unresolvable }) => [...violations, ...unresolvable])
    .filter(({ resource }) => OF_MONITOR.test(resource.logicalId))
    .map(({ rule, resource }) => `${rule.id} ${resource.logicalId}`);
}

function withChange(change: (resources: Resources) => void): object {
  const json = JSON.parse(JSON.stringify(template.toJSON()));
  change(json.Resources);
  expect(json).not.toEqual(template.toJSON());
  return json;
}

/** The one resource whose id goes on so. */
function named(all: Resources, id: string): Resource {
  const found = Object.entries(all).filter(([logicalId]) => new RegExp(`^Drift${id}[0-9A-F]{8}$`).test(logicalId));
  expect(found).toHaveLength(1);
  return found[0][1];
}

describe('the rules', () => {
  test('find nothing, in any form', () => {
    expect(findings(template.toJSON())).toEqual([]);
    const custom = new Watched({
      killSwitch: undefined,
      baselineHours: 48,
      minimumRows: 100,
      timeBetweenFalseAlarms: Duration.days(30),
    });
    expect(findings(Template.fromStack(custom).toJSON())).toEqual([]);
  });

  const changed = (id: string, property: string, value?: unknown) => (all: Resources) => {
    if (value === undefined) {
      delete named(all, id).Properties[property];
    } else {
      named(all, id).Properties[property] = value;
    }
  };

  test.each<[string, (all: Resources) => void, string]>([
    ['the environment of the monitor has no key', changed('Monitor', 'KmsKeyArn'), 'LambdaHardened'],
    ['the rollback runs outside the VPC', changed('Rollback', 'VpcConfig'), 'LambdaHardened'],
    [
      'the role of the rollback has no boundary',
      changed('RollbackRole', 'PermissionsBoundary'),
      'IamPermissionsBoundary',
    ],
    ['the log of the rollback has no key', changed('RollbackLog', 'KmsKeyId'), 'LogGroupCmk'],
    ['the log of the monitor ends too early', changed('MonitorLog', 'RetentionInDays', 30), 'LogGroupRetention'],
    ['the bucket has no key', changed('Records', 'BucketEncryption'), 'S3'],
    ['nobody hears of drift', changed('AnswerDrift', 'AlarmActions'), 'AlarmHasAction'],
    ['nobody hears of a rollback that failed', changed('RollbackErrors', 'AlarmActions'), 'AlarmHasAction'],
    ['silence raises no alarm', changed('Silence', 'TreatMissingData'), 'AlarmHasAction'],
    [
      'a drift that could not be told is dropped',
      (all) => {
        const [target] = named(all, 'OnDrift').Properties.Targets as Record<string, unknown>[];
        delete target.DeadLetterConfig;
      },
      'EventTargetsDlq',
    ],
  ])('find that %s', (_, change, rule) => {
    expect(findings(withChange(change))).toContainEqual(expect.stringMatching(new RegExp(`^${rule}`)));
  });
});

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: object;
}

function statementsOf(role: string, all = template): Statement[] {
  const policies = all.findResources('AWS::IAM::ManagedPolicy', {
    Properties: { Roles: [{ Ref: Match.stringLikeRegexp(`^Drift${role}`) }] },
  });
  return Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

const about = (statements: Statement[], action: string) =>
  statements.filter(({ Action }) => [Action].flat().includes(action));
const objects = (statements: Statement[], action: string) =>
  [...JSON.stringify(about(statements, action)).matchAll(/"(\/[a-z/*.-]+)"/gi)].map(([, found]) => found).sort();

describe('the monitor', () => {
  const own = statementsOf('MonitorRole');

  test('reads captures of its endpoint, and changes neither endpoint nor what a rollback decides by', () => {
    // What was written once is read where it is written again.
    expect(objects(own, 's3:GetObject')).toEqual([
      '/captures/dev-scoring/AllTraffic/*',
      '/deployments/*',
      '/state/drift/*',
    ]);
    expect(objects(own, 's3:PutObject')).toEqual(['/charts/*', '/deployments/*', '/state/drift/*']);
    const sagemaker = own.flatMap(({ Action }) => Action).filter((action) => action.startsWith('sagemaker:'));
    expect(sagemaker).toEqual(['sagemaker:DescribeEndpoint']);
  });

  test('runs each hour, once at a time', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'cron(20 * * * ? *)',
      State: 'ENABLED',
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DriftMonitor'), 'Arn'] } })],
    });
    expect(named(resources, 'Monitor').Properties).toMatchObject({
      ReservedConcurrentExecutions: 1,
      Environment: {
        Variables: {
          ENDPOINT_NAME: 'dev-scoring',
          CAPTURES: 'captures/dev-scoring/AllTraffic',
          BASELINE_WINDOWS: '72',
          MINIMUM_ROWS: '30',
          ARL0: '4320',
        },
      },
    });
  });
});

describe('the rollback', () => {
  const own = statementsOf('RollbackRole');

  test('reads no captures, and switches this endpoint to its own configurations only', () => {
    expect(objects(own, 's3:GetObject')).not.toContain('/captures/dev-scoring/AllTraffic/*');
    expect(objects(own, 's3:PutObject')).toEqual(['/decisions/*', '/quarantine/*', '/state/rollback.json']);
    const [endpoint, configurations, ...others] = about(own, 'sagemaker:UpdateEndpoint');
    expect(others).toEqual([]);
    expect(JSON.stringify(endpoint.Resource)).toContain(':endpoint/dev-scoring"');
    expect(JSON.stringify(configurations.Resource)).toContain(':endpoint-config/*"');
    expect(configurations.Condition).toEqual({ StringEquals: { 'aws:ResourceTag/palisade:endpoint': 'dev-scoring' } });
    const made = own.flatMap(({ Action }) => Action).filter((action) => /Create|Delete/.test(action));
    expect(made.filter((action) => !/^(ec2|logs):/.test(action))).toEqual([]);
  });

  test('knows configuration and model of its endpoint by their tag', () => {
    for (const type of ['AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Model']) {
      template.hasResourceProperties(type, {
        Tags: Match.arrayWith([{ Key: 'palisade:endpoint', Value: 'dev-scoring' }]),
      });
    }
  });

  test('holds approvals as a deployment does, and stops the gateway by its runbook', () => {
    expect(about(own, 'kms:Verify')).toHaveLength(1);
    expect(about(own, 'sagemaker:DescribeModelPackage')).toHaveLength(1);
    expect(JSON.stringify(about(own, 'ssm:StartAutomationExecution'))).toContain('document/dev-scoring-stop');
    expect(named(resources, 'Rollback').Properties).toMatchObject({
      Environment: { Variables: { STOP_RUNBOOK: 'dev-scoring-stop' } },
    });
  });

  test('stops nothing where it was given nothing to stop', () => {
    const told = Template.fromStack(new Watched({ killSwitch: undefined }));
    expect(about(statementsOf('RollbackRole', told), 'ssm:StartAutomationExecution')).toEqual([]);
    const { Environment } = named(told.toJSON().Resources, 'Rollback').Properties as { Environment: object };
    expect(JSON.stringify(Environment)).not.toContain('STOP_RUNBOOK');
  });

  test.each([
    ['OnDrift', { source: ['palisade.drift-monitor'], detail: { endpointName: ['dev-scoring'] } }],
    ['OnChange', { source: ['aws.sagemaker'], detail: { EndpointName: ['dev-scoring'] } }],
  ])('is started by %s of its endpoint', (id, pattern) => {
    const { EventPattern, Targets } = named(resources, id).Properties as Record<string, unknown>;
    expect(EventPattern).toMatchObject(pattern);
    expect(JSON.stringify(Targets)).toMatch(/"DriftRollback[0-9A-F]{8}"/);
  });
});

describe('the alarms', () => {
  const alarms = Object.entries(resources).filter(
    ([id, { Type }]) => Type === 'AWS::CloudWatch::Alarm' && OF_MONITOR.test(id),
  );

  test('are on drift, on a week without judgement, on silence and on a failed rollback, and told', () => {
    expect(alarms.map(([id, { Properties }]) => [id.slice(5, -8), Properties.Threshold])).toEqual([
      ['AnswerDrift', 1],
      ['RequestDrift', 1],
      ['Unjudged', 1],
      ['Silence', 1],
      ['RollbackErrors', 1],
    ]);
    for (const [, { Properties, Condition }] of alarms) {
      expect(Properties.AlarmActions).toEqual([{ Ref: expect.stringMatching('^Topic') }]);
      expect(Condition).toBe('HasModel');
      // CloudWatch looks back seven days at most.
      expect(Number(Properties.Period) * Number(Properties.EvaluationPeriods)).toBeLessThanOrEqual(604_800);
    }
    expect(named(resources, 'Silence').Properties).toMatchObject({ TreatMissingData: 'breaching' });
  });
});

test.each([
  ['grantRead', ['/charts/*', '/decisions/*'], 's3:GetObject'],
  ['grantWriteSmokeSet', ['/smoke/*'], 's3:PutObject'],
  ['grantRelease', ['/quarantine/*'], 's3:DeleteObject'],
] as const)('%s opens %j', (grant, prefixes, action) => {
  const stack = new Watched();
  const assumedBy = new iam.ServicePrincipal('lambda.amazonaws.com');
  stack.drift[grant](new WorkloadRole(stack, 'Person', { assumedBy, description: 'Looks' }));
  const [policy] = Object.values(
    Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^Person') }] },
    }),
  );
  const { Statement } = policy.Properties.PolicyDocument;
  expect(objects(Statement, action)).toEqual(prefixes);
});

test.each([
  { baselineHours: 23 },
  { baselineHours: 30.5 },
  { minimumRows: 9 },
  { timeBetweenFalseAlarms: Duration.hours(23) },
])('refuses %j', (props) => {
  expect(() => new Watched(props)).toThrow(expect.objectContaining({ code: 'PALISADE-F150' }));
});

test('passes cdk-nag but for what is accepted: prefixes of a bucket, and what only a tag can name', () => {
  const app = appWithFlags();
  new Watched({}, app);
  const own = nagErrors(app).filter((finding) => finding.includes('Stack/Drift/'));
  const wildcards = own.flatMap(
    (finding) => /^AwsSolutions-IAM5\[Resource::(.*)\] Stack\/Drift\/(\w+)Role\//.exec(finding) ?? [],
  );
  const of = (role: string) => wildcards.flatMap((found, index) => (found === role ? [wildcards[index - 1]] : []));
  const records = (prefix: string) => `<DriftRecords0D613891.Arn>/${prefix}/*`;
  const arn = (rest: string) => `arn:aws:${rest}`;
  const here = 'eu-west-1:111122223333';
  expect(of('Monitor')).toEqual([
    ...['charts', 'deployments', 'state/drift'].map(records),
    '<InferenceEndpointCapturesF5721404.Arn>/captures/dev-scoring/AllTraffic/*',
  ]);
  expect(of('Rollback')).toEqual([
    ...['decisions', 'deployments', 'quarantine', 'smoke'].map(records),
    '<RegistryModels63FD1888.Arn>/*/model.tar.gz',
    '<RegistryModels63FD1888.Arn>/approvals/*',
    arn(`cloudwatch:${here}:alarm:*`),
    arn(`sagemaker:${here}:endpoint-config/*`),
    arn(`sagemaker:${here}:model-package/dev-models/*`),
    arn(`sagemaker:${here}:model/*`),
    arn(`ssm:${here}:automation-definition/dev-scoring-stop:*`),
    arn(`ssm:${here}:automation-execution/*`),
  ]);
  const others = own.filter((finding) => !finding.startsWith('AwsSolutions-IAM5'));
  expect(others).toEqual(['NIST.800.53.R5-S3BucketReplicationEnabled Stack/Drift/Records/Resource']);
});
