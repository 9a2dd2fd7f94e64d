/** A model package that has served, and how it did. */
export interface Candidate {
  /** ARN of the model package. */
  readonly packageArn: string;
  /** Endpoint configuration that serves it. */
  readonly configuration: string;
  /** Whether it is approved now, with the signed record of a second person. */
  readonly approved: boolean;
}

/** What a decision looks at. */
export interface Facts {
  /** What serves now. */
  readonly serving: Candidate;
  /** What has served, the newest first, whose endpoint configuration still exists. */
  readonly candidates: readonly Candidate[];
  /** ARNs of the packages that nobody may go back to. */
  readonly quarantined: ReadonlySet<string>;
  /** Whether there is a smoke set: without one nothing that is switched to can be proven. */
  readonly provable: boolean;
  /** Configurations that this incident meant to switch to. */
  readonly chosen: readonly string[];
  /** Those of them that it has switched to. */
  readonly tried: readonly string[];
  /** What the smoke set said of what serves now, if it was asked since the switch. */
  readonly smoke?: 'passed' | 'failed';
}

/** The next step of a rollback. */
export type Step =
  /** Serve this one. */
  | { readonly step: 'switch'; readonly to: Candidate; readonly reason: string }
  /** Ask what serves now the smoke set. */
  | { readonly step: 'smoke'; readonly reason: string }
  /** Never go back to what serves now, and go on. */
  | { readonly step: 'quarantine'; readonly reason: string }
  /** Nothing may serve: stop the gateway. */
  | { readonly step: 'fall-back'; readonly reason: string }
  /** Nothing is left to do. */
  | { readonly step: 'done'; readonly outcome: 'rolled-back' | 'superseded'; readonly reason: string };

/**
 * What to do about a model whose answers drifted, given what is the case: not what was done before, so that a run which was
 * interrupted anywhere goes on where it is. The newest version that is approved, not in quarantine and not yet tried serves, and must
 * pass the smoke set; where there is none, nothing serves.
 */
export function nextStep({ serving, candidates, quarantined, provable, chosen, tried, smoke }: Facts): Step {
  if (!provable) {
    return { step: 'fall-back', reason: 'there is no smoke set, so no version can be proven' };
  }
  if (quarantined.has(serving.packageArn)) {
    const to = candidates.find(
      ({ packageArn, configuration, approved }) =>
        approved && !quarantined.has(packageArn) && !tried.includes(configuration),
    );
    return to
      ? { step: 'switch', to, reason: `the newest approved version that is not in quarantine, of ${candidates.length}` }
      : {
          step: 'fall-back',
          reason: `none of ${candidates.length} versions is approved, not in quarantine and untried`,
        };
  }
  if (!chosen.includes(serving.configuration)) {
    return { step: 'done', outcome: 'superseded', reason: 'another version was deployed meanwhile' };
  }
  if (!serving.approved) {
    return { step: 'quarantine', reason: 'its approval was withdrawn meanwhile' };
  }
  if (smoke === undefined) {
    return { step: 'smoke', reason: 'it serves, and was not asked yet' };
  }
  return smoke === 'passed'
    ? { step: 'done', outcome: 'rolled-back', reason: 'it serves and passed the smoke set' }
    : { step: 'quarantine', reason: 'it did not pass the smoke set' };
}
