import { DETECTION_RULES } from '../../../../lib/compliance/rules/detection';
import { alarmHasAction } from '../../../../lib/compliance/rules/detection/alarm-has-action';
import { configRecorderCovers } from '../../../../lib/compliance/rules/detection/config-recorder-covers';
import { guardDutyFeatures } from '../../../../lib/compliance/rules/detection/guard-duty-features';
import { securityHubAiStandard } from '../../../../lib/compliance/rules/detection/security-hub-ai-standard';
import { tamperAlarms } from '../../../../lib/compliance/rules/detection/tamper-alarms';
import { changed, describeRules, judge, verdict } from '../../../support/rules';

describeRules(DETECTION_RULES);

describe('AlarmHasAction', () => {
  const alarm = (properties: object, more: object = {}) =>
    verdict(alarmHasAction, { ...changed(alarmHasAction.compliant, 'Alarm', properties), ...more });
  const silent = { AlarmActions: [] };
  const composite = (AlarmRule: unknown) => ({
    Composite: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmRule, AlarmActions: ['topic'] } },
  });

  test('an action that is switched off is none', () => {
    expect(alarm({ ActionsEnabled: false })).toEqual(['ActionsEnabled']);
    expect(alarm({ ActionsEnabled: 'true' })).toBe('compliant');
  });

  test.each([
    ['AWS::Serverless::Function', { DeploymentPreference: { Alarms: [{ Ref: 'Alarm' }] } }],
    [
      'AWS::SageMaker::Endpoint',
      { DeploymentConfig: { AutoRollbackConfiguration: { Alarms: [{ AlarmName: { Ref: 'Alarm' } }] } } },
    ],
    ['AWS::CodeDeploy::DeploymentGroup', { AlarmConfiguration: { Alarms: [{ Name: { Ref: 'Alarm' } }] } }],
    ['AWS::AppConfig::Environment', { Monitors: [{ AlarmArn: { 'Fn::GetAtt': ['Alarm', 'Arn'] } }] }],
    ['AWS::ECS::Service', { DeploymentConfiguration: { Alarms: { AlarmNames: [{ Ref: 'Alarm' }] } } }],
  ])('a deployment by %s may watch it instead', (Type, Properties) => {
    expect(alarm(silent, { Watcher: { Type, Properties } })).toBe('compliant');
    expect(alarm(silent, { Watcher: { Type } })).toEqual(['AlarmActions']);
  });

  test.each([
    ['by name', ['ALARM("', { Ref: 'Alarm' }, '") AND NOT ALARM(other)']],
    ['by ARN', ['ALARM(', { 'Fn::GetAtt': ['Alarm', 'Arn'] }, ')']],
  ])('a composite alarm may watch it %s', (_, parts) => {
    expect(alarm(silent, composite({ 'Fn::Join': ['', parts] }))).toBe('compliant');
    expect(alarm(silent, composite('ALARM("other")'))).toEqual(['AlarmActions']);
  });

  test('a heartbeat that treats silence as no news never goes off', () => {
    const heartbeat = { Statistic: 'SampleCount', ComparisonOperator: 'LessThanThreshold' };
    expect(alarm(heartbeat)).toEqual(['TreatMissingData']);
    expect(alarm({ ...heartbeat, TreatMissingData: 'breaching' })).toBe('compliant');
    expect(alarm({ ...heartbeat, Statistic: 'Average' })).toBe('compliant');
  });
});

describe('ConfigRecorderCovers', () => {
  const recorder = (RecordingGroup: object) =>
    verdict(configRecorderCovers, changed(configRecorderCovers.compliant, 'Recorder', { RecordingGroup }));

  test.each([
    [{ AllSupported: true }, 'compliant'],
    [{ AllSupported: false }, ['RecordingGroup.AllSupported']],
    [{ ResourceTypes: ['AWS::SageMaker::Model'] }, 'compliant'],
    [{ ResourceTypes: ['AWS::Bedrock::Guardrail'] }, ['RecordingGroup.ResourceTypes']],
    [{ ExclusionByResourceTypes: { ResourceTypes: ['AWS::EC2::Volume'] } }, 'compliant'],
    [
      { ExclusionByResourceTypes: { ResourceTypes: ['AWS::SageMaker::Model'] } },
      ['RecordingGroup.ExclusionByResourceTypes.ResourceTypes'],
    ],
  ])('%j', (group, expected) => {
    expect(recorder(group)).toEqual(expected);
  });
});

describe('GuardDutyFeatures', () => {
  const detector = (Features: object[]) =>
    verdict(guardDutyFeatures, changed(guardDutyFeatures.compliant, 'Detector', { Features }));
  const RUNTIME = { Name: 'RUNTIME_MONITORING', Status: 'ENABLED' };

  test('a feature that is on by default may be left out, and not be switched off', () => {
    expect(detector([RUNTIME, { Name: 'S3_DATA_EVENTS', Status: 'DISABLED' }])).toEqual(['Features.1.Status']);
    expect(detector([RUNTIME, { Name: 'S3_DATA_EVENTS', Status: 'ENABLED' }])).toBe('compliant');
    expect(detector([{ ...RUNTIME, Status: 'DISABLED' }])).toEqual(['Features']);
  });
});

describe('SecurityHubAiStandard', () => {
  test('a control that is off is told by its name; other standards may do as they like', () => {
    const off = { StandardsControlArn: 'arn:aws:securityhub:eu-west-1::control/SageMaker.1' };
    const standard = changed(securityHubAiStandard.compliant, 'Standard', { DisabledStandardsControls: [off] });
    expect(judge(securityHubAiStandard, standard).violations).toMatchObject([
      { property: 'DisabledStandardsControls', message: expect.stringContaining('SageMaker.1') },
    ]);
    const other = changed(securityHubAiStandard.nonCompliant, 'Standard', { DisabledStandardsControls: [off] });
    expect(verdict(securityHubAiStandard, other)).toEqual(['StandardsArn']);
  });

  test('new controls come on by themselves, unless somebody says no', () => {
    const manual = changed(securityHubAiStandard.compliant, 'Hub', { AutoEnableControls: false });
    expect(verdict(securityHubAiStandard, manual)).toEqual(['AutoEnableControls']);
  });
});

describe('TamperAlarms', () => {
  const { Filter, ...unfiltered } = tamperAlarms.compliant;
  const pattern = (FilterPattern: string) => changed(tamperAlarms.compliant, 'Filter', { FilterPattern });
  const told = (resources: object) => judge(tamperAlarms, resources).violations.map(({ message }) => message);
  const rule = (eventName: unknown[], rest: object = {}) => ({
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: { EventPattern: { detail: { eventName } }, Targets: [{ Arn: 'topic' }], ...rest },
    },
  });
  const CALLS = [
    ...['StopLogging', 'UpdateTrail', 'PutEventSelectors', 'DisableKey', 'ScheduleKeyDeletion', 'PutBucketPolicy'],
    ...['StopConfigurationRecorder', { prefix: 'Delete' }],
  ];

  test('names the calls that nobody hears', () => {
    const { FilterPattern } = Filter.Properties as { FilterPattern: string };
    expect(told(pattern(FilterPattern.replace('StopLogging', 'StartLogging')))).toEqual([
      'found no alarm for StopLogging',
    ]);
    expect(told(pattern(FilterPattern.replace('$.eventName = "StopLogging"', '$.eventName != "StopLogging"')))).toEqual(
      ['found no alarm for StopLogging'],
    );
  });

  test.each([
    ['acts on nothing', { AlarmActions: [] }],
    ['is switched off', { ActionsEnabled: false }],
    ['watches another metric', { MetricName: 'Other' }],
    ['watches another namespace', { Namespace: 'Other' }],
  ])('a filter whose alarm %s is not heard', (_, change) => {
    const unheard = changed(tamperAlarms.compliant, 'Alarm', change);
    expect(verdict(tamperAlarms, unheard)).toEqual(['CloudWatchLogsLogGroupArn', 'MetricTransformations']);
  });

  test('a filter on another log group hears nothing of the trail', () => {
    const elsewhere = changed(tamperAlarms.compliant, 'Filter', { LogGroupName: 'other' });
    expect(verdict(tamperAlarms, elsewhere)).toEqual(['CloudWatchLogsLogGroupArn']);
  });

  test('a filter hears nothing by a field that no record has', () => {
    const deaf = pattern('{ $.nothing = "matches" }');
    expect(verdict(tamperAlarms, deaf)).toEqual(['CloudWatchLogsLogGroupArn', 'FilterPattern']);
    expect(verdict(tamperAlarms, pattern('{ $.userIdentity.type = "Root" }'))).toEqual(['CloudWatchLogsLogGroupArn']);
  });

  test('event rules hear too, by value or by prefix, while they are on and go somewhere', () => {
    expect(verdict(tamperAlarms, { ...unfiltered, ...rule(CALLS) })).toBe('compliant');
    expect(verdict(tamperAlarms, { ...unfiltered, ...rule(CALLS, { State: 'DISABLED' }) })).toHaveLength(1);
    expect(verdict(tamperAlarms, { ...unfiltered, ...rule(CALLS, { Targets: [] }) })).toHaveLength(1);
    expect(verdict(tamperAlarms, { ...unfiltered, ...rule(CALLS.slice(1)) })).toHaveLength(1);
  });

  test('what the assembly makes is watched too', () => {
    const Guardrail = { Type: 'AWS::Bedrock::Guardrail' };
    expect(told({ ...unfiltered, ...rule(CALLS), Guardrail })).toEqual(['found no alarm for UpdateGuardrail']);
  });

  test('a log group of another assembly can have its alarms there', () => {
    const CloudWatchLogsLogGroupArn = 'arn:aws:logs:eu-west-1:111122223333:log-group:elsewhere:*';
    const elsewhere = changed(unfiltered, 'Trail', { CloudWatchLogsLogGroupArn });
    expect(verdict(tamperAlarms, elsewhere)).toEqual(['unresolved CloudWatchLogsLogGroupArn']);
  });
});
