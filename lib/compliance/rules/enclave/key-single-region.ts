import { type GraphResource, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { isNot } from '../../requirements';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { type Statement, statementName, statementsOf } from '../../statements';
import { KEY_TYPES } from '../keys/key-policy';
import { OF_ENCLAVES } from './attestation';
import { attested, keyWith, unattestedDenied } from './examples';
import { holdsAction, isDenied, opennessOf, pathOf, statementsOnAttestation } from './key-policy';

const REPLICATES = 'kms:ReplicateKey';
const ONE_REGION = isNot('MultiRegion', [true]);

/**
 * An attested key stays in its Region. A replica has the same material under a policy of its own, which whoever replicates
 * it writes (KMS Developer Guide, "Multi-Region keys": key policies are not synchronized).
 */
export const enclaveKeySingleRegion = rule({
  id: 'EnclaveKeySingleRegion',
  appliesTo: KEY_TYPES,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.6.2.5'],
  crosswalk: { nist80053: ['SC-12', 'AC-4', 'CM-6'], euAiAct: ['Art. 15'] },
  why: 'Who may replicate the key gives the copy a policy without measurements, and decrypts everything in another Region.',
  fix: 'Leave MultiRegion out, and deny kms:ReplicateKey to everyone; give each Region a key of its own.',
  claims: ['MultiRegion', 'KeyPolicy.Deny.kms:ReplicateKey'],
  beyondGuard: 'which keys are for enclaves, and who may replicate one, is said by all statements together',
  check: (key) => {
    const { KeyPolicy } = key.properties;
    return statementsOnAttestation(KeyPolicy, OF_ENCLAVES).length === 0
      ? undefined
      : [...isReplica(key), ...ONE_REGION.judge(key.properties, ''), ...replicators(statementsOf(KeyPolicy))];
  },
  compliant: keyWith(attested('kms:Decrypt')),
  nonCompliant: {
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: { MultiRegion: true, KeyPolicy: { Statement: [unattestedDenied('kms:Decrypt')] } },
    },
  },
});

function isReplica({ type, properties: { PrimaryKeyArn } }: GraphResource): Violation[] {
  return type === 'AWS::KMS::ReplicaKey'
    ? [violation('PrimaryKeyArn', `found a replica of ${textOf(PrimaryKeyArn)}, expected a key of its own`)]
    : [];
}

/** An Allow that asks for attestation never holds for it: the operation takes no document. */
function replicators(statements: readonly Statement[]): Violation[] {
  return statements
    .filter(
      (statement) =>
        statement.effect === 'Allow' &&
        holdsAction(statement, REPLICATES) &&
        opennessOf(statement) !== undefined &&
        !isDenied(REPLICATES, statement.principals, statements),
    )
    .map((statement) => violation(pathOf(statement), `${statementName(statement)} allows ${REPLICATES}`));
}
