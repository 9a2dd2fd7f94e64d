import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ALWAYS_ERROR, type Violation } from '../../rule';
import { type Statement, statementName, statementsOf } from '../../statements';
import { KEY_TYPES } from '../keys/key-policy';
import { ACCOUNT, attested, keyWith, unattestedDenied } from './examples';
import { type EnclaveHosts, enclaveHosts } from './hosts';
import { allowsDecryption, holdsAction, isDenied, opennessOf, pathOf, statementsOnAttestation } from './key-policy';

const DATA_KEYS = ['kms:GenerateDataKey', 'kms:GenerateDataKeyPair'];

/**
 * A key for enclaves gives its plaintext to measured code only, on every path: each Allow has the condition itself, or a
 * Deny holds for all others. It concerns keys whose policy mentions attestation, and those that the role of an enclave's
 * host may decrypt with itself. Use through a service (`kms:ViaService`) is no use by an enclave, and a host's right
 * to decrypt with every key (`*`) says of no key that it is for enclaves.
 */
export const enclaveAttestedKeyPolicy = rule({
  id: 'EnclaveAttestedKeyPolicy',
  appliesTo: KEY_TYPES,
  level: ALWAYS_ERROR,
  annexA: ['A.4.5', 'A.6.2.5'],
  crosswalk: {
    nist80053: ['SC-12', 'SC-39', 'SI-7'],
    nistAiRmf: ['MEASURE 2.7'],
    euAiAct: ['Art. 15'],
    atlas: ['AML.T0035', 'AML.T0044'],
  },
  why: 'On one open path the parent instance, or an administrator, decrypts the model and the requests outside the enclave.',
  fix: 'Condition each Allow with StringEqualsIgnoreCase on kms:RecipientAttestation:ImageSha384, or deny everyone else with StringNotEqualsIgnoreCase.',
  claims: ['KeyPolicy.Statement.*.Condition.kms:RecipientAttestation', 'KeyPolicy.Deny.kms:RecipientAttestation'],
  beyondGuard: 'a path is open or closed by all statements of the policy together',
  check: (key, graph) => {
    const hosts = enclaveHosts(graph);
    return isForEnclaves(key, hosts) ? openPaths(key, hosts) : undefined;
  },
  compliant: keyWith(ACCOUNT, unattestedDenied('kms:Decrypt')),
  nonCompliant: keyWith(ACCOUNT, attested('kms:Decrypt')),
});

function isForEnclaves({ arn, properties: { KeyPolicy } }: GraphResource, hosts: EnclaveHosts): boolean {
  const namesHost = ({ principals }: Statement) => principals.some((principal) => hosts.roleArns.has(principal));
  return (
    statementsOnAttestation(KeyPolicy).length > 0 ||
    hosts.keyArns.has(arn) ||
    (hosts.roleArns.size > 0 && statementsOf(KeyPolicy).some((item) => namesHost(item) && allowsDecryption(item)))
  );
}

function openPaths({ properties: { KeyPolicy, KeyUsage } }: GraphResource, { roleArns }: EnclaveHosts): Violation[] {
  if (KeyPolicy instanceof Opaque) {
    return [unresolved('KeyPolicy', KeyPolicy)];
  }
  const statements = statementsOf(KeyPolicy);
  if (statements.length === 0) {
    return [violation('KeyPolicy', 'found no statement; without a policy, KMS gives the account every use')];
  }
  const reveals = textOf(KeyUsage) === 'KEY_AGREEMENT' ? 'kms:DeriveSharedSecret' : 'kms:Decrypt';
  const workloads = new Set([...roleArns, ...attestedRoles(statements)]);
  return statements.flatMap((statement) => {
    const openness = statement.effect === 'Allow' ? opennessOf(statement) : undefined;
    const open = openness ? openActions(statement, statements, reveals, workloads) : [];
    return open.length === 0
      ? []
      : [violation(pathOf(statement), `${statementName(statement)} allows ${open.join(', ')}: ${openness}`)];
  });
}

/** The principals that the policy itself expects to be attested, without whole accounts. */
function attestedRoles(statements: readonly Statement[]): string[] {
  return statements
    .filter((statement) => statement.effect === 'Allow' && opennessOf(statement) === undefined)
    .flatMap(({ principals }) => principals)
    .filter((principal) => principal.includes('/'));
}

/**
 * What an Allow without attestation gives away. Producers of data may make data keys: they hold the plaintext already;
 * the workload may not. A grant passes decryption on without the condition, unless a Deny holds for all who may get it.
 */
function openActions(
  allowed: Statement,
  statements: readonly Statement[],
  reveals: string,
  workloads: ReadonlySet<string>,
): string[] {
  const isWorkload = allowed.principals.some((principal) => workloads.has(principal));
  const grants = isDenied(reveals, [], statements) ? [] : ['kms:CreateGrant'];
  return [reveals, ...(isWorkload ? DATA_KEYS : []), ...grants].filter(
    (action) => holdsAction(allowed, action) && !isDenied(action, allowed.principals, statements),
  );
}
