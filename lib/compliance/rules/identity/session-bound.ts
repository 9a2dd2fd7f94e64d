import { Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ALWAYS_WARNING } from '../../rule';
import { type Statement, statementsOf } from '../../statements';

const AN_HOUR = 3600;

/** Sessions of people end within an hour. IAM's own default is an hour; services renew their sessions themselves. */
export const iamSessionBound = rule({
  id: 'IamSessionBound',
  scope: 'ai',
  appliesTo: ['AWS::IAM::Role'],
  level: ALWAYS_WARNING,
  annexA: ['A.3.2'],
  crosswalk: { nist80053: ['AC-12', 'IA-5'] },
  why: 'Credentials copied from a laptop or a notebook work for as long as the session, up to twelve hours after they were revoked at the source.',
  fix: 'Leave MaxSessionDuration out or set it to at most 3600 on roles that people take on.',
  claims: ['MaxSessionDuration'],
  beyondGuard: 'whether people can take on a role depends on the principals of its trust policy',
  check: ({ properties: { AssumeRolePolicyDocument: trust, MaxSessionDuration: duration = AN_HOUR } }) => {
    if (!statementsOf(trust).some(letsPeopleIn)) {
      return trust instanceof Opaque ? [unresolved('AssumeRolePolicyDocument', trust)] : undefined;
    }
    if (duration instanceof Opaque) {
      return [unresolved('MaxSessionDuration', duration)];
    }
    return Number(textOf(duration)) <= AN_HOUR
      ? []
      : [violation('MaxSessionDuration', `found ${textOf(duration)}, expected at most ${AN_HOUR}`)];
  },
  compliant: roleWith({}),
  nonCompliant: roleWith({ MaxSessionDuration: 43_200 }),
});

/** An account, a user, a role or a SAML provider; not a service, and not a workload with a web identity. */
function letsPeopleIn({ effect, principals }: Statement): boolean {
  return (
    effect === 'Allow' &&
    principals.some((principal) => /^\d{12}$|:iam::\d{12}:(root$|role\/|user\/|saml-provider\/)/.test(principal))
  );
}

function roleWith(properties: object) {
  const Principal = { AWS: 'arn:aws:iam::111122223333:root' };
  const AssumeRolePolicyDocument = { Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] };
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument, ...properties, Tags } } };
}
