import { actionCovers, conditionKeys, type Statement, statementsOf } from '../../statements';
import { attestationConditions, deniesUnattested, weaknessOf } from './attestation';

/** The statements of a key's policy that mention attestation documents, with measurements of one kind. */
export function statementsOnAttestation(policy: unknown, measurement = /./): Statement[] {
  return statementsOf(policy).filter((statement) =>
    attestationConditions(statement).some((condition) => measurement.test(condition.measurement)),
  );
}

/** The path of a statement within the properties of its key. */
export function pathOf({ index }: Statement): string {
  return `KeyPolicy.Statement.${index}`;
}

/** Whether a statement's actions hold an action. `NotAction` counts as holding all. */
export function holdsAction({ actions }: Statement, action: string): boolean {
  return actions.length === 0 || actions.some((pattern) => actionCovers(pattern, action));
}

/** Whether an Allow lets its holder decrypt for itself, not through another service (`kms:ViaService`). */
export function allowsDecryption(statement: Statement): boolean {
  return (
    statement.effect === 'Allow' &&
    holdsAction(statement, 'kms:Decrypt') &&
    !conditionKeys(statement.conditions).some((key) => key.toLowerCase() === 'kms:viaservice')
  );
}

/** Why the conditions of an Allow let code through that nobody measured; undefined where they do not. */
export function opennessOf(statement: Statement): string | undefined {
  const weaknesses = attestationConditions(statement).map(weaknessOf);
  return weaknesses.length === 0
    ? 'no condition on kms:RecipientAttestation:ImageSha384'
    : weaknesses.reduce((weakness, other) => weakness && other);
}

/**
 * Whether a Deny keeps these principals from an action, unless they are attested; no principals stand for all there are.
 * A Deny with exceptions (`NotPrincipal`, `NotAction`, further conditions) does not count.
 */
export function isDenied(action: string, principals: readonly string[], statements: readonly Statement[]): boolean {
  return statements.some((statement) => refuses(statement, action, principals) && deniesUnattested(statement));
}

/** Whether a Deny is about an action by all of these principals; under which conditions is not looked at. */
export function refuses(statement: Statement, action: string, principals: readonly string[]): boolean {
  return (
    statement.effect === 'Deny' &&
    !statement.inverted &&
    holdsAction(statement, action) &&
    namesAll(statement.principals, principals)
  );
}

function namesAll(named: readonly string[], principals: readonly string[]): boolean {
  const isNamed = (principal: string) => named.includes(principal) || named.some((name) => isRootOf(name, principal));
  return named.includes('*') || (principals.length > 0 && principals.every(isNamed));
}

/** In a Deny, the root of an account stands for every principal of the account (IAM guide, "AWS account principals"). */
function isRootOf(name: string, principal: string): boolean {
  const account = /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  return account !== undefined && principal.split(':')[4] === account;
}
