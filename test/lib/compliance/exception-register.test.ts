import { App, CfnResource, type IPolicyValidationPlugin, Stack, Validations } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { type AcceptedException, ExceptionRegister } from '../../../lib/compliance/exception-register';
import { ExceptionRegisterChecks, RegisteredChecks } from '../../../lib/compliance/registered-checks';

const ENTRY: AcceptedException = {
  id: 'EX-001',
  rules: ['Pack::Rule[Resource::*]'],
  paths: ['dev/**/Logs/*'],
  owner: 'platform',
  approver: 'security',
  reason: 'A reason of substance for the test',
  ticket: 'SEC-1',
  residualRisk: 'low',
  expires: '2026-12-31',
};

describe('matching', () => {
  const accepts = (rule: string, path: string, asOf = '2026-11-24') =>
    new ExceptionRegister([ENTRY], asOf).accept(rule, path) !== undefined;

  test('a single star is itself in a rule and stays within a segment of a path', () => {
    expect(accepts('Pack::Rule[Resource::*]', 'dev/a/b/Logs/Resource')).toBe(true);
    expect(accepts('Pack::Rule[Resource::x]', 'dev/a/b/Logs/Resource')).toBe(false);
    expect(accepts('Pack::Rule[Resource::*]', 'dev/a/Logs/b/c')).toBe(false);
    expect(accepts('Pack::Rule[Resource::*]', 'prod/a/Logs/b')).toBe(false);
  });

  test('an entry holds on its last day and not after it', () => {
    expect(accepts(ENTRY.rules[0], 'dev/a/Logs/b', '2026-12-31')).toBe(true);
    expect(accepts(ENTRY.rules[0], 'dev/a/Logs/b', '2027-01-01')).toBe(false);
  });

  test('text without stars matches only itself', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (text, other) => {
        fc.pre(!text.includes('*'));
        const register = new ExceptionRegister([{ ...ENTRY, rules: [text], paths: [text] }], '2026-11-24');
        expect(register.accept(text, text)).toBeDefined();
        expect(register.accept(other, text) !== undefined).toBe(other === text);
      }),
    );
  });
});

/** A pack with one error on every resource. */
const PACK: IPolicyValidationPlugin = {
  name: 'Pack',
  validate: (context) => ({
    success: false,
    violations: [
      {
        ruleName: 'Rule[Resource::*]',
        description: 'always',
        severity: 'error',
        violatingResources: (context as unknown as { appConstruct: App }).appConstruct.node
          .findAll()
          .filter(CfnResource.isCfnResource)
          .map(({ node }) => ({ constructPath: node.path, locations: [] })),
      },
    ],
  }),
};

function synthesize(exceptions: AcceptedException[], prepare: (topic: CfnResource) => void = () => {}) {
  const app = new App();
  const topic = new CfnResource(new Stack(app, 'dev'), 'Topic', { type: 'AWS::SNS::Topic' });
  prepare(topic);
  const register = new ExceptionRegister(exceptions, '2026-11-24');
  const checks = new RegisteredChecks(PACK, register);
  const judge = new ExceptionRegisterChecks(register);
  const context = { appConstruct: app, templatePaths: [], stackTemplates: [] };
  const report = checks.validate(context);
  const verdict = judge.validate(context);
  return {
    report,
    topic,
    verdict: verdict.violations.map(({ ruleName }) => ruleName),
    severities: verdict.violations.map(({ severity }) => severity),
  };
}

describe('checks', () => {
  test('an accepted finding is acknowledged at its resource under the full id, with who, where and until when', () => {
    const { topic, verdict } = synthesize([{ ...ENTRY, paths: ['dev/Topic'] }]);
    const acknowledged = topic.node.metadata.find(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
    expect(acknowledged?.data).toEqual({
      'Pack::Rule[Resource::*]': expect.stringMatching(/EX-001: .*security, SEC-1, until 2026-12-31/),
    });
    expect(verdict).toEqual([]);
  });

  test('an unused entry is fatal', () => {
    expect(synthesize([{ ...ENTRY, paths: ['elsewhere'] }])).toMatchObject({
      verdict: ['ExceptionUnused'],
      severities: ['fatal'],
    });
  });

  test('an expired entry accepts nothing and is fatal', () => {
    const { topic, verdict } = synthesize([{ ...ENTRY, paths: ['dev/Topic'], expires: '2026-11-23' }]);
    expect(topic.node.metadata.map(({ type }) => type)).not.toContain(Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
    expect(verdict).toEqual(['ExceptionExpired']);
  });

  test('an acknowledgement made in code is fatal, even one that copies the reason of an entry', () => {
    const { verdict } = synthesize([], (topic) =>
      Validations.of(topic).acknowledge({ id: 'Pack::Other', reason: 'EX-001: copied (approved by security)' }),
    );
    expect(verdict).toEqual(['ExceptionUnregistered']);
  });
});
