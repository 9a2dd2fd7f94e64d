import type { GraphResource, TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { isSet } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

const redrive = isSet('RedrivePolicy.deadLetterTargetArn');

/** A queue that feeds a function sets aside what the function cannot handle. */
export const queueFailuresKept = rule({
  id: 'QueueFailuresKept',
  scope: 'ai',
  detects: true,
  appliesTo: ['AWS::SQS::Queue'],
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.6', 'A.6.2.8'],
  crosswalk: { nist80053: ['AU-5', 'SC-5', 'SI-11'] },
  why: 'A message that a function fails on comes back until it expires, at the price of a model call each time.',
  fix: 'Set RedrivePolicy with a dead-letter queue and a small maxReceiveCount.',
  claims: ['RedrivePolicy'],
  beyondGuard: 'only an event source mapping tells which queues feed a function',
  check: (queue, graph) => (feedsFunction(queue, graph) ? redrive.judge(queue.properties, '') : undefined),
  compliant: example({ RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:111122223333:failed' } }),
  nonCompliant: example({}),
});

function feedsFunction({ arn }: GraphResource, graph: TemplateGraph): boolean {
  return graph.where('AWS::Lambda::EventSourceMapping', 'EventSourceArn', arn).length > 0;
}

function example(properties: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { Tags, ...properties } },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
    },
  };
}
