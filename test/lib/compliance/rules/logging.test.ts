import { LOGGING_RULES } from '../../../../lib/compliance/rules/logging';
import { logGroupProtected } from '../../../../lib/compliance/rules/logging/log-group-protected';
import { logGroupRetention } from '../../../../lib/compliance/rules/logging/log-group-retention';
import { logsForwarded } from '../../../../lib/compliance/rules/logging/logs-forwarded';
import { trailDataEvents } from '../../../../lib/compliance/rules/logging/trail-data-events';
import { trailInsights } from '../../../../lib/compliance/rules/logging/trail-insights';
import { trailIntegrity } from '../../../../lib/compliance/rules/logging/trail-integrity';
import { guardJudge } from '../../../support/guard';
import { changed, describeRules, verdict } from '../../../support/rules';

describeRules(LOGGING_RULES);

const tag = (Key: string, Value: string) => ({ Key, Value });
const log = (Properties: object, ...Tags: object[]) => ({
  Log: { Type: 'AWS::Logs::LogGroup', Properties: { ...Properties, Tags: [tag('ai:system-id', 'x'), ...Tags] } },
});

describe('LogGroupRetention', () => {
  const PERSONAL = tag('ai:data-class', 'confidential personal');

  test.each([
    ['short', { RetentionInDays: 30 }, [], ['RetentionInDays']],
    ['short, written as text', { RetentionInDays: '30' }, [], ['RetentionInDays']],
    ['six months', { RetentionInDays: 180 }, [], 'compliant'],
    ['for ever', {}, [], 'compliant'],
    ['for ever, with personal data', {}, [PERSONAL], ['RetentionInDays']],
    ['six months, with personal data', { RetentionInDays: 180 }, [PERSONAL], 'compliant'],
    ['for ever, with impersonal data', {}, [tag('ai:data-class', 'impersonal')], 'compliant'],
    ['short, in dev', { RetentionInDays: 7 }, [tag('ai:stage', 'dev')], 'not applicable'],
    ['short, in prod', { RetentionInDays: 7 }, [tag('ai:stage', 'prod')], ['RetentionInDays']],
    ['as a parameter says', { RetentionInDays: { 'Fn::Unheard': 1 } }, [], ['unresolved RetentionInDays']],
  ])('kept %s', (_, properties, tags, expected) => {
    expect(verdict(logGroupRetention, log(properties, ...tags))).toEqual(expected);
  });

  test('Guard tells personal data apart as well', () => {
    const byGuard = guardJudge([logGroupRetention]);
    const kept = (...tags: object[]) => byGuard(log({}, ...tags));
    expect(kept(PERSONAL)).toContain('LogGroupRetention');
    expect(kept(tag('ai:data-class', 'impersonal'))).toEqual([]);
    expect(kept()).toEqual([]);
  });

  test('a log of personal data that is kept too short is one finding, though two reasons ask for more', () => {
    expect(verdict(logGroupRetention, log({ RetentionInDays: 7 }, PERSONAL))).toEqual(['RetentionInDays']);
  });

  test("a stranger's log is none of its business", () => {
    const Log = { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 7 } };
    expect(verdict(logGroupRetention, { Log })).toBe('not applicable');
  });
});

describe('LogGroupProtected', () => {
  const DeletionProtectionEnabled = true;
  const LogGroupName = '/aws/sagemaker/Endpoints/scoring';

  test('what the containers of an endpoint print is masked where data is personal', () => {
    const personal = (properties: object) =>
      verdict(logGroupProtected, log({ DeletionProtectionEnabled, ...properties }, tag('ai:data-class', 'personal')));
    expect(personal({ LogGroupName })).toEqual(['DataProtectionPolicy']);
    expect(personal({ LogGroupName, DataProtectionPolicy: { Statement: [] } })).toBe('compliant');
    expect(personal({ LogGroupName: '/aws/lambda/seal' })).toBe('compliant');
    expect(verdict(logGroupProtected, log({ DeletionProtectionEnabled, LogGroupName }))).toBe('compliant');
  });
});

describe('LogsForwarded', () => {
  test('a source without a delivery delivers nothing', () => {
    const stray = changed(logsForwarded.compliant, 'Delivery', { DeliverySourceName: 'other' });
    expect(verdict(logsForwarded, stray)).toEqual(['Name']);
  });

  test('a delivery may name its source by reference', () => {
    const byReference = changed(logsForwarded.compliant, 'Delivery', { DeliverySourceName: { Ref: 'Source' } });
    expect(verdict(logsForwarded, byReference)).toBe('compliant');
  });

  test.each(['Gateway', 'Memory'])('AgentCore %s logs only when told where', (name) => {
    const Resource = { Type: `AWS::BedrockAgentCore::${name}` };
    const ResourceArn = { 'Fn::GetAtt': ['Resource', `${name}Arn`] };
    const { Source, Delivery } = changed(logsForwarded.compliant, 'Source', { ResourceArn });
    expect(verdict(logsForwarded, { Resource })).toEqual([`${name}Arn`]);
    expect(verdict(logsForwarded, { Resource, Source, Delivery })).toBe('compliant');
  });
});

describe('TrailDataEvents', () => {
  const MANAGEMENT = [{ Field: 'eventCategory', Equals: ['Management'] }];
  const data = (type: string, ...more: object[]) => [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: [type] },
    ...more,
  ];
  const GUARDRAIL = 'AWS::Bedrock::Guardrail';
  const { Guardrail } = trailDataEvents.compliant;
  const trail = (selectors: object[][], Tags: object[] = []) => ({
    Type: 'AWS::CloudTrail::Trail',
    Properties: { AdvancedEventSelectors: selectors.map((FieldSelectors) => ({ FieldSelectors })), Tags },
  });
  const recorded = (...selectors: object[][]) => verdict(trailDataEvents, { Trail: trail(selectors), Guardrail });

  test('an agent is recorded by its alias, a bucket by its objects', () => {
    const resources = { Agent: { Type: 'AWS::Bedrock::Agent' }, Bucket: { Type: 'AWS::S3::Bucket' } };
    const selectors = [MANAGEMENT, data('AWS::Bedrock::AgentAlias'), data('AWS::S3::Object')];
    expect(verdict(trailDataEvents, { ...resources, Trail: trail(selectors) })).toBe('compliant');
    expect(verdict(trailDataEvents, { ...resources, Trail: trail(selectors.slice(0, 1)) })).toHaveLength(2);
  });

  test('advanced selectors replace the default, so calls of models need Management', () => {
    expect(recorded(data(GUARDRAIL))).toEqual(['AdvancedEventSelectors']);
    expect(recorded(MANAGEMENT, data(GUARDRAIL))).toBe('compliant');
  });

  test('half of the calls is not all of them', () => {
    const writes = { Field: 'readOnly', Equals: ['false'] };
    expect(recorded(MANAGEMENT, data(GUARDRAIL, writes))).toEqual(['AdvancedEventSelectors']);
    expect(recorded([...MANAGEMENT, writes], data(GUARDRAIL))).toEqual(['AdvancedEventSelectors']);
  });

  test.each([
    ['no category', [{ Field: 'resources.type', Equals: [GUARDRAIL] }]],
    [
      'two types',
      [
        { Field: 'eventCategory', Equals: ['Data'] },
        { Field: 'resources.type', Equals: ['A', 'B'] },
      ],
    ],
    ['no type', [{ Field: 'eventCategory', Equals: ['Data'] }]],
    ['a type that CloudTrail does not take', data('AWS::Bedrock::Prompt')],
  ])('a selector of %s is refused at deployment', (_, selector) => {
    expect(recorded(MANAGEMENT, data(GUARDRAIL), selector)).toEqual(['AdvancedEventSelectors.2.FieldSelectors']);
  });

  test('trails of one stage share the work, those of two do not', () => {
    const shared = (stage: string, other: string) =>
      verdict(trailDataEvents, {
        Trail: trail([MANAGEMENT], [tag('ai:stage', stage)]),
        Other: trail([data(GUARDRAIL)], [tag('ai:stage', other)]),
        Guardrail,
      });
    expect(shared('prod', 'prod')).toBe('compliant');
    expect(shared('prod', 'dev')).toEqual(['AdvancedEventSelectors', 'AdvancedEventSelectors']);
  });

  test('the older selectors record objects and management events', () => {
    const Trail = {
      Type: 'AWS::CloudTrail::Trail',
      Properties: { EventSelectors: [{ DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }] }] },
    };
    const Bucket = { Type: 'AWS::S3::Bucket', Properties: { Tags: [tag('ai:system-id', 'x')] } };
    expect(verdict(trailDataEvents, { Trail, Bucket })).toBe('compliant');
    Object.assign(Trail.Properties.EventSelectors[0], { IncludeManagementEvents: false });
    expect(verdict(trailDataEvents, { Trail, Bucket })).toEqual(['AdvancedEventSelectors']);
  });
});

test('one kind of insight is not the other', () => {
  const half = changed(trailInsights.compliant, 'Trail', {
    InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }],
  });
  expect(verdict(trailInsights, half)).toEqual(['InsightSelectors']);
});

test('a trail may leave global services to the default, and may not leave them out', () => {
  const without = changed(trailIntegrity.compliant, 'Trail', { IncludeGlobalServiceEvents: false });
  expect(verdict(trailIntegrity, without)).toEqual(['IncludeGlobalServiceEvents']);
});
