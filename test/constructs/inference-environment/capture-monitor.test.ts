import { type App, Duration, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { type CaptureMonitorOptions, Purpose, WorkloadRole } from '../../../constructs';
import { evaluateRules, RULES } from '../../../lib/compliance';
import { graphFrom } from '../../support/graph';
import { nagErrors } from '../../support/nag';
import { appWithFlags, Surroundings } from './stacks';

function watched(options: Partial<CaptureMonitorOptions> = {}, app: App = appWithFlags()): Surroundings {
  const stack = new Surroundings(app);
  Tags.of(stack).add('ai:impact', 'high');
  Tags.of(stack).add('ai:system-id', 'scoring');
  const alarmTopic = new sns.Topic(stack, 'Topic', { masterKey: stack.keys.key(Purpose.LOGS) });
  stack.serve(stack.endpointModel({ captureMonitor: { network: stack.network, ...options } }), { alarmTopic });
  return stack;
}

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  Condition?: string;
}
type Resources = Record<string, Resource>;

const template = Template.fromStack(watched());
const OF_MONITOR = /^InferenceEndpointCaptureMonitor/;
const RULE_OF_MONITOR = /^InferenceEndpointCaptureMonitorDaily/;
const FUNCTION = 'AWS::Lambda::Function';
const SILENCE = 'Silence';

/** What the rules say of the monitor, and of its endpoint's being watched. The VPC of these tests has no endpoint for S3. */
function findings(json: object): string[] {
  return evaluateRules(
    graphFrom(json),
    RULES.filter(({ id }) => id !== 'NetworkRequiredEndpoints'),
  )
    .flatMap(({ violations, unresolvable }) => [...violations, ...unresolvable])
    .filter(({ rule, resource }) => OF_MONITOR.test(resource.logicalId) || rule.id === 'SageMakerEndpointMonitored')
    .map(({ rule, resource }) => `${rule.id} ${resource.logicalId.replace(OF_MONITOR, '')}`);
}

/** The template with its resources changed, which must have changed something. */
function withChange(change: (resources: Resources) => void): object {
  const json = JSON.parse(JSON.stringify(template.toJSON()));
  change(json.Resources);
  expect(json).not.toEqual(template.toJSON());
  return json;
}

/** The resource of the monitor whose id goes on so. */
function ofMonitor(resources: Resources, id: string): Resource {
  const pattern = new RegExp(`${OF_MONITOR.source}${id}[0-9A-F]{8}$`);
  const found = Object.entries(resources).filter(([logicalId]) => pattern.test(logicalId));
  expect(found).toHaveLength(1);
  return found[0][1];
}

describe('the rules', () => {
  test('find nothing', () => {
    expect(findings(template.toJSON())).toEqual([]);
  });

  const changed = (id: string, property: string, value?: unknown) => (resources: Resources) => {
    const { Properties } = ofMonitor(resources, id);
    if (value === undefined) {
      delete Properties[property];
    } else {
      Properties[property] = value;
    }
  };
  const statementsWithout = (resources: Resources, action: string) => {
    const { PolicyDocument } = ofMonitor(resources, 'HandlerRolePermissions').Properties as {
      PolicyDocument: { Statement: { Action: unknown }[] };
    };
    PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Action }) => Action !== action);
  };

  test.each<[string, (resources: Resources) => void, string]>([
    ['the schedule is off', changed('Daily', 'State', 'DISABLED'), 'SageMakerEndpointMonitored'],
    ['it runs weekly', changed('Daily', 'ScheduleExpression', 'cron(0 3 ? * MON *)'), 'SageMakerEndpointMonitored'],
    ['it has no target', changed('Daily', 'Targets'), 'SageMakerEndpointMonitored'],
    ['it may not read', (resources) => statementsWithout(resources, 's3:GetObject'), 'SageMakerEndpointMonitored'],
    ['its environment has no key', changed('Handler', 'KmsKeyArn'), 'LambdaHardened'],
    ['its role has no boundary', changed('HandlerRole', 'PermissionsBoundary'), 'PermissionsBoundary'],
    ['its log has no key', changed('HandlerLog', 'KmsKeyId'), 'LogGroupCmk'],
    ['its log ends too early', changed('HandlerLog', 'RetentionInDays', 30), 'LogGroupRetention'],
    ['silence raises no alarm', changed(SILENCE, 'TreatMissingData'), 'AlarmHasAction'],
    ['nobody hears of drift', changed('AnswerDrift', 'AlarmActions'), 'AlarmHasAction'],
    [
      'what could not start it is dropped',
      (resources) => {
        const [target] = ofMonitor(resources, 'Daily').Properties.Targets as Record<string, unknown>[];
        delete target.DeadLetterConfig;
      },
      'EventTargetsDlq',
    ],
  ])('find that %s', (_, change, rule) => {
    expect(findings(withChange(change))).toContainEqual(expect.stringMatching(new RegExp(`${rule} `)));
  });
});

describe('the function', () => {
  const permissions = Object.values(
    template.findResources('AWS::IAM::ManagedPolicy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp(`${OF_MONITOR.source}HandlerRole`) }] },
    }),
  );
  const statements: { Action: string | string[]; Resource: unknown; Condition?: object }[] = permissions.flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const about = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));
  const prefixes = (action: string) => JSON.stringify(about(action)).match(/(?<=")\/[a-z/*-]+/g);

  test('reads captures and the baseline, and writes reports: not what it judges, nor what it judges by', () => {
    expect(prefixes('s3:GetObject')).toEqual(['/baselines/captures/*', '/captures/*']);
    expect(prefixes('s3:PutObject')).toEqual(['/monitoring/captures/*']);
    expect(about('s3:ListBucket').map(({ Condition }) => Condition)).toEqual([
      { StringLike: { 's3:prefix': ['captures/*', 'baselines/captures/*'] } },
    ]);
    const s3 = statements.flatMap(({ Action }) => Action).filter((action) => action.startsWith('s3:'));
    expect(s3.sort()).toEqual(['s3:GetObject', 's3:ListBucket', 's3:PutObject']);
  });

  test('opens captures with their key, and writes no metrics but through its log', () => {
    const keys = ['Inference', 'Logs'].map((purpose) => ({
      'Fn::GetAtt': [expect.stringMatching(`^Keys${purpose}`), 'Arn'],
    }));
    expect(about('kms:Decrypt')).toEqual([
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: keys },
    ]);
    expect(about('cloudwatch:PutMetricData')).toEqual([]);
  });

  test('runs in the isolated subnets, once at a time, and knows where to look', () => {
    template.hasResourceProperties(FUNCTION, {
      Description: 'Compares what dev-scoring is asked and answers with its baseline',
      ReservedConcurrentExecutions: 1,
      Timeout: 600,
      VpcConfig: { SecurityGroupIds: [Match.anyValue()], SubnetIds: Match.anyValue() },
      Environment: {
        Variables: {
          ACCOUNT: '111122223333',
          BUCKET: { Ref: Match.stringLikeRegexp('^InferenceEndpointCaptures') },
          CAPTURES: 'captures/dev-scoring/AllTraffic',
          ENDPOINT_NAME: 'dev-scoring',
        },
      },
    });
  });

  test('is started by its rule only, each day at three', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'cron(0 3 * * ? *)',
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp(`${OF_MONITOR.source}Handler`), 'Arn'] },
          RetryPolicy: { MaximumEventAgeInSeconds: 7200, MaximumRetryAttempts: 5 },
        }),
      ],
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp(RULE_OF_MONITOR.source), 'Arn'] },
    });
  });
});

describe('the alarms', () => {
  const alarms = Object.entries(template.toJSON().Resources as Resources).filter(
    ([id, { Type }]) => Type === 'AWS::CloudWatch::Alarm' && OF_MONITOR.test(id),
  );
  const told = (json: Template) =>
    Object.fromEntries(
      Object.entries(json.findResources('AWS::CloudWatch::Alarm')).flatMap(([id, { Properties }]) =>
        OF_MONITOR.test(id)
          ? [[id.replace(OF_MONITOR, '').slice(0, -8), [Properties.MetricName, Properties.Threshold]]]
          : [],
      ),
    );

  test('are on drift, on quality, on a week without comparison, and on silence', () => {
    expect(told(template)).toEqual({
      AnswerDrift: ['AnswerPsi', 0.25],
      RequestDrift: ['WorstColumnPsi', 0.25],
      Missing: ['MissingPercent', 5],
      Unreadable: ['UnreadablePercent', 5],
      Uncompared: ['Uncompared', 1],
      Silence: ['Requests', 1],
    });
    expect(told(Template.fromStack(watched({ maximumMissingPercent: 1.5 })))).toMatchObject({
      Missing: ['MissingPercent', 1.5],
      Unreadable: ['UnreadablePercent', 1.5],
    });
  });

  test('fire at the bound of drift, above that of quality, and below one report in 26 hours', () => {
    const of = (id: string) => ofMonitor(template.toJSON().Resources, id).Properties;
    for (const id of ['AnswerDrift', 'RequestDrift', 'Uncompared']) {
      expect(of(id)).toMatchObject({
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        Period: 86_400,
        Statistic: 'Maximum',
        EvaluationPeriods: id === 'Uncompared' ? 7 : 1,
        TreatMissingData: 'notBreaching',
      });
    }
    for (const id of ['Missing', 'Unreadable']) {
      expect(of(id)).toMatchObject({ ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1 });
    }
    expect(of(SILENCE)).toMatchObject({
      ComparisonOperator: 'LessThanThreshold',
      Period: 3600,
      EvaluationPeriods: 26,
      Statistic: 'SampleCount',
      TreatMissingData: 'breaching',
    });
  });

  test('look back no further than CloudWatch does: seven days', () => {
    for (const [, { Properties }] of alarms) {
      expect(Number(Properties.Period) * Number(Properties.EvaluationPeriods)).toBeLessThanOrEqual(604_800);
    }
  });

  test('are of this endpoint, and told', () => {
    for (const [, { Properties }] of alarms) {
      expect(Properties).toMatchObject({
        Namespace: 'Palisade/CaptureMonitor',
        Dimensions: [{ Name: 'EndpointName', Value: 'dev-scoring' }],
        AlarmActions: [{ Ref: expect.stringMatching('^Topic') }],
      });
    }
  });

  test('exist with the endpoint only, and what stays refers to none of them', () => {
    expect(alarms.map(([, { Condition }]) => Condition)).toEqual(Array(6).fill('HasModel'));
    const others = JSON.stringify(
      Object.values(template.toJSON().Resources as Resources).filter(({ Condition }) => Condition === undefined),
    );
    expect(alarms.filter(([id]) => others.includes(`"${id}"`))).toEqual([]);
  });
});

describe('who is granted to', () => {
  function granted(grant: 'grantReadReports' | 'grantWriteBaseline') {
    const stack = watched();
    const { captureMonitor } = (stack.node.findChild('Inference') as ReturnType<Surroundings['serve']>).endpoint ?? {};
    const assumedBy = new iam.ServicePrincipal('lambda.amazonaws.com');
    captureMonitor?.[grant](new WorkloadRole(stack, 'Person', { assumedBy, description: 'Looks' }));
    return Template.fromStack(stack);
  }

  test.each([
    ['grantReadReports', 's3:GetObject', '/monitoring/captures/*', 'kms:Decrypt'],
    ['grantWriteBaseline', 's3:PutObject', '/baselines/captures/profile.json', 'kms:GenerateDataKey'],
  ] as const)('%s may do that, with the key', (grant, action, object, use) => {
    granted(grant).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: Match.stringLikeRegexp('^Person') }],
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Action: action, Resource: { 'Fn::Join': ['', [Match.anyValue(), object]] } }),
          Match.objectLike({ Action: use }),
        ],
      },
    });
  });
});

test.each([-1, 100, Number.NaN])('a share of %d percent is refused', (maximumMissingPercent) => {
  expect(() => watched({ maximumMissingPercent })).toThrow(expect.objectContaining({ code: 'PALISADE-I009' }));
});

test('a metric is the largest value of a day, unless asked otherwise', () => {
  const stack = new Surroundings();
  const { endpoint } = stack.serve(stack.endpointModel({ captureMonitor: { network: stack.network } }));
  const metric = endpoint?.captureMonitor?.metric('AnswerPsi');
  expect([metric?.statistic, metric?.period.toDays()]).toEqual(['Maximum', 1]);
  expect(endpoint?.captureMonitor?.metric('AnswerPsi', { period: Duration.days(7) }).period.toDays()).toBe(7);
});

test('passes cdk-nag but for what is accepted: prefixes of one bucket', () => {
  const app = appWithFlags();
  watched({}, app);
  const own = nagErrors(app).filter((finding) => finding.includes('/Endpoint/CaptureMonitor/'));
  const objects = (prefix: string) =>
    `AwsSolutions-IAM5[Resource::<InferenceEndpointCapturesF5721404.Arn>/${prefix}/*] Stack/Inference/Endpoint/CaptureMonitor/HandlerRole/Permissions/Resource`;
  expect(own).toEqual(['baselines/captures', 'captures', 'monitoring/captures'].map(objects));
});
