/** One weaker form of a policy document. */
export interface WeakerDocument {
  /** What differs, as paths below the document: `Statement.0.Principal`, `Deny.aws:SecureTransport`. */
  readonly touches: readonly string[];
  readonly kind: string;
  readonly change: string;
  readonly document: unknown;
}

interface RawStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Change = Pick<WeakerDocument, 'kind' | 'touches' | 'change'> & { readonly to?: RawStatement };

/**
 * Wider principals, actions and resources, conditions lost, denials lost: for every statement of a policy document.
 * A denial and a condition are called by the keys that they test, a denial without conditions by its actions.
 */
export function weakerDocuments(type: string, value: unknown): WeakerDocument[] {
  const statements = statementsIn(value);
  return statements.flatMap((statement, index) =>
    (statement.Effect === 'Deny' ? [dropped(statement)] : widened(type, statement, index)).map(
      ({ kind, touches, change, to }) => ({
        kind,
        touches,
        change: `${nameOf(statement)}: ${change}`,
        document: { ...(value as object), Statement: statements.toSpliced(index, 1, ...(to ? [to] : [])) },
      }),
    ),
  );
}

/** Whether a value is a policy document. */
export function isPolicy(value: unknown): boolean {
  return statementsIn(value).length > 0;
}

/** Statements of a policy document; none if the value is something else. */
function statementsIn(value: unknown): RawStatement[] {
  const { Statement = [] } = (value ?? {}) as { Statement?: RawStatement | RawStatement[] };
  const statements = [Statement].flat();
  return statements.every((item) => typeof item === 'object' && 'Effect' in item) ? statements : [];
}

/** Statements without an id go by what they are about. */
function nameOf(statement: RawStatement): string {
  return statement.Sid ?? `${statement.Effect} ${actionsOf(statement)[0]}`;
}

function dropped(statement: RawStatement): Change {
  const keys = conditionKeys(statement);
  const actions = actionsOf(statement);
  const both = actions.flatMap((action) => keys.map((key) => `${action}.${key}`));
  const names = keys.length > 0 ? [...keys, ...both] : actions;
  return { kind: 'denial lost', touches: names.map((name) => `Deny.${name}`), change: 'dropped' };
}

function widened(type: string, statement: RawStatement, index: number): Change[] {
  const at = (element: string) => `Statement.${index}.${element}`;
  const { Condition: _, ...unconditional } = statement;
  const keys = conditionKeys(statement);
  const everyone = statement.Principal === undefined || isEveryone(statement.Principal);
  const everything = isEverything(statement.Resource) || !namesResources(type, statement);
  return [
    ...(everyone
      ? []
      : [
          {
            kind: 'wider principal',
            touches: [at('Principal')],
            change: 'any principal',
            to: { ...unconditional, Principal: '*' },
          },
        ]),
    ...(everything
      ? []
      : [
          {
            kind: 'wider resource',
            touches: [at('Resource')],
            change: keys.length > 0 ? `any resource with ${keys[0]}` : 'any resource',
            to: { ...statement, Resource: '*' },
          },
        ]),
    ...widerActions(statement).map((action) => ({
      ...{
        kind: 'wider action',
        touches: [at('Action')],
        change: `action ${action}`,
        to: { ...statement, Action: action },
      },
    })),
    ...(keys.length === 0
      ? []
      : [
          {
            kind: 'condition lost',
            touches: keys.map((key) => at(`Condition.${key}`)),
            change: 'no condition',
            to: unconditional,
          },
        ]),
    ...attestationMutants(statement, at),
  ];
}

/** In the policy of a resource, all actions of its service are all that there are. */
function widerActions(statement: RawStatement): string[] {
  const [service] = actionsOf(statement)[0]?.split(':') ?? [];
  const all = [`${service}:*`, '*'];
  const wider = statement.Principal === undefined ? all : ['*'];
  const isAll = actionsOf(statement).includes('*') || (statement.Principal && actionsOf(statement).includes(all[0]));
  return service === undefined || isAll ? [] : wider.filter((action) => !actionsOf(statement).includes(action));
}

const ATTESTATION = /^kms:RecipientAttestation:/;
const OF_TPM = /NitroTPM/;

/** What a key asks of an enclave: measurements of debug mode, and, of several, each left out. */
function attestationMutants(statement: RawStatement, at: (element: string) => string): Change[] {
  const measured = Object.entries(statement.Condition ?? {}).flatMap(([operator, block]) =>
    Object.keys(block)
      .filter((key) => ATTESTATION.test(key))
      .map((key) => ({ operator, key, block })),
  );
  const withBlock = (operator: string, block: object) => ({
    ...statement,
    Condition: { ...statement.Condition, [operator]: block } as RawStatement['Condition'],
  });
  return measured.flatMap(({ operator, key, block }) => {
    const { [key]: _, ...others } = block;
    const touches = [at(`Condition.${key}`)];
    return [
      ...(OF_TPM.test(key)
        ? []
        : [
            {
              kind: 'attestation',
              touches,
              change: `${key} of debug mode`,
              to: withBlock(operator, { ...block, [key]: '0'.repeat(96) }),
            },
          ]),
      ...(Object.keys(others).length > 0
        ? [{ kind: 'attestation', touches, change: `without ${key}`, to: withBlock(operator, others) }]
        : []),
    ];
  });
}

/** A resource policy concerns its own resource, whatever it says; an endpoint's policy, all that lies behind it. */
function namesResources(type: string, { Principal, Resource }: RawStatement): boolean {
  return Resource !== undefined && (Principal === undefined || type === 'AWS::EC2::VPCEndpoint');
}

function isEveryone(principal: unknown): boolean {
  return principal === '*' || (principal as { AWS?: unknown } | undefined)?.AWS === '*';
}

function isEverything(resource: unknown): boolean {
  return [resource].flat().includes('*');
}

function actionsOf({ Action = [] }: RawStatement): readonly string[] {
  return [Action].flat();
}

function conditionKeys({ Condition = {} }: RawStatement): string[] {
  return [...new Set(Object.values(Condition).flatMap((block) => Object.keys(block)))];
}
