import { type GraphResource, Opaque, type TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { mustExist, unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { deniesPlainText, type Statement, statementsOf } from '../../statements';

/** For each kind of queue or topic: the types that hold its policy, and by which property they name it. */
const POLICIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::SNS::Topic': { 'AWS::SNS::TopicPolicy': 'Topics', 'AWS::SNS::TopicInlinePolicy': 'TopicArn' },
  'AWS::SQS::Queue': { 'AWS::SQS::QueuePolicy': 'Queues', 'AWS::SQS::QueueInlinePolicy': 'Queue' },
};

const TARGETS: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(POLICIES));

/** Queues and topics refuse requests that are not sent over TLS. */
export const messagingTlsOnly = rule({
  id: 'MessagingTlsOnly',
  scope: 'ai',
  appliesTo: [...Object.keys(POLICIES), ...Object.keys(TARGETS)],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { nist80053: ['SC-8', 'SC-13'] },
  why: 'Both services also answer plain HTTP, where everyone on the way reads and changes the message.',
  fix: "Deny everyone every action where aws:SecureTransport is 'false'.",
  claims: ['PolicyDocument.Deny.aws:SecureTransport', 'AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy'],
  beyondGuard: 'queue or topic, and policy, are resources of their own',
  check: (resource, graph) => (POLICIES[resource.type] ? hasPolicy(resource, graph) : document(resource)),
  compliant: example([
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]),
  nonCompliant: example([{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sqs:SendMessage' }]),
});

function hasPolicy(resource: GraphResource, graph: TemplateGraph): Violation[] {
  const ids = [resource.name, resource.arn, graph.resolve(resource.stack, { Ref: resource.logicalId })];
  const policies = Object.entries(POLICIES[resource.type]).flatMap(([type, property]) =>
    ids.flatMap((id) => graph.where(type, property, id)),
  );
  return policies.length > 0 ? [] : [violation('PolicyDocument', 'found no policy that denies requests without TLS')];
}

/** Each document replaces all that was there, so each must deny. */
function document(policy: GraphResource): Violation[] {
  const { PolicyDocument } = policy.properties;
  if (PolicyDocument instanceof Opaque) {
    return [unresolved('PolicyDocument', PolicyDocument)];
  }
  const refuses = statementsOf(PolicyDocument).some(refusesPlainText);
  return [
    ...mustExist(policy, TARGETS[policy.type]),
    ...(refuses ? [] : [violation('PolicyDocument', 'no statement denies requests without TLS')]),
  ];
}

/** A topic's policy cannot name every action of SNS; publishing is the one that carries a message. */
function refusesPlainText(statement: Statement): boolean {
  const actions = statement.actions.map((action) => (/^sns:publish$/i.test(action) ? 'sns:*' : action));
  return ['sns', 'sqs'].some((service) => deniesPlainText({ ...statement, actions }, service));
}

function example(Statement: object[]) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { Tags } },
    Policy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { PolicyDocument: { Statement }, Queues: [{ Ref: 'Queue' }] },
    },
  };
}
