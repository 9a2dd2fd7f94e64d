import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ALWAYS_ERROR, type Verdict } from '../../rule';
import { allowsAnyone, statementsOf } from '../../statements';

/** Nobody outside may put events on a bus, or change its rules. */
export const eventBusNotPublic = rule({
  id: 'EventBusNotPublic',
  appliesTo: ['AWS::Events::EventBus', 'AWS::Events::EventBusPolicy'],
  level: ALWAYS_ERROR,
  annexA: ['A.4.5', 'A.6.2.8'],
  crosswalk: { nist80053: ['AC-3', 'AC-6', 'SI-10'] },
  why: 'Anyone with an AWS account can put an event on the bus, and so start a training run or forge an approval.',
  fix: 'Name the principals of the policy, or add a condition on aws:PrincipalOrgID or aws:SourceAccount.',
  claims: ['Policy.Statement.*.Principal', 'Statement.Principal', 'Principal'],
  beyondGuard: 'whether a statement lets anyone in depends on all of its conditions together',
  check: ({ type, properties }) =>
    type === 'AWS::Events::EventBus' ? judge('Policy', properties.Policy) : judge('Statement', standing(properties)),
  compliant: example({ AWS: 'arn:aws:iam::111122223333:root' }),
  nonCompliant: example('*'),
});

/** A policy of its own is one statement, or that statement's older form: principal, action and one condition apart. */
function standing({ Action, Condition, Principal, Statement }: GraphResource['properties']): unknown {
  const { Key, Type, Value } = (Condition ?? {}) as Record<string, unknown>;
  const older = {
    Effect: 'Allow',
    Action,
    Principal,
    ...(Condition !== undefined && { Condition: { [textOf(Type)]: { [textOf(Key)]: Value } } }),
  };
  return Statement ?? (Principal === undefined ? undefined : older);
}

function judge(property: string, policy: unknown): Verdict {
  if (policy instanceof Opaque) {
    return [unresolved(property, policy)];
  }
  const statements = statementsOf(property === 'Policy' ? policy : { Statement: policy });
  return statements.length === 0
    ? undefined
    : statements
        .filter(allowsAnyone)
        .map(({ sid }) => violation(property, `statement '${sid}' lets every AWS account use the bus`));
}

function example(Principal: unknown) {
  const Statement = [{ Sid: 'Put', Effect: 'Allow', Principal, Action: 'events:PutEvents', Resource: '*' }];
  return { Bus: { Type: 'AWS::Events::EventBus', Properties: { Policy: { Statement } } } };
}
