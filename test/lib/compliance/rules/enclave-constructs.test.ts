import { EnclavePin } from '../../../../constructs/attested-key';
import type { StackTemplate, TemplateGraph } from '../../../../lib/analysis';
import { evaluateRules } from '../../../../lib/compliance/engine';
import { ENCLAVE_RULES } from '../../../../lib/compliance/rules/enclave';
import { attestedKey, measurements } from '../../../constructs/attested-key/key';
import { fleet } from '../../../constructs/enclave-inference/fleet';
import { graphOf } from '../../../support/graph';
import { withAdded, withChanged, withoutResource } from '../../../support/mutations';

/** Templates in which each resource names its construct path. */
function templatesOf(graph: TemplateGraph): StackTemplate[] {
  return graph.templates.map((item) => {
    const resources = Object.entries(item.template.Resources ?? {}).map(([id, resource]) => [
      id,
      { ...resource, Metadata: { 'aws:cdk:path': graph.withLogicalId(item.stack, id)?.path } },
    ]);
    return { ...item, template: { ...item.template, Resources: Object.fromEntries(resources) } };
  });
}

interface RawStatement {
  readonly Sid?: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Rules of enclaves that find something below this construct path. */
function found(graph: TemplateGraph, below: string): string[] {
  const findings = evaluateRules(graph, ENCLAVE_RULES).flatMap(({ rule, violations, unresolvable }) =>
    [...violations, ...unresolvable].filter(({ resource }) => resource.path.includes(below)).map(() => rule.id),
  );
  return [...new Set(findings)];
}

/** Rules of enclaves that call something below this construct path compliant. */
function accepted(graph: TemplateGraph, below: string): string[] {
  return evaluateRules(graph, ENCLAVE_RULES)
    .filter(({ compliant }) => compliant.some(({ path }) => path.includes(below)))
    .map(({ rule }) => rule.id);
}

/** The graph with each statement of a key's policy as `change` makes it; undefined takes it out. */
function withStatements(
  templates: readonly StackTemplate[],
  change: (statement: RawStatement) => object | undefined,
  ...added: object[]
): TemplateGraph {
  return withChanged(templates, 'Attested/Key', (properties) => {
    const { Statement } = properties.KeyPolicy as { Statement: RawStatement[] };
    return {
      ...properties,
      KeyPolicy: { Statement: [...Statement.flatMap((statement) => change(statement) ?? []), ...added] },
    };
  });
}

const without =
  (...sids: string[]) =>
  (statement: RawStatement) =>
    sids.includes(statement.Sid ?? '') ? undefined : statement;

/** A statement without the condition keys that match; without any left, a denial holds for everyone and is taken out. */
const withoutConditions = (pattern: RegExp) => (statement: RawStatement) => {
  const blocks = Object.entries(statement.Condition ?? {}).map(([operator, block]) => [
    operator,
    Object.fromEntries(Object.entries(block).filter(([key]) => !pattern.test(key))),
  ]);
  const left = blocks.filter(([, block]) => Object.keys(block).length > 0);
  const lost = statement.Condition !== undefined && left.length === 0;
  return lost ? undefined : { ...statement, ...(statement.Condition && { Condition: Object.fromEntries(left) }) };
};

const EVERYTHING = {
  Sid: 'Account',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: 'kms:*',
  Resource: '*',
};

describe('AttestedKey', () => {
  const templates = templatesOf(graphOf(attestedKey().app));
  const signed = templatesOf(graphOf(attestedKey({ pin: EnclavePin.SIGNER }).app));
  const ruled = (graph: TemplateGraph) => found(graph, 'Keys/Attested');

  test.each([EnclavePin.IMAGE, EnclavePin.SIGNER])(
    'pinned by %s, it is judged by every rule of keys, and complies',
    (pin) => {
      const graph = graphOf(attestedKey({ pin }).app);
      expect(ruled(graph)).toEqual([]);
      expect(accepted(graph, 'Keys/Attested')).toEqual([
        'EnclaveAttestedKeyPolicy',
        'EnclaveDeploymentBinding',
        'EnclaveKeyContext',
        'EnclaveKeyPolicyOwner',
        'EnclaveKeyReEncryption',
        'EnclaveKeySingleRegion',
        'EnclaveKeyUseAlarmed',
        'EnclaveMeasurementsAgree',
        'EnclavePcrNotDebug',
        'EnclaveRolloutBounded',
        ...(pin === EnclavePin.SIGNER ? ['EnclaveSignerWithImage'] : []),
      ]);
    },
  );

  test('EnclaveMeasurementsAgree: a generation that is withdrawn by half', () => {
    expect(ruled(withStatements(templates, without('Generation1')))).toEqual(['EnclaveMeasurementsAgree']);
  });

  test('EnclaveDeploymentBinding: a parent role that is not bound', () => {
    expect(ruled(graphOf(attestedKey({ bindParentRole: false }).app))).toEqual(['EnclaveDeploymentBinding']);
    expect(ruled(withStatements(templates, withoutConditions(/PCR3$/)))).toEqual(['EnclaveDeploymentBinding']);
  });

  test('EnclaveSignerWithImage: a signer without kernel, or without application', () => {
    for (const register of [/PCR1$/, /PCR2$/]) {
      expect(ruled(withStatements(signed, withoutConditions(register)))).toContain('EnclaveSignerWithImage');
    }
  });

  test('EnclaveKeyContext: no context is asked for', () => {
    expect(ruled(withStatements(templates, withoutConditions(/EncryptionContext/)))).toEqual(['EnclaveKeyContext']);
  });

  test('EnclaveKeyPolicyOwner: the account may change the policy', () => {
    expect(ruled(withStatements(templates, without('OnlyDeploymentsChangePolicy'), EVERYTHING))).toEqual([
      'EnclaveKeyPolicyOwner',
    ]);
    const anyone = (statement: RawStatement) =>
      statement.Sid === 'ChangedByDeployments' ? { ...statement, Condition: undefined } : statement;
    expect(
      ruled(withStatements(templates, (statement) => without('OnlyDeploymentsChangePolicy')(anyone(statement)))),
    ).toEqual(['EnclaveKeyPolicyOwner']);
  });

  test('EnclaveKeySingleRegion: a key that can be replicated, by whom the account likes', () => {
    expect(ruled(withChanged(templates, 'Attested/Key', (key) => ({ ...key, MultiRegion: true })))).toEqual([
      'EnclaveKeySingleRegion',
    ]);
    expect(ruled(withStatements(templates, without('NoSideDoor'), EVERYTHING))).toContain('EnclaveKeySingleRegion');
  });

  test.each([
    ['Attested/Alarms/UseWithoutAttestationFilter'],
    ['Attested/Alarms/UseWithoutAttestation'],
    ['Attested/Alarms/UseRefusedFilter'],
    ['Attested/Alarms/UseRefused'],
  ])('EnclaveKeyUseAlarmed: no %s', (suffix) => {
    expect(ruled(withoutResource(templates, suffix))).toEqual(['EnclaveKeyUseAlarmed']);
  });

  test('EnclaveKeyUseAlarmed: a filter that hears of another key', () => {
    const graph = withChanged(templates, 'Attested/Alarms/UseWithoutAttestationFilter', (filter) => ({
      ...filter,
      FilterPattern: JSON.parse(JSON.stringify(filter.FilterPattern).replace(/AttestedKey\w+/g, 'RingAudit')),
    }));
    expect(ruled(graph)).toEqual(['EnclaveKeyUseAlarmed']);
  });

  test('EnclaveRolloutBounded: generations that nobody removes', () => {
    const names = (count: number) => measurements(...Array.from({ length: count }, (_, index) => `build ${index}`));
    expect(ruled(graphOf(attestedKey({ measurements: names(3) }).app))).toEqual([]);
    expect(ruled(graphOf(attestedKey({ measurements: names(4) }).app))).toEqual(['EnclaveRolloutBounded']);
  });
});

describe('EnclaveInference', () => {
  const graph = graphOf(fleet().app);
  const templates = templatesOf(graph);
  const ruled = (changed: TemplateGraph) => found(changed, 'Fleet/Enclaves');
  const groupPath = 'Enclaves/Fleet/Group';

  test('is judged by every rule of hosts and fleets, and complies', () => {
    expect(ruled(graph)).toEqual([]);
    expect(accepted(graph, 'Fleet/Enclaves')).toEqual(
      expect.arrayContaining([
        'EnclaveDeploymentBinding',
        'EnclaveFleetServes',
        'EnclaveHostHardened',
        'EnclaveHostIngress',
        'EnclaveKeyUseAlarmed',
        'EnclaveRolloutBounded',
      ]),
    );
    expect(accepted(graph, groupPath)).toEqual(['EnclaveFleetServes', 'EnclaveRolloutBounded']);
    expect(accepted(graph, 'Enclaves/Balancer/Hosts')).toEqual(['EnclaveHostIngress']);
  });

  test.each([{ MinSize: '0' }, { HealthCheckType: 'EC2' }, { HealthCheckType: undefined }])(
    'EnclaveFleetServes: %j',
    (properties) => {
      const changed = withChanged(templates, groupPath, (fleetProperties) =>
        JSON.parse(JSON.stringify({ ...fleetProperties, ...properties })),
      );
      expect(ruled(changed)).toEqual(['EnclaveFleetServes']);
    },
  );

  test('EnclaveRolloutBounded: an update that nothing takes back', () => {
    const [[id, group]] = graph
      .ofType('AWS::AutoScaling::AutoScalingGroup')
      .map(({ logicalId, template }) => [logicalId, template] as const);
    expect(ruled(withAdded(templates, 'Fleet', { [id]: { ...group, UpdatePolicy: undefined } }))).toEqual([
      'EnclaveRolloutBounded',
    ]);
  });

  test.each([
    ['addresses', { CidrIp: '10.0.0.0/16', SourceSecurityGroupId: undefined }],
    ['another port', { FromPort: 8000, ToPort: 8000 }],
    ['SSH', { FromPort: 22, ToPort: 22 }],
    ['every port', { IpProtocol: '-1', FromPort: undefined, ToPort: undefined }],
  ])('EnclaveHostIngress: %s', (_, properties) => {
    const ingress = graph
      .ofType('AWS::EC2::SecurityGroupIngress')
      .filter(({ path }) => path.includes('Enclaves/Balancer/Hosts'));
    expect(ingress).toHaveLength(2);
    for (const { path } of ingress) {
      const changed = withChanged(templates, path, (rule) => JSON.parse(JSON.stringify({ ...rule, ...properties })));
      expect(ruled(changed)).toEqual(['EnclaveHostIngress']);
    }
  });
});
