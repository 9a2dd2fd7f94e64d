import { Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ALWAYS_ERROR } from '../../rule';
import { type Statement, statementsOf } from '../../statements';
import { demands } from './demands';

/** Nobody outside can take on a role: not anyone, and not any repository of a public build service. */
export const iamTrustNotPublic = rule({
  id: 'IamTrustNotPublic',
  appliesTo: ['AWS::IAM::Role'],
  level: ALWAYS_ERROR,
  annexA: ['A.3.2'],
  crosswalk: { nist80053: ['AC-3', 'AC-6'], atlas: ['AML.T0012'] },
  why: 'Any AWS account, or any repository on GitHub, takes on the role and works with its rights.',
  fix: 'Name the principals that may take on the role, and bind federated ones by the subject of their tokens.',
  claims: ['AssumeRolePolicyDocument.Statement.*.Principal'],
  beyondGuard: 'principals and conditions of a statement come in many forms',
  check: ({ properties: { AssumeRolePolicyDocument: trust } }) => {
    if (trust instanceof Opaque) {
      return [unresolved('AssumeRolePolicyDocument', trust)];
    }
    const statements = statementsOf(trust);
    return statements.length === 0
      ? undefined
      : statements.flatMap((statement) => {
          const who = outsiders(statement);
          return who
            ? [violation(`AssumeRolePolicyDocument.Statement.${statement.index}`, `lets ${who} take on the role`)]
            : [];
        });
  },
  compliant: roleWith({ AWS: 'arn:aws:iam::111122223333:role/deployer' }),
  nonCompliant: roleWith({ AWS: '*' }),
});

/** Build services that issue tokens to everybody's repositories, and the claim that says whose. */
const PUBLIC_ISSUER = /oidc-provider\/(token\.actions\.githubusercontent\.com|gitlab\.com|app\.terraform\.io)/;
const SUBJECT = /:(sub|repository(_owner)?|namespace_path|project_path)$/i;

/** Keys that say who asks. The account of a service's customer does not: it lets every service in. */
const WHO = /^aws:principal(account|arn|org(id|paths))$/i;

function outsiders(statement: Statement): string | undefined {
  const { effect, principals, inverted } = statement;
  const everyone = principals.includes('*') || (inverted && principals.length === 0);
  if (effect === 'Allow' && everyone && !demands(statement, WHO)) {
    return 'anyone';
  }
  const issuer = principals.find((principal) => PUBLIC_ISSUER.test(principal));
  const open = issuer !== undefined && effect === 'Allow' && !demands(statement, SUBJECT);
  return open ? `every repository of ${issuer.split('/').at(-1)}` : undefined;
}

function roleWith(Principal: object) {
  const Statement = [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }];
  return { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement } } } };
}
