import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, CfnResource, type IPolicyValidationPlugin, Stack, Stage, Tags, Validations } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { KeyRing, Purpose } from '../../../constructs';
import { Iso42001Checks, RecordedAwsSolutionsChecks, RecordedNist80053R5Checks, RULES } from '../../../lib/compliance';

interface Reported {
  readonly ruleName: string;
  readonly severity: string;
  readonly ruleMetadata?: Record<string, string>;
  readonly violatingConstructs: { readonly constructPath: string }[];
}

/** Synthesizes with plugins and reads CDK's report of the first. */
function synthesize(app: App, ...plugins: IPolicyValidationPlugin[]) {
  Validations.of(app).addPlugins(...plugins);
  const { directory } = app.synth();
  const file = path.join(directory, 'validation-report.json');
  const reports = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')).pluginReports : [];
  const report = reports.find(({ pluginName }: { pluginName: string }) => pluginName === plugins[0].name);
  return {
    violations: (report?.violations ?? []) as Reported[],
    suppressed: (report?.suppressedViolations ?? []) as Reported[],
  };
}

const reportOnly = () => new App({ context: { '@aws-cdk/core:failSynthOnValidationErrors': false } });
const found = ({ violations }: { violations: Reported[] }) =>
  violations.map(({ ruleName, violatingConstructs }) => `${ruleName} ${violatingConstructs[0].constructPath}`);

const model = (stack: Stack, properties: object) =>
  new CfnResource(stack, 'Model', { type: 'AWS::SageMaker::Model', properties: { ...properties } });

// CDK prints what it reports.
beforeAll(() => jest.spyOn(console, 'error').mockImplementation(() => {}));
afterAll(() => jest.restoreAllMocks());

/** The pack with one rule, so that its findings are all that there is to see. */
const only = (app: App, id = 'SageMakerModelNetworkIsolation') =>
  new Iso42001Checks(app, { rules: RULES.filter((rule) => rule.id === id) });

describe('Iso42001Checks', () => {
  test('finds a fault at its construct, with control, fix and crosswalk in the report', () => {
    const app = reportOnly();
    model(new Stack(new Stage(app, 'dev', { env: { region: 'eu-west-1' } }), 'Serving'), {});
    const { violations } = synthesize(app, only(app));
    expect(violations).toMatchObject([
      {
        ruleName: 'ISO42001-SageMakerModelNetworkIsolation',
        severity: 'error',
        ruleMetadata: { annexA: 'A.4.5 A.6.2.6', securityHub: 'SageMaker.5' },
        violatingConstructs: [{ constructPath: 'dev/Serving/Model' }],
      },
    ]);
  });

  test('sees what only the template shows: a property override and a resource under another logical id', () => {
    const app = reportOnly();
    const resource = model(new Stack(app, 'Serving'), { EnableNetworkIsolation: true });
    resource.addPropertyOverride('EnableNetworkIsolation', false);
    resource.overrideLogicalId('Renamed');
    expect(found(synthesize(app, only(app)))).toEqual(['ISO42001-SageMakerModelNetworkIsolation Serving/Model']);
  });

  test('an error fails the synth; a warning is reported and does not', () => {
    const judged = (impact: string) => {
      const app = new App();
      model(new Stack(app, 'Serving'), { Tags: [{ Key: 'ai:impact', Value: impact }] });
      return () => synthesize(app, only(app)).violations.map(({ severity }) => severity);
    };
    expect(judged('minimal')()).toEqual(['warning']);
    expect(judged('high')).toThrow(/[Vv]alidation/);
  });

  test('follows a reference into another stack', () => {
    const app = reportOnly();
    const bucket = new s3.Bucket(new Stack(app, 'Evidence'), 'Bucket');
    Tags.of(bucket).add('ai:system-id', 'scoring');
    const trail = (name: string) =>
      new CfnResource(new Stack(app, 'Audit'), 'Trail', {
        type: 'AWS::CloudTrail::Trail',
        properties: { S3BucketName: name },
      });
    trail(bucket.bucketName);
    expect(found(synthesize(app, only(app, 'S3AuditObjectLock')))).toContain(
      'ISO42001-S3AuditObjectLock Evidence/Bucket/Resource',
    );
  });

  test('an acknowledgement of the bare id silences nothing; the full one keeps its record', () => {
    const acknowledged = (id: string) => {
      const app = reportOnly();
      Validations.of(model(new Stack(app, 'Serving'), {})).acknowledge({ id, reason: 'accepted for the test' });
      const { violations, suppressed } = synthesize(app, only(app));
      return { open: violations.length, recorded: suppressed.length };
    };
    expect(acknowledged('ISO42001-SageMakerModelNetworkIsolation')).toEqual({ open: 1, recorded: 0 });
    expect(acknowledged('ISO42001::ISO42001-SageMakerModelNetworkIsolation')).toEqual({ open: 0, recorded: 1 });
  });

  test('keeps what was proven: the key ring counts as compliant, rule by rule', () => {
    const app = new App();
    new KeyRing(new Stack(app, 'Keys'), 'Ring', { system: 'scoring', stage: 'dev', purposes: [Purpose.DATA] }).sealKey;
    const checks = new Iso42001Checks(app);
    expect(checks.lastReport).toBeUndefined();
    synthesize(app, checks);
    expect(checks.lastReport).toMatchObject({ success: true, violations: [] });
    const evidence = new Map(checks.evidence().map((entry) => [entry.rule, entry]));
    const [data, seal] = ['Keys/Ring/Data/Resource', expect.stringMatching(/^Keys\/Ring\/.*Seal/)];
    expect(evidence.get('ISO42001-KmsNoWildcardPrincipal')).toMatchObject({ violations: 0, compliant: [data, seal] });
    expect(evidence.get('ISO42001-KmsRotation')).toMatchObject({
      violations: 0,
      compliant: [data],
      notApplicable: 1,
    });
    expect(evidence.size).toBe(checks.ruleIds.length);
  });

  test('says of a value that only deployment knows that it cannot be judged, under an id of its own', () => {
    const app = reportOnly();
    model(new Stack(app, 'Serving'), { EnableNetworkIsolation: '{{resolve:ssm:/isolated}}' });
    expect(found(synthesize(app, only(app)))).toEqual([
      'ISO42001-SageMakerModelNetworkIsolation[unresolved] Serving/Model',
    ]);
  });

  test('judges nothing before synthesis, and says so', () => {
    const app = new App();
    expect(() => new Iso42001Checks(app).validateScope(app)).toThrow(
      expect.objectContaining({ code: 'PALISADE-C001' }),
    );
  });
});

describe.each([
  ['RecordedAwsSolutionsChecks', RecordedAwsSolutionsChecks, 'AwsSolutions', 'AwsSolutions-SNS3'],
  ['RecordedNist80053R5Checks', RecordedNist80053R5Checks, 'NIST.800.53.R5', 'NIST.800.53.R5-SNSEncryptedKMS'],
] as const)('%s', (_, Pack, plugin, rule) => {
  const openFindings = (id: string) => {
    const app = reportOnly();
    const topic = new sns.Topic(new Stack(app, 'S'), 'Topic');
    Validations.of(topic).acknowledge({ id, reason: 'accepted for the test' });
    return found(synthesize(app, new Pack(app))).filter((text) => text.startsWith(rule));
  };

  test('keeps a finding that is acknowledged by its bare id', () => {
    expect(openFindings(rule)).toHaveLength(1);
    expect(openFindings(`${plugin}::${rule}`)).toEqual([]);
  });
});

test('a recorded pack reports a warning and does not fail on it, as cdk-nag would', () => {
  const app = new App();
  new dynamodb.CfnTable(new Stack(app, 'S'), 'Table', { keySchema: [{ attributeName: 'id', keyType: 'HASH' }] });
  const warning = { ruleName: 'AwsSolutions-DDB3', severity: 'warning' };
  expect(new AwsSolutionsChecks(app).validateScope(app)).toMatchObject({ success: false, violations: [warning] });
  expect(new RecordedAwsSolutionsChecks(app).validateScope(app)).toMatchObject({
    success: true,
    violations: [warning],
  });
});
