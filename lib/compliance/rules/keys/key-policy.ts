import { type GraphResource, Opaque } from '../../../analysis';
import { unresolved, violation } from '../../expect';
import type { Verdict, Violation } from '../../rule';
import { type Statement, statementName, statementsOf } from '../../statements';

/** Types that carry a key policy. */
export const KEY_TYPES = ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'];

/** Judges each statement of a key's policy; `faultOf` says what is wrong with one. A key without a policy is not concerned. */
export function judgeStatements(
  { properties: { KeyPolicy } }: GraphResource,
  faultOf: (statement: Statement) => string | undefined,
): Verdict {
  if (KeyPolicy instanceof Opaque) {
    return [unresolved('KeyPolicy', KeyPolicy)];
  }
  const statements = statementsOf(KeyPolicy);
  return statements.length === 0
    ? undefined
    : statements.flatMap((statement) => finding(statement, faultOf(statement)));
}

function finding(statement: Statement, fault: string | undefined): Violation[] {
  const at = `KeyPolicy.Statement.${statement.index}`;
  return fault === undefined ? [] : [violation(at, `${statementName(statement)} ${fault}`)];
}

/** Whether a principal is the account as a whole, which hands a right on to whatever its IAM policies say. */
export function isAccount(principal: string): boolean {
  return /^(\d{12}|arn:[^:]*:iam::\d{12}:root)$/.test(principal);
}

/** Whether a principal is an AWS service. */
export function isService(principal: string): boolean {
  return /\.amazonaws\.com(\.cn)?$/.test(principal);
}

/** A minimal key with one statement in its policy. */
export function keyWith(statement: object) {
  const Statement = [{ Effect: 'Allow', Resource: '*', ...statement }];
  return { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement } } } };
}
