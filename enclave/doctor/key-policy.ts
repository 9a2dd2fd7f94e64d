import type { ImageMeasurements } from '../image';

/** A statement of a key policy, as KMS returns it. */
export interface Statement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** One key that a statement asks for, and how. */
interface Requirement {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** What registers hold, by name. */
type Registers = Readonly<Record<string, string | undefined>>;

/** Operations that give away plaintext where no recipient is asked for. */
const PLAINTEXT = ['kms:Decrypt', 'kms:DeriveSharedSecret', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair'];
/** Ways to plaintext, or to another key, that know no attestation document. */
const SIDE_DOORS = [
  'kms:CreateGrant',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:ReplicateKey',
  'kms:UpdatePrimaryRegion',
];
/** Registers that tell an image: itself, or its signer with kernel and application. */
const TELLING = [['PCR0'], ['PCR1', 'PCR2', 'PCR8']];
const IMAGE_REGISTERS = TELLING.flat();

/** What a policy leaves open to somebody; in the words of KMS where it has one. */
export function openDoors(statements: readonly Statement[], context: Readonly<Record<string, string>>): string[] {
  const foreign = Object.entries(context).filter(([name, value]) => !statements.some(keepsOut(name, value)));
  return [
    ...PLAINTEXT.filter((action) => !isGated(statements, action)),
    ...SIDE_DOORS.filter((action) => !denials(statements, action).some((statement) => !required(statement).length)),
    ...(denials(statements, 'kms:PutKeyPolicy').some(namesWhoMay) ? [] : ['kms:PutKeyPolicy']),
    ...foreign.map(([name]) => `kms:Decrypt with another ${name}`),
  ];
}

/** Whether the policy gives plaintext to an image. */
export function admits(statements: readonly Statement[], image: ImageMeasurements): boolean {
  const allowed = statements.filter((statement) => statement.Effect === 'Allow' && concerns(statement, 'kms:Decrypt'));
  return (
    gates(statements, 'kms:Decrypt').every((gate) => names(gate, { ...image })) &&
    allowed.some((statement) => registersOf(statement).every((requirement) => names(requirement, { ...image })))
  );
}

/** Measurements that the policy admits, and that no image of `known` has. */
export function strangers(statements: readonly Statement[], known: readonly ImageMeasurements[]): string[] {
  return gates(statements, 'kms:Decrypt').flatMap((gate) =>
    gate.values
      .filter((value) => !known.some((image) => names({ ...gate, values: [value] }, { ...image })))
      .map((value) => `${registerOf(gate.key)} ${value.slice(0, 16)}…`),
  );
}

/** Who may change the policy: whether they are the right ones, the policy cannot say. */
export function policyAdministrators(statements: readonly Statement[]): readonly string[] {
  return denials(statements, 'kms:PutKeyPolicy')
    .filter(namesWhoMay)
    .flatMap((statement) => sole(statement)?.values ?? []);
}

/** Values of PCR3 that the policy asks for. @default - none: any role will do */
export function boundRoles(statements: readonly Statement[]): readonly string[] {
  return denials(statements, 'kms:Decrypt')
    .map(sole)
    .filter((requirement) => requirement !== undefined && registerOf(requirement.key) === 'PCR3')
    .flatMap((requirement) => requirement?.values ?? []);
}

/** Whether a role may ask for plaintext. */
export function allowsRole(statements: readonly Statement[], roleArn: string): boolean {
  return statements.some((statement) => {
    const names = required(statement).filter(({ key }) => /^aws:PrincipalArn$/i.test(key));
    const principals = [(statement.Principal as { AWS?: string | string[] } | undefined)?.AWS ?? []].flat();
    return (
      statement.Effect === 'Allow' &&
      concerns(statement, 'kms:Decrypt') &&
      (principals.includes(roleArn) || names.some(({ values }) => values.includes(roleArn)))
    );
  });
}

function isGated(statements: readonly Statement[], action: string): boolean {
  const asked = gates(statements, action).map(({ key }) => registerOf(key));
  return TELLING.some((registers) => registers.every((register) => asked.includes(register)));
}

/** What denials of an action ask of the image. A negated operator also holds where there is no document. */
function gates(statements: readonly Statement[], action: string): Requirement[] {
  return denials(statements, action)
    .map(sole)
    .filter((requirement) => requirement !== undefined)
    .filter(({ operator }) => /^StringNotEquals(IgnoreCase)?$/.test(operator))
    .filter(({ key }) => IMAGE_REGISTERS.includes(registerOf(key)));
}

/** Denials of an action to everybody. */
function denials(statements: readonly Statement[], action: string): Statement[] {
  return statements.filter((statement) => {
    const { Principal } = statement;
    const everybody = Principal === '*' || [(Principal as { AWS?: unknown } | undefined)?.AWS].flat().includes('*');
    return statement.Effect === 'Deny' && everybody && concerns(statement, action);
  });
}

/** In the policy of a key, `*` is the key. */
function concerns({ Action = [], Resource }: Statement, action: string): boolean {
  return [Action].flat().some((name) => [action, 'kms:*', '*'].includes(name)) && [Resource].flat().includes('*');
}

function required({ Condition = {} }: Statement): Requirement[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: [values].flat() })),
  );
}

/** All conditions of a statement must hold together: a second one would make a denial narrower. */
function sole(statement: Statement): Requirement | undefined {
  const [requirement, ...more] = required(statement);
  return more.length === 0 ? requirement : undefined;
}

/** Whoever is not named is denied; ARNs are compared with wildcards, and one of those names many. */
function namesWhoMay(statement: Statement): boolean {
  const { operator = '', key = '', values = [] } = sole(statement) ?? {};
  return (
    /^(Arn|String)NotEquals$/.test(operator) &&
    /^aws:PrincipalArn$/i.test(key) &&
    values.every((value) => !/[*?]/.test(value))
  );
}

/** Whether a statement denies ciphertext of another system or purpose. */
function keepsOut(name: string, value: string) {
  return (statement: Statement): boolean => {
    const { operator, key, values = [] } = sole(statement) ?? {};
    return (
      denials([statement], 'kms:Decrypt').length === 1 &&
      operator === 'StringNotEquals' &&
      key === `kms:EncryptionContext:${name}` &&
      values.length === 1 &&
      values[0] === value
    );
  };
}

function registersOf(statement: Statement): Requirement[] {
  return required(statement).filter(({ key }) => IMAGE_REGISTERS.includes(registerOf(key)));
}

/** `PCR0` has two names (KMS Developer Guide, "Condition keys for Nitro Enclaves"). */
function registerOf(key: string): string {
  const [, name = ''] = /^kms:RecipientAttestation:(.+)$/i.exec(key) ?? [];
  return name.toUpperCase() === 'IMAGESHA384' ? 'PCR0' : name.toUpperCase();
}

function names({ operator, key, values }: Requirement, registers: Registers): boolean {
  const measured = registers[registerOf(key)];
  return values.some((value) => (/IgnoreCase/.test(operator) ? value.toLowerCase() : value) === measured);
}
