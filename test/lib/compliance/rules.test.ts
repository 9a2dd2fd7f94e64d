import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import {
  ANNEX_A,
  evaluateRules,
  type MinimalTemplate,
  RULES,
  type Rule,
  type RuleResult,
  rulesMarkdown,
} from '../../../lib/compliance';
import { graphFrom } from '../../support/graph';

const judge = (rule: Rule, resources: object): RuleResult =>
  evaluateRules(graphFrom({ Resources: resources }), [rule])[0];

const ruleOf = (id: string) => RULES.find((rule) => rule.id === id) as Rule;

/** The template without each of its properties in turn, at every depth, in the resources that the rule judges. */
function weakened({ appliesTo, compliant }: Rule): { id: string; without: string; template: MinimalTemplate }[] {
  return Object.entries(compliant)
    .filter(([, { Type }]) => appliesTo.includes(Type))
    .flatMap(([id, resource]) =>
      pathsOf(resource.Properties ?? {}).map((keys) => {
        const copy = structuredClone(compliant) as Record<string, { Properties: Record<string, unknown> }>;
        remove(copy[id].Properties, keys);
        return { id, without: [id, ...keys].join('.'), template: copy as unknown as MinimalTemplate };
      }),
    );
}

function pathsOf(value: unknown): string[][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || 'Ref' in value || 'Fn::GetAtt' in value) {
    return [];
  }
  return Object.entries(value).flatMap(([key, item]) => [[key], ...pathsOf(item).map((rest) => [key, ...rest])]);
}

function remove(object: Record<string, unknown>, [key, ...rest]: string[]): void {
  if (rest.length === 0) {
    delete object[key];
  } else {
    remove(object[key] as Record<string, unknown>, rest);
  }
}

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  test('accepts its compliant template, as a positive result', () => {
    const { violations, unresolvable, compliant } = judge(rule, rule.compliant);
    expect([...violations, ...unresolvable].map(({ message }) => message)).toEqual([]);
    expect(compliant.length).toBeGreaterThan(0);
  });

  test('finds its non-compliant template, as an error for high impact', () => {
    const { violations, compliant } = judge(rule, rule.nonCompliant);
    expect(violations.length).toBeGreaterThan(0);
    expect(
      violations.every(({ level, property, message }) => level === 'error' && property !== '' && message !== ''),
    ).toBe(true);
    expect(compliant.filter(({ type }) => type === violations[0].resource.type)).toEqual([]);
  });

  test('finds its fault behind a property override: it reads the template, not the construct', () => {
    const overridden = Object.fromEntries(
      Object.entries(rule.compliant).map(([id, resource]) => [
        id,
        rule.nonCompliant[id] ? { ...resource, Properties: rule.nonCompliant[id].Properties } : resource,
      ]),
    );
    expect(judge(rule, { ...overridden, ...rule.nonCompliant }).violations.length).toBeGreaterThan(0);
  });

  test('finds a fault that a condition brings in', () => {
    const conditional = Object.fromEntries(
      Object.entries({ ...rule.compliant, ...rule.nonCompliant }).map(([id, resource]) => [
        id,
        { ...resource, Properties: either(rule.compliant[id]?.Properties, resource.Properties) },
      ]),
    );
    expect(judge(rule, conditional).violations.length).toBeGreaterThan(0);
  });

  test('never throws, and never calls a resource compliant, when a property is known only at deployment', () => {
    for (const [id, resource] of Object.entries(rule.compliant)) {
      for (const key of Object.keys(resource.Properties ?? {})) {
        const opaque = { ...resource, Properties: { ...resource.Properties, [key]: { 'Fn::Unheard': 1 } } };
        expect(() => judge(rule, { ...rule.compliant, [id]: opaque })).not.toThrow();
      }
    }
  });

  test('never throws on properties of any shape', () => {
    const keys = Object.values(rule.compliant).flatMap(({ Properties }) => Object.keys(Properties ?? {}));
    const properties = fc.dictionary(fc.constantFrom(...keys, 'Tags', '__proto__'), fc.jsonValue({ maxDepth: 4 }));
    fc.assert(
      fc.property(fc.constantFrom(...rule.appliesTo), properties, (Type, Properties) => {
        judge(rule, { Any: { Type, Properties } });
      }),
      { numRuns: 200 },
    );
  });
});

/** Each property takes its compliant value where the condition holds, and the other where it does not. */
function either(then: object | undefined, otherwise: object | undefined): object {
  const good = (then ?? {}) as Record<string, unknown>;
  const bad = (otherwise ?? {}) as Record<string, unknown>;
  const value = (object: Record<string, unknown>, key: string) =>
    Object.hasOwn(object, key) ? object[key] : { Ref: 'AWS::NoValue' };
  const keys = [...new Set([...Object.keys(good), ...Object.keys(bad)])];
  return Object.fromEntries(keys.map((key) => [key, { 'Fn::If': ['Good', value(good, key), value(bad, key)] }]));
}

test.each(
  RULES.flatMap((rule) => weakened(rule).map(({ id, without, template }) => ({ rule, id, without, template }))),
)('$rule.id rests on $without: without it, the resource is not called compliant', ({ rule, id, template }) => {
  expect(judge(rule, template).compliant.map(({ logicalId }) => logicalId)).not.toContain(id);
});

test('ids are unique, and every rule has a reason and a fix in one line', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  expect(RULES.filter(({ why, fix }) => /\n/.test(why + fix) || !why.endsWith('.') || !fix.endsWith('.'))).toEqual([]);
});

test('Annex A has 38 controls', () => {
  expect(Object.keys(ANNEX_A)).toHaveLength(38);
});

test('a value that only deployment knows gives a finding of its own kind, and no violation', () => {
  const result = judge(ruleOf('SageMakerModelNetworkIsolation'), {
    Model: { Type: 'AWS::SageMaker::Model', Properties: { EnableNetworkIsolation: { 'Fn::Unheard': 1 } } },
  });
  expect(result).toMatchObject({
    violations: [],
    compliant: [],
    unresolvable: [{ property: 'EnableNetworkIsolation' }],
  });
});

describe('level', () => {
  const model = (Tags: unknown) => ({ Model: { Type: 'AWS::SageMaker::Model', Properties: { Tags } } });
  const rule = ruleOf('SageMakerModelNetworkIsolation');

  test.each([
    ['minimal', 'warning'],
    ['limited', 'error'],
    ['high', 'error'],
    ['harmless', 'error'],
  ])('of a resource tagged %s is %s', (Value, level) => {
    expect(judge(rule, model([{ Key: 'ai:impact', Value }])).violations).toMatchObject([{ level }]);
  });

  test('can come from elsewhere than the tag', () => {
    const graph = graphFrom({ Resources: model(undefined) });
    expect(evaluateRules(graph, [rule], () => 'minimal')[0].violations).toMatchObject([{ level: 'warning' }]);
  });
});

describe('what each rule must tell apart', () => {
  const verdict = (id: string, resources: object) => {
    const { violations, unresolvable, compliant } = judge(ruleOf(id), resources);
    const found = [...violations, ...unresolvable];
    return found.length > 0
      ? found.map(({ property }) => property)
      : compliant.length > 0
        ? 'compliant'
        : 'not applicable';
  };

  test('a signing key does not rotate', () => {
    const key = { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'ECC_NIST_P384' } };
    expect(verdict('KmsKeyRotation', { key })).toBe('not applicable');
  });

  test('a condition that every principal of the account meets holds nobody back; a tag does', () => {
    const key = (Condition: object) => ({
      Key: {
        Type: 'AWS::KMS::Key',
        Properties: {
          KeyPolicy: {
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::111122223333:root' },
                Action: 'kms:Decrypt',
                Resource: '*',
                Condition,
              },
            ],
          },
        },
      },
    });
    const id = 'KmsKeyUseNotDelegated';
    expect(verdict(id, key({ StringEquals: { 'kms:CallerAccount': '111122223333' } }))).toEqual(['KeyPolicy']);
    expect(verdict(id, key({ StringEquals: { 'aws:PrincipalTag/use': 'data' } }))).toBe('compliant');
  });

  test('an endpoint policy is bound by whose principals or resources pass, not by any condition', () => {
    const endpoint = (Condition: object) => ({
      Endpoint: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition }] },
        },
      },
    });
    const id = 'VpcEndpointPerimeter';
    expect(verdict(id, endpoint({ Bool: { 'aws:SecureTransport': 'true' } }))).toEqual(['PolicyDocument']);
    expect(verdict(id, endpoint({ StringEquals: { 'aws:ResourceOrgID': 'o-1' } }))).toBe('compliant');
  });

  test('a prompt-attack filter that only detects does not block', () => {
    const guardrail = (filter: object) => ({
      Guardrail: {
        Type: 'AWS::Bedrock::Guardrail',
        Properties: {
          KmsKeyArn: 'key',
          ContentPolicyConfig: { FiltersConfig: [{ Type: 'PROMPT_ATTACK', InputStrength: 'HIGH', ...filter }] },
        },
      },
    });
    const id = 'BedrockGuardrailPromptAttack';
    expect(verdict(id, guardrail({ InputAction: 'BLOCK' }))).toBe('compliant');
    expect(verdict(id, guardrail({ InputAction: 'NONE' }))).toEqual(['ContentPolicyConfig.FiltersConfig']);
    expect(verdict(id, guardrail({ InputEnabled: false }))).toEqual(['ContentPolicyConfig.FiltersConfig']);
  });

  test("AWS's own S3 key is not a key of the owner", () => {
    const s3 = structuredClone(ruleOf('S3BucketProtected').compliant) as Record<string, { Properties: object }>;
    const withKey = (KMSMasterKeyID: string) => {
      const ServerSideEncryptionByDefault = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID };
      const BucketEncryption = { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault }] };
      return { ...s3, Bucket: { ...s3.Bucket, Properties: { ...s3.Bucket.Properties, BucketEncryption } } };
    };
    expect(verdict('S3BucketProtected', withKey('alias/own'))).toBe('compliant');
    expect(verdict('S3BucketProtected', withKey('alias/aws/s3'))).not.toBe('compliant');
  });

  test('S3-managed keys are enough for server access logs only', () => {
    const s3 = ruleOf('S3BucketProtected').compliant as Record<string, { Properties: object }>;
    const BucketEncryption = {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    };
    const logs = { ...s3, Bucket: { ...s3.Bucket, Properties: { ...s3.Bucket.Properties, BucketEncryption } } };
    const source = {
      Type: 'AWS::S3::Bucket',
      Properties: { ...s3.Bucket.Properties, LoggingConfiguration: { DestinationBucketName: { Ref: 'Bucket' } } },
    };
    const sourcePolicy = { ...s3.Policy, Properties: { ...s3.Policy.Properties, Bucket: { Ref: 'Source' } } };
    expect(verdict('S3BucketProtected', logs)).toEqual(['BucketEncryption.ServerSideEncryptionConfiguration']);
    expect(verdict('S3BucketProtected', { ...logs, Source: source, SourcePolicy: sourcePolicy })).toBe('compliant');
  });

  test.each(['InternetGateway', 'NatGateway', 'EIP', 'VPCPeeringConnection', 'TransitGatewayAttachment'])(
    'a %s leads out of its VPC by being there',
    (type) => {
      expect(verdict('NetworkNoInternetPath', { Gateway: { Type: `AWS::EC2::${type}` } })).toEqual(['Type']);
    },
  );

  test.each([
    ['AWS::EC2::Subnet', { MapPublicIpOnLaunch: true }, 'MapPublicIpOnLaunch'],
    ['AWS::EC2::SecurityGroupIngress', { CidrIp: '0.0.0.0/0' }, 'CidrIp'],
    ['AWS::EC2::SecurityGroupEgress', { CidrIpv6: '::/0' }, 'CidrIpv6'],
    ['AWS::EC2::Route', { DestinationIpv6CidrBlock: '::/0' }, 'DestinationIpv6CidrBlock'],
    ['AWS::EC2::SecurityGroup', { SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0' }] }, 'SecurityGroupEgress'],
    ['AWS::EC2::SecurityGroup', {}, 'SecurityGroupEgress'],
  ])('%s with %j is open', (Type, Properties, property) => {
    expect(verdict('NetworkNoInternetPath', { Open: { Type, Properties } })).toEqual([property]);
  });

  test('a member of subnets that the assembly does not make is neither isolated nor open', () => {
    const VpcConfig = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
    const result = judge(ruleOf('NetworkMemberIsolated'), {
      F: { Type: 'AWS::Lambda::Function', Properties: { VpcConfig } },
    });
    expect(result).toMatchObject({ violations: [], compliant: [], unresolvable: [{ property: 'VpcConfig' }] });
    expect(verdict('NetworkMemberIsolated', { F: { Type: 'AWS::Lambda::Function' } })).toBe('not applicable');
  });

  test('Object Lock is asked of buckets that a trail writes to, in whatever stack', () => {
    expect(verdict('S3AuditObjectLock', { Bucket: { Type: 'AWS::S3::Bucket', Properties: {} } })).toBe(
      'not applicable',
    );
  });

  test('instances that encrypt their storage themselves need no key, and only if all do', () => {
    const config = (...types: string[]) => ({
      Config: {
        Type: 'AWS::SageMaker::EndpointConfig',
        Properties: { ProductionVariants: types.map((InstanceType) => ({ InstanceType })) },
      },
    });
    expect(verdict('SageMakerEndpointConfigEncrypted', config('ml.g5.xlarge'))).toBe('not applicable');
    expect(verdict('SageMakerEndpointConfigEncrypted', config('ml.g5.xlarge', 'ml.m5.large'))).toEqual(['KmsKeyId']);
  });

  describe('a job of a state machine', () => {
    const machine = (change: object, Resource = 'arn:aws:states:::sagemaker:createTrainingJob.sync') => {
      const { Machine } = ruleOf('TrainingJobIsolated').compliant as Record<
        string,
        { Properties: { DefinitionString: string } }
      >;
      const definition = JSON.parse(Machine.Properties.DefinitionString);
      const train = { ...definition.States.Train, Resource };
      Object.assign(train.Parameters, change);
      const nested = { States: { Fork: { Type: 'Parallel', Branches: [{ States: { Train: train } }] } } };
      return {
        Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: JSON.stringify(nested) } },
      };
    };

    test('is found in a branch, and through the SDK integration', () => {
      const change = { EnableNetworkIsolation: false };
      expect(verdict('TrainingJobIsolated', machine({}))).toBe('compliant');
      expect(verdict('TrainingJobIsolated', machine(change))).toEqual(['DefinitionString']);
      expect(
        verdict('TrainingJobIsolated', machine(change, 'arn:aws:states:::aws-sdk:sagemaker:createTrainingJob')),
      ).toEqual(['DefinitionString']);
    });

    test('whose isolation comes from the input is neither broken nor proven', () => {
      const result = judge(
        ruleOf('TrainingJobIsolated'),
        machine({ EnableNetworkIsolation: undefined, 'EnableNetworkIsolation.$': '$.isolated' }),
      );
      expect(result).toMatchObject({ violations: [], unresolvable: [{ property: 'DefinitionString' }] });
    });

    test('may take a key from the input, and needs none for instances that keep their own', () => {
      const input = { ResourceConfig: { InstanceType: 'ml.m5.large', 'VolumeKmsKeyId.$': '$.key' } };
      expect(verdict('TrainingJobIsolated', machine(input))).toBe('compliant');
      expect(verdict('TrainingJobIsolated', machine({ ResourceConfig: { InstanceType: 'ml.p4d.24xlarge' } }))).toBe(
        'compliant',
      );
      expect(verdict('TrainingJobIsolated', machine({ ResourceConfig: { InstanceType: 'ml.m5.large' } }))).toEqual([
        'DefinitionString',
      ]);
    });

    test.each([
      ['createHyperParameterTuningJob', 6],
      ['createProcessingJob', 6],
      ['createTransformJob', 2],
    ])('that calls %s must say %i things', (call, count) => {
      const States = { Job: { Resource: `arn:aws:states:::sagemaker:${call}`, Parameters: {} } };
      const Properties = { Definition: { States } };
      const { violations } = judge(ruleOf('TrainingJobIsolated'), {
        Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties },
      });
      expect(violations).toHaveLength(count);
      expect(violations[0].message).toMatch(/^Job: /);
    });

    test('a machine without jobs is not judged; one whose definition is elsewhere cannot be', () => {
      const properties = (Properties: object) => ({
        Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties },
      });
      expect(verdict('TrainingJobIsolated', properties({ DefinitionString: '{"States":{}}' }))).toBe('not applicable');
      const { unresolvable } = judge(
        ruleOf('TrainingJobIsolated'),
        properties({ DefinitionS3Location: { Bucket: 'b' } }),
      );
      expect(unresolvable).toHaveLength(1);
    });
  });
});

test('docs/rules.md is current', () => {
  const file = path.join(__dirname, '../../../docs/rules.md');
  expect(fs.readFileSync(file, 'utf8')).toBe(rulesMarkdown(RULES));
});
