import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AimsConformancePack, type AimsConformancePackProps } from '../../../constructs/conformance-pack';
import { evaluateRules, RULES } from '../../../lib/compliance';
import { conformancePack } from '../../../lib/compliance/conformance-pack';
import { graphOf } from '../../support/graph';
import { nagErrors } from '../../support/nag';

const TEMPLATE = conformancePack(RULES, 'eu-west-1');

function packIn(app: App, props: Partial<AimsConformancePackProps> = {}): Stack {
  const stack = new Stack(app, 'Stack', { env: { region: 'eu-west-1' } });
  new AimsConformancePack(stack, 'Aims', { template: TEMPLATE, ...props });
  return stack;
}

test('deploys the pack as text, under the name AIMS or another', () => {
  const properties = (props: Partial<AimsConformancePackProps>) =>
    Object.values(Template.fromStack(packIn(new App(), props)).toJSON().Resources);
  const Type = 'AWS::Config::ConformancePack';
  expect(properties({})).toEqual([{ Type, Properties: { ConformancePackName: 'AIMS', TemplateBody: TEMPLATE } }]);
  expect(properties({ packName: 'AIMS-2' })).toMatchObject([{ Properties: { ConformancePackName: 'AIMS-2' } }]);
});

test.each([{}, { packName: 'AIMS-2' }])('has no finding of the packs (%p)', (props) => {
  const app = new App();
  packIn(app, props);
  const results = evaluateRules(graphOf(app), RULES);
  expect(results.flatMap(({ violations, unresolvable }) => [...violations, ...unresolvable])).toEqual([]);
  expect(nagErrors(app)).toEqual([]);
});

test.each([
  ['no rule', { template: 'Resources: {}' }, 'PALISADE-C203'],
  ['more than 51,200 bytes', { template: `${TEMPLATE}# ${'ä'.repeat(25_000)}` }, 'PALISADE-C203'],
  ['131 rules', { template: 'AWS::Config::ConfigRule '.repeat(131) }, 'PALISADE-C203'],
  ['a name with a space', { packName: 'AI MS' }, 'PALISADE-C204'],
])('refuses %s', (_, props, code) => {
  expect(() => packIn(new App(), props)).toThrow(code);
});
