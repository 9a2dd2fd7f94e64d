import { type GraphResource, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, valueAt, violation } from '../../expect';
import { ALWAYS_WARNING, type Verdict } from '../../rule';

/** Path of the standard's ARN (AWS Security Hub User Guide, "AI Security Best Practices"), as of 2026-11-24. */
const STANDARD = ':standards/ai-security-best-practices/v/1.0.0';

/**
 * Where an assembly switches Security Hub on, it judges AI services too, with every control. A hub is made once for an
 * account, so it is judged where it is.
 */
export const securityHubAiStandard = rule({
  id: 'SecurityHubAiStandard',
  appliesTo: ['AWS::SecurityHub::Hub', 'AWS::SecurityHub::Standard'],
  scope: 'ai',
  detects: true,
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.6'],
  crosswalk: { nist80053: ['CA-7', 'RA-5', 'SI-4'], euAiAct: ['Art. 72'] },
  why: 'A notebook that is opened to the internet after the deployment is found by nobody who looks for it.',
  fix: `Add a SecurityHub Standard whose ARN ends in ${STANDARD.slice(1)}, without disabled controls.`,
  claims: ['AutoEnableControls', 'StandardsArn', 'DisabledStandardsControls'],
  beyondGuard: 'hub and standard are resources of their own',
  check: (resource, graph) =>
    resource.type === 'AWS::SecurityHub::Hub' ? judgeHub(resource, graph) : judgeStandard(resource),
  compliant: hubWith(STANDARD),
  nonCompliant: hubWith(':standards/aws-foundational-security-best-practices/v/1.0.0'),
});

function judgeHub({ properties }: GraphResource, graph: TemplateGraph): Verdict {
  const enabled = graph.ofType('AWS::SecurityHub::Standard').some(isAiStandard);
  return [
    ...(enabled ? [] : [violation('StandardsArn', `found no standard ${STANDARD.slice(1)}`)]),
    ...(textOf(properties.AutoEnableControls) === 'false'
      ? [violation('AutoEnableControls', 'found false, so new controls stay off')]
      : []),
  ];
}

/** Other standards are none of this rule's business. */
function judgeStandard(standard: GraphResource): Verdict {
  if (standard.properties.StandardsArn === undefined) {
    return [violation('StandardsArn', 'found nothing, expected the ARN of a standard')];
  }
  return isAiStandard(standard)
    ? asList(standard.properties.DisabledStandardsControls).map((control) =>
        violation('DisabledStandardsControls', `${textOf(valueAt(control, 'StandardsControlArn'))} is off`),
      )
    : undefined;
}

function isAiStandard({ properties: { StandardsArn } }: GraphResource): boolean {
  return textOf(StandardsArn).endsWith(STANDARD);
}

function hubWith(standard: string) {
  return {
    Hub: { Type: 'AWS::SecurityHub::Hub' },
    Standard: {
      Type: 'AWS::SecurityHub::Standard',
      Properties: { StandardsArn: `arn:aws:securityhub:eu-west-1:${standard}` },
    },
    Model: { Type: 'AWS::SageMaker::Model' },
  };
}
