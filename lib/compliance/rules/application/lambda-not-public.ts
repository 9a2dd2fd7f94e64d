import { textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { valueAt, violation } from '../../expect';
import { is, isNot, isSet, type Requirement, unlessSet } from '../../requirements';
import { ALWAYS_ERROR } from '../../rule';

/** Properties of a permission that say for whom, or for what, the principal may call. */
const BINDINGS = ['SourceArn', 'SourceAccount', 'PrincipalOrgID', 'EventSourceToken'];

/** Of these, what tells one caller from another. A source does not: any service may name it, for any of its customers. */
const WHOSE = ['PrincipalOrgID', 'SourceAccount'];

/** Set on the second of the two permissions that a public URL needs. The first, which has none, is told. */
const BY_URL = 'InvokedViaFunctionUrl';

/** A load balancer takes only functions of its own account as targets, so nobody can name another's. */
const OWN_ACCOUNT_ONLY = 'elasticloadbalancing.amazonaws.com';

/** A service says on whose behalf it calls. */
const namesSource: Requirement = {
  claims: ['SourceArn'],
  judge: (permission, at) => {
    const principal = textOf(valueAt(permission, 'Principal'));
    return isService(principal) && !isBound(permission)
      ? [violation(`${at}SourceArn`, `found no source for ${principal}, expected the ARN that it calls for`)]
      : [];
  },
  guard: (at) =>
    `when ${at}Principal == /amazonaws.com/ {\nwhen ${at}Principal != '${OWN_ACCOUNT_ONLY}' {\n` +
    `${BINDINGS.map((name) => `${at}${name} exists`).join(' or\n')}\n}\n}`,
};

function isBound(permission: unknown): boolean {
  return BINDINGS.some((name) => valueAt(permission, name) !== undefined);
}

function isService(principal: string): boolean {
  return /\.amazonaws\.com/.test(principal) && principal !== OWN_ACCOUNT_ONLY;
}

/** Nobody but known callers may call a function. */
export const lambdaNotPublic = rule({
  id: 'LambdaNotPublic',
  level: ALWAYS_ERROR,
  annexA: ['A.4.5', 'A.9.2'],
  crosswalk: { securityHub: ['Lambda.1'], nist80053: ['AC-3', 'AC-6', 'SC-7'], owasp: ['LLM10:2025'] },
  why: 'Anyone on the internet, or any account through a confused service, can call the model behind the function.',
  fix: 'Name the principal and its SourceArn in the permission, and set AuthType of the URL to AWS_IAM.',
  requires: {
    'AWS::Lambda::Permission': [
      isSet('Principal'),
      unlessSet([...WHOSE, BY_URL], [isNot('Principal', ['*'])]),
      namesSource,
    ],
    'AWS::Lambda::Url': [is('AuthType', 'AWS_IAM')],
  },
  configRules: ['LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED'],
  compliant: {
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: { Principal: 'events.amazonaws.com', SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/x' },
    },
    Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'AWS_IAM' } },
  },
  nonCompliant: {
    Permission: { Type: 'AWS::Lambda::Permission', Properties: { Principal: '*', FunctionUrlAuthType: 'NONE' } },
    Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE' } },
  },
});
