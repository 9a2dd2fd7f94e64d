import { parse } from 'yaml';
import { conformancePack } from '../../../lib/compliance/conformance-pack';
import { CONFIG_REGIONS, isAvailable, MANAGED_RULES } from '../../../lib/compliance/managed-rules';
import type { Rule } from '../../../lib/compliance/rule';
import { RULES } from '../../../lib/compliance/rules';

interface ConfigRule {
  readonly Type: string;
  readonly Properties: {
    readonly ConfigRuleName: string;
    readonly Description: string;
    readonly Source: { readonly Owner: string; readonly SourceIdentifier: string };
    readonly Scope?: { readonly TagKey?: string; readonly ComplianceResourceTypes?: string[] };
    readonly InputParameters?: Record<string, string>;
  };
}

const IDENTIFIERS = [...new Set(RULES.flatMap(({ configRules }) => configRules))].sort();

function rulesIn(region: string, rules: readonly Rule[] = RULES): ConfigRule[] {
  return Object.values(parse(conformancePack(rules, region)).Resources);
}

function ruleOf(identifier: string): ConfigRule['Properties'] {
  const found = rulesIn('eu-west-1').filter(({ Properties }) => Properties.Source.SourceIdentifier === identifier);
  expect(found).toHaveLength(1);
  return found[0].Properties;
}

function ruleWith(props: Partial<Rule>): Rule {
  return { ...RULES[0], ...props };
}

test('every identifier of the registry is a managed rule of the dated list, and the list has no other', () => {
  expect(IDENTIFIERS).toEqual(Object.keys(MANAGED_RULES).sort());
});

test('the pack has each of them once, under a name made of it', () => {
  const rules = rulesIn('eu-west-1');
  expect(rules.map(({ Properties }) => Properties.Source)).toEqual(
    IDENTIFIERS.map((SourceIdentifier) => ({ Owner: 'AWS', SourceIdentifier })),
  );
  const names = rules.map(({ Properties }) => Properties.ConfigRuleName);
  expect(names).toContain('aims-sagemaker-model-in-vpc');
  expect(new Set(names).size).toBe(names.length);
});

test('each says for which rule and which controls it stands', () => {
  for (const rule of RULES) {
    for (const identifier of rule.configRules) {
      expect(ruleOf(identifier).Description).toContain(`ISO42001-${rule.id} (${rule.annexA.join(', ')}): `);
    }
  }
});

test.each(CONFIG_REGIONS)(
  'in %s it stays within the limits of AWS Config, and names what the Region lacks',
  (region) => {
    const text = conformancePack(RULES, region);
    const lacking = IDENTIFIERS.filter((identifier) => !isAvailable(MANAGED_RULES[identifier], region));
    const rules = rulesIn(region);
    // PutConformancePack, ConfigRule (API Reference) and "Service Limits" (Developer Guide).
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(51_200);
    expect(rules.length).toBeLessThanOrEqual(130);
    expect(rules.every(({ Properties }) => Properties.Description.length <= 256)).toBe(true);
    expect(rules.every(({ Properties }) => Properties.ConfigRuleName.length <= 128)).toBe(true);
    expect(rules).toHaveLength(IDENTIFIERS.length - lacking.length);
    expect(text.match(/^# Not in .*$/gm) ?? []).toEqual(lacking.map((name) => `# Not in ${region}: ${name}`));
  },
);

test('Regions differ as the guide says', () => {
  const lacks = (identifier: string) =>
    CONFIG_REGIONS.filter((region) => !isAvailable(MANAGED_RULES[identifier], region));
  expect(lacks('LAMBDA_DLQ_CHECK')).toEqual(['cn-northwest-1']);
  expect(lacks('SNS_ENCRYPTED_KMS')).toEqual([]);
  expect(lacks('BEDROCK_AGENTCORE_MEMORY_ENCRYPTION_ENABLED')).toHaveLength(CONFIG_REGIONS.length - 8);
});

describe('parameters', () => {
  // Parameters that the guide's page of the rule does not call optional, as of May 2026.
  test.each([
    ['API_GW_ENDPOINT_TYPE_CHECK', { endpointConfigurationTypes: 'PRIVATE' }],
    [
      'CLOUDWATCH_ALARM_ACTION_CHECK',
      { alarmActionRequired: 'true', insufficientDataActionRequired: 'false', okActionRequired: 'false' },
    ],
    ['SAGEMAKER_NOTEBOOK_INSTANCE_PLATFORM_VERSION', { supportedPlatformIdentifierVersions: 'notebook-al2023-v1' }],
  ])('%s has those without which it does not deploy', (identifier, parameters) => {
    expect(ruleOf(identifier).InputParameters).toEqual(parameters);
  });

  test.each([
    ['API_GW_ENDPOINT_TYPE_CHECK', 'endpointConfigurationTypes', 'ApiPrivate'],
    ['CW_LOGGROUP_RETENTION_PERIOD_CHECK', 'MinRetentionTime', 'LogGroupRetention'],
    [
      'SAGEMAKER_NOTEBOOK_INSTANCE_PLATFORM_VERSION',
      'supportedPlatformIdentifierVersions',
      'SageMakerNotebookPlatformCurrent',
    ],
    ['STEP_FUNCTIONS_STATE_MACHINE_LOGGING_ENABLED', 'logLevel', 'StateMachineAudited'],
    ['VPC_FLOW_LOGS_ENABLED', 'trafficType', 'NetworkFlowLogs'],
  ])('%s asks by %s for what %s asks for', (identifier, parameter, id) => {
    const rule = RULES.find((candidate) => candidate.id === id) as Rule;
    const asked = ruleOf(identifier).InputParameters?.[parameter];
    expect(asked).toBeDefined();
    expect(rule.fix).toContain(asked);
  });
});

describe('scope', () => {
  test('AI resources by their types, tagged or not', () => {
    const Scope = { ComplianceResourceTypes: ['AWS::SageMaker::Model'] };
    const untagged = ruleWith({ scope: 'ai', configRules: ['SAGEMAKER_MODEL_IN_VPC'] });
    expect(ruleOf('SAGEMAKER_MODEL_IN_VPC').Scope).toEqual(Scope);
    expect(rulesIn('eu-west-1', [untagged])).toMatchObject([{ Properties: { Scope } }]);
  });

  test('others by the tag of an AI system, where the rule concerns AI systems only', () => {
    expect(RULES.find(({ id }) => id === 'StateMachineAudited')?.scope).toBe('ai');
    expect(ruleOf('STEP_FUNCTIONS_STATE_MACHINE_LOGGING_ENABLED').Scope).toEqual({ TagKey: 'ai:system-id' });
  });

  test('others by their types, where the rule concerns any', () => {
    expect(RULES.find(({ id }) => id === 'S3TlsOnly')?.scope).toBe('any');
    expect(ruleOf('S3_BUCKET_SSL_REQUESTS_ONLY').Scope).toEqual({ ComplianceResourceTypes: ['AWS::S3::Bucket'] });
  });

  test('none for what runs on a schedule: AWS Config takes none', () => {
    expect(ruleOf('CMK_BACKING_KEY_ROTATION_ENABLED').Scope).toBeUndefined();
  });

  test('a managed rule for two of ours is there once, and wide enough for both', () => {
    const shared = ['SNS_ENCRYPTED_KMS'];
    const two = [
      ruleWith({ id: 'A', scope: 'ai', configRules: shared }),
      ruleWith({ id: 'B', scope: 'any', configRules: shared }),
    ];
    expect(rulesIn('eu-west-1', two.reverse())).toMatchObject([
      {
        Properties: {
          Scope: { ComplianceResourceTypes: ['AWS::SNS::Topic'] },
          Description: expect.stringMatching(/ISO42001-A .*ISO42001-B /),
        },
      },
    ]);
  });
});

test('the same rules give the same text, in any order', () => {
  expect(conformancePack([...RULES].reverse(), 'us-east-1')).toBe(conformancePack(RULES, 'us-east-1'));
});

test('refuses an identifier that nobody knows, and a Region that is none', () => {
  expect(() => conformancePack([ruleWith({ configRules: ['S3_BUCKET_NICE'] })], 'eu-west-1')).toThrow('PALISADE-C202');
  expect(() => conformancePack([ruleWith({ configRules: ['constructor'] })], 'eu-west-1')).toThrow('PALISADE-C202');
  expect(() => conformancePack(RULES, 'eu-west-9')).toThrow('PALISADE-C201');
});
