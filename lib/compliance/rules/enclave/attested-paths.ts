import { grouped } from '../../../analysis';
import { violation } from '../../expect';
import type { Violation } from '../../rule';
import { conditionKeys, type Statement, statementName, statementsOf } from '../../statements';
import {
  type AttestationCondition,
  admitsListed,
  attestationConditions,
  OF_ENCLAVES,
  refusesUnlisted,
  registerOf,
} from './attestation';
import { holdsAction, pathOf, refuses } from './key-policy';

/** Operations of KMS that give away plaintext of a key (KMS Developer Guide, "Cryptographic attestation support"). */
export const PLAINTEXT_ACTIONS = [
  'kms:Decrypt',
  'kms:DeriveSharedSecret',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyPair',
];

/** One way to plaintext that asks for an enclave: an Allow, with one of its actions. */
export interface AttestedPath {
  readonly statement: Statement;
  readonly action: string;
  /** Registers that a document must match on this path, such as `pcr0`: for the Allow, or for no Deny to hold. */
  readonly registers: ReadonlySet<string>;
}

/** The ways to plaintext of a key on which an enclave is asked for. EnclaveAttestedKeyPolicy finds those without. */
export function attestedPaths(policy: unknown): AttestedPath[] {
  const statements = statementsOf(policy);
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) =>
      PLAINTEXT_ACTIONS.filter((action) => holdsAction(statement, action)).map((action) => ({
        statement,
        action,
        registers: new Set([...admitted(statement), ...refused(action, statement.principals, statements)]),
      })),
    )
    .filter(({ registers }) => registers.size > 0);
}

/** A finding for each statement of these paths. */
export function faultOf(paths: readonly AttestedPath[], fault: string): Violation[] {
  return [...grouped(paths, ({ statement }) => statement)].map(([statement, found]) => {
    const actions = found.map(({ action }) => action).join(', ');
    return violation(pathOf(statement), `${statementName(statement)} allows ${actions} ${fault}`);
  });
}

function admitted(statement: Statement): string[] {
  return attestationConditions(statement).filter(admitsListed).filter(isOfEnclaves).map(registerOf);
}

/** All conditions of a Deny must hold together, so only a Deny with a single one insists on its register. */
function refused(action: string, principals: readonly string[], statements: readonly Statement[]): string[] {
  return statements
    .filter((statement) => refuses(statement, action, principals) && conditionKeys(statement.conditions).length === 1)
    .flatMap(attestationConditions)
    .filter(refusesUnlisted)
    .filter(isOfEnclaves)
    .map(registerOf);
}

function isOfEnclaves({ measurement }: AttestationCondition): boolean {
  return OF_ENCLAVES.test(measurement);
}
