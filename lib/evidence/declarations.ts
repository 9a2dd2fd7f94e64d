/** Something that a person states in a manifest about a control, and answers for. */
export interface Declaration {
  /** Control of Annex A. */
  readonly control: string;
  /** Where it is stated, as `file: path`. */
  readonly record: string;
  readonly statement: string;
  readonly owner: string;
  /** Somebody else than the owner, who accepted it. @default - nobody did */
  readonly approver?: string;
  /** Last day on which it holds, `YYYY-MM-DD`. @default - it has no end */
  readonly validUntil?: string;
}

/** The parts of the manifests that declarations are read from. */
export interface DeclaringManifests {
  readonly organization: {
    readonly policy: {
      readonly uri: string;
      readonly version: string;
      readonly sha256: string;
      readonly nextReview: string;
    };
    readonly roles: {
      readonly accountableExecutive: string;
      readonly riskOwner: string;
      readonly securityOfficer: string;
      readonly aiApprover: string;
    };
    readonly committees: readonly { readonly name: string; readonly chair: string; readonly reportsTo: string }[];
    readonly appetite: { readonly statement: string };
  };
  readonly systems: readonly DeclaringSystem[];
}

interface DeclaringSystem {
  readonly id: string;
  readonly owner: string;
  readonly approver: string;
  readonly purpose: string;
  readonly intendedUse: string;
  readonly prohibitedUses: readonly { readonly topic: string }[];
  readonly impact: {
    readonly tier: string;
    readonly assessedOn: string;
    readonly nextReview: string;
    readonly scores: Readonly<Record<string, number>>;
    readonly humanOverride: boolean;
  };
  readonly datasets: readonly {
    readonly name: string;
    readonly source: string;
    readonly licence: string;
    readonly quality?: unknown;
  }[];
  readonly model: {
    readonly source: string;
    readonly images?: readonly string[];
    readonly evaluation?: readonly { readonly metric: string }[];
  };
  readonly stages: Readonly<
    Record<
      string,
      { readonly approvals: readonly { readonly approver: string; readonly ticket: string }[] } | undefined
    >
  >;
}

/** What the manifests state about controls of Annex A. A statement is no enforcement: it says who answers for it. */
export function declarationsOf({ organization, systems }: DeclaringManifests): Declaration[] {
  return [...organizationDeclarations(organization), ...systems.flatMap(systemDeclarations)];
}

function organizationDeclarations({
  policy,
  roles,
  committees,
  appetite,
}: DeclaringManifests['organization']): Declaration[] {
  const { accountableExecutive: owner, riskOwner, aiApprover } = roles;
  const record = (path: string) => `manifests/organization.yaml: ${path}`;
  const reviewed = { owner, approver: aiApprover, validUntil: policy.nextReview };
  return [
    {
      control: 'A.2.2',
      record: record('policy'),
      statement: `AI policy ${policy.version} at ${policy.uri}, SHA-256 ${policy.sha256}`,
      ...reviewed,
    },
    {
      control: 'A.2.4',
      record: record('policy.nextReview'),
      statement: `The policy is reviewed by ${policy.nextReview}`,
      ...reviewed,
    },
    {
      control: 'A.3.2',
      record: record('roles'),
      statement: `Roles are held by ${[...new Set(Object.values(roles))].join(', ')}`,
      owner,
      approver: riskOwner,
    },
    ...committees.map(({ name, chair, reportsTo }) => ({
      control: 'A.3.2',
      record: record('committees'),
      statement: `${name} oversees AI and reports to ${reportsTo}`,
      owner: chair,
      approver: riskOwner,
    })),
    { control: 'A.9.3', record: record('appetite'), statement: appetite.statement, owner, approver: riskOwner },
  ];
}

function systemDeclarations(system: DeclaringSystem): Declaration[] {
  const { id, owner, approver, impact, datasets, model, stages } = system;
  const declare = (control: string, path: string, statement: string, validUntil?: string): Declaration => ({
    control,
    record: `manifests/systems/${id}.yaml: ${path}`,
    statement,
    owner,
    approver,
    ...(validUntil && { validUntil }),
  });
  const assessed = `Impact ${impact.tier}, assessed on ${impact.assessedOn}`;
  const score = (name: string) => `${name} ${impact.scores[name] ?? 0} of 3`;
  return [
    declare(
      'A.4.3',
      'datasets',
      `${datasets.length} datasets: ${datasets.map(({ name }) => name).join(', ') || 'none'}`,
    ),
    declare('A.5.2', 'impact', assessed, impact.nextReview),
    declare('A.5.3', 'impact', assessed, impact.nextReview),
    declare(
      'A.5.4',
      'impact.scores',
      ['privacy', 'fairness', 'autonomy', 'legalEffect'].map(score).join(', '),
      impact.nextReview,
    ),
    declare('A.5.5', 'impact.scores.society', score('society'), impact.nextReview),
    declare('A.6.2.2', 'purpose', system.purpose),
    declare(
      'A.9.2',
      'prohibitedUses',
      `${system.prohibitedUses.length} prohibited uses; a person can ${impact.humanOverride ? '' : 'not '}override`,
    ),
    declare('A.9.4', 'intendedUse', system.intendedUse),
    ...(model.images?.length ? [declare('A.4.4', 'model.images', `Images by digest: ${model.images.join(', ')}`)] : []),
    ...(model.evaluation?.length
      ? [
          declare(
            'A.6.1.2',
            'model.evaluation',
            `Objectives: ${model.evaluation.map(({ metric }) => metric).join(', ')}`,
          ),
        ]
      : []),
    ...datasets.flatMap(({ name, source, licence, quality }) => [
      declare('A.7.3', `datasets.${name}`, `${source} (${licence})`),
      ...(quality
        ? [declare('A.7.4', `datasets.${name}.quality`, `Bounds for ${Object.keys(quality).join(', ')}`)]
        : []),
    ]),
    ...Object.entries(stages).flatMap(([stage, deployment]) =>
      (deployment?.approvals ?? []).map((approval) => ({
        ...declare('A.6.2.5', `stages.${stage}.approvals`, `Approved for ${stage} under ${approval.ticket}`),
        approver: approval.approver,
      })),
    ),
  ];
}

/** Whether a declaration counts: somebody else than its owner accepted it, and its time has not run out. */
export function holds({ owner, approver, validUntil }: Declaration, asOf: string): boolean {
  return approver !== undefined && approver !== owner && (validUntil === undefined || validUntil >= asOf);
}
