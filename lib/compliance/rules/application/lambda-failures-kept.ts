import { type GraphResource, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf } from '../../expect';
import { isSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';
import { attached } from './functions';

/** Services that call a function without waiting for its answer (AWS Lambda Developer Guide, "Invoking other services"). */
const ASYNCHRONOUS = ['config', 'events', 'iot', 'logs', 's3', 'ses', 'sns'].map((name) => `${name}.amazonaws.com`);

const deadLetters = isSet('DeadLetterConfig.TargetArn');

/** A function that services call without waiting keeps the events that it failed on. */
export const lambdaFailuresKept = rule({
  id: 'LambdaFailuresKept',
  scope: 'ai',
  detects: true,
  appliesTo: ['AWS::Lambda::Function'],
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.6', 'A.6.2.8'],
  crosswalk: { nist80053: ['AU-5', 'SI-11'] },
  why: 'After two retries an event is gone, and with it the approval, alarm or review that it carried.',
  fix: 'Set DeadLetterConfig.TargetArn, or an on-failure destination in an EventInvokeConfig.',
  claims: ['DeadLetterConfig.TargetArn'],
  beyondGuard: 'only permissions tell which functions are called without waiting',
  configRules: ['LAMBDA_DLQ_CHECK'],
  check: (fn, graph) => {
    if (!isCalledAsynchronously(fn, graph)) {
      return undefined;
    }
    return hasFailureDestination(fn, graph) ? [] : deadLetters.judge(fn.properties, '');
  },
  compliant: example({ DeadLetterConfig: { TargetArn: 'queue' } }),
  nonCompliant: example({}),
});

function isCalledAsynchronously(fn: GraphResource, graph: TemplateGraph): boolean {
  return attached('AWS::Lambda::Permission', fn, graph)
    .flatMap(({ properties }) => asList(properties.Principal))
    .some((principal) => ASYNCHRONOUS.includes(textOf(principal)));
}

function hasFailureDestination(fn: GraphResource, graph: TemplateGraph): boolean {
  return attached('AWS::Lambda::EventInvokeConfig', fn, graph).some(
    (config) => propertyOf(config, 'DestinationConfig.OnFailure.Destination') !== undefined,
  );
}

function example(properties: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return {
    Function: { Type: 'AWS::Lambda::Function', Properties: { Tags, ...properties } },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: { Ref: 'Function' }, Principal: 'events.amazonaws.com' },
    },
  };
}
