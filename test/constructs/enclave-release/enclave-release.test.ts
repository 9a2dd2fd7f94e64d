import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EnclaveRelease, ReleasedEnclave } from '../../../constructs/enclave-release';
import { RULES } from '../../../lib/compliance';
import { evaluateRules } from '../../../lib/compliance/engine';
import { graphOf } from '../../support/graph';
import { type ADMINISTRATOR, evaluate } from '../../support/iam';
import { nagErrors } from '../../support/nag';
import { ENV } from '../dataset-vault/simulate';
import { pipelineIn, roleIn } from '../enclave-image-pipeline/pipeline';

const { app, stack, keys, pipeline } = pipelineIn();
const release = new EnclaveRelease(stack, 'Release', { keys, pipeline });
release.grantPublish(roleIn(stack, 'Publisher'));
release.grantRead(roleIn(stack, 'Host'));
release.grantRelease(roleIn(stack, 'Releaser'));
const fleet = new Stack(app, 'Fleet', { env: ENV });
const released = new ReleasedEnclave(fleet, 'Released', { release });
const { image, packages, model } = released;
const output = new CfnOutput(fleet, 'Chosen', {
  value: [image, packages, model].map(({ key, versionId }) => `${key} ${versionId}`).join(' ') + released.modelSha256,
});
output.condition = released.condition;
const graph = graphOf(app);

describe('what is released', () => {
  test('starts as nothing, and no later deployment takes it back', () => {
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter'));
    expect(Properties).toEqual({
      Name: '/palisade/prod/clinical-notes/enclave-release',
      Type: 'StringList',
      Value: 'none,none,none,none',
      Description: expect.any(String),
    });
  });

  test('is read at each deployment of the fleet, each artifact by its own place in the list', () => {
    const template = Template.fromStack(fleet).toJSON();
    const [name] = Object.keys(template.Parameters).filter((id) => id.startsWith('Released'));
    expect(template.Parameters[name]).toMatchObject({
      Type: 'AWS::SSM::Parameter::Value<List<String>>',
      Default: '/palisade/prod/clinical-notes/enclave-release',
    });
    const chosen = (index: number) => ({ 'Fn::Select': [index, { Ref: name }] });
    expect(template.Outputs.Chosen.Value).toEqual({
      'Fn::Join': [
        '',
        ['image.eif ', chosen(0), ' host-packages.tar ', chosen(1), ' model.sealed ', chosen(2), chosen(3)],
      ],
    });
    expect(template.Conditions[template.Outputs.Chosen.Condition]).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [chosen(0), 'none'] }],
    });
  });

  test('cannot be read in its own stack', () => {
    const one = pipelineIn();
    const own = new EnclaveRelease(one.stack, 'Release', one);
    expect(() => new ReleasedEnclave(one.stack, 'Released', { release: own })).toThrow(
      expect.objectContaining({ code: 'PALISADE-E440' }),
    );
  });
});

describe('access', () => {
  const arnOf = (bucket: string, name: string) => `${graph.atPath(bucket)[0].arn}/${name}`;
  const ask = (principal: string | typeof ADMINISTRATOR, action: string, resource: string) =>
    evaluate(graph, {
      principal,
      action,
      resource,
      context: action.startsWith('s3:') ? { 's3:TlsVersion': '1.3' } : {},
    });
  const MODEL = arnOf('Release/Models', 'model.sealed');

  test('a publisher writes sealed models, and reads none', async () => {
    expect(await ask('Publisher', 's3:PutObject', MODEL)).toBe('allow');
    expect(await ask('Publisher', 's3:PutObject', arnOf('Release/Models', 'other'))).toBe('deny (implicit)');
    expect(await ask('Publisher', 's3:GetObject', MODEL)).toBe('deny (implicit)');
  });

  test('a host reads what it runs, and writes nothing', async () => {
    for (const object of [
      MODEL,
      arnOf('Pipeline/Images', 'image.eif'),
      arnOf('Pipeline/Images', 'host-packages.tar'),
    ]) {
      expect(await ask('Host', 's3:GetObjectVersion', object)).toBe('allow');
      expect(await ask('Host', 's3:PutObject', object)).toMatch(/^deny/);
    }
  });

  test('a releaser chooses, and touches neither image nor model', async () => {
    const parameter = `arn:aws:ssm:${ENV.region}:${ENV.account}:parameter/palisade/prod/clinical-notes/enclave-release`;
    expect(await ask('Releaser', 'ssm:PutParameter', parameter)).toBe('allow');
    expect(await ask('Publisher', 'ssm:PutParameter', parameter)).toBe('deny (implicit)');
    expect(await ask('Releaser', 's3:PutObject', MODEL)).toBe('deny (implicit)');
  });
});

describe('the packs', () => {
  test('no rule of ours finds anything', () => {
    const results = evaluateRules(graph, RULES);
    const found = results.flatMap(({ violations, unresolvable }) => [...violations, ...unresolvable]);
    expect(found.map(({ resource, message }) => `${resource.path} ${message}`)).toEqual([]);
  });

  test('cdk-nag finds replication, which the platform does not do', () => {
    expect(nagErrors(app).filter((finding) => /Release/.test(finding))).toEqual([
      'NIST.800.53.R5-S3BucketReplicationEnabled Stack/Release/Models/Resource',
    ]);
  });
});
