import { PalisadeError } from '../../runtime/errors';
import {
  APPROVAL_FORMAT,
  type ApprovalRecord,
  isApprovalOf,
  requireAppointed,
  requireSecondPerson,
} from '../../runtime/provenance';
import { type ModelPackage, servedBy } from '../support/model-packages';

/** What the decision needs from outside. */
export interface ApprovalEffects {
  /** Describes a package. */
  describe(packageArn: string): Promise<ModelPackage>;
  /**
   * Version and SHA-256 of the artifact's current content; undefined where there is none. Throws PALISADE-R202 for an
   * artifact that is not in the registry.
   */
  digest(artifact: string): Promise<{ version: string; sha256: string } | undefined>;
  /** Text of the approval that is stored for a package; undefined where there is none. */
  stored(packageArn: string): Promise<string | undefined>;
  /** Names the package as the one to deploy. */
  appoint(packageArn: string): Promise<void>;
  /** Signs and stores the record. */
  store(record: ApprovalRecord): Promise<void>;
  /** Sets the package to Rejected, with the reason. */
  reject(packageArn: string, reason: string): Promise<void>;
  /** Takes the package back if it is the one to deploy. Answers whether it was. */
  withdraw(packageArn: string): Promise<boolean>;
  /** Records the decision in the ledger, where there is one. */
  record(decision: ApprovalDecision): Promise<void>;
  /** Tells the event bus. */
  announce(decision: ApprovalDecision): Promise<void>;
}

/** What the registry was set up with. */
export interface ApprovalRules {
  /** Name of the model package group. */
  readonly group: string;
  /** People who may approve. @default - whoever may set the status and did not ask for the model */
  readonly approvers?: readonly string[];
}

/**
 * What became of a package. `approved`: recorded, and the one to deploy. `rejected`: by a person, or because an
 * approval broke a rule. `withdrawn`: was approved, is pending again. `pending`: nothing to decide.
 */
export interface ApprovalDecision {
  readonly packageArn: string;
  readonly decision: 'approved' | 'rejected' | 'withdrawn' | 'pending';
  /** Who set the status that was found. */
  readonly decidedBy?: string;
  /** When, in ISO 8601, UTC. */
  readonly decidedAt: string;
  /** SHA-256 of what was approved. */
  readonly artifactSha256?: string;
  /** Code of the rule that was broken, where one was. */
  readonly code?: string;
  /** Why it was rejected. */
  readonly reason?: string;
}

/**
 * Answers a change of approval status. An approval by a second person, of an artifact that is still the one that was
 * registered, is signed and recorded; any other approval is turned into a rejection.
 *
 * It looks at the package as it is, not at the event, so events may come late, twice or out of order. SageMaker sends
 * several for one change; a decision that stands is announced again, and changes nothing.
 */
export async function decide(
  packageArn: string,
  rules: ApprovalRules,
  effects: ApprovalEffects,
): Promise<ApprovalDecision> {
  const found = await effects.describe(packageArn);
  const decision = await judge(found, rules, effects);
  if (decision.decision === 'pending') {
    return decision;
  }
  if (decision.decision !== 'approved') {
    await effects.record(decision);
  }
  await effects.announce(decision);
  return decision;
}

async function judge(found: ModelPackage, rules: ApprovalRules, effects: ApprovalEffects): Promise<ApprovalDecision> {
  const about = {
    packageArn: found.arn,
    decidedBy: found.lastModifiedBy[0],
    // From SageMaker rather than a clock, so that a repeated event gives the same decision.
    decidedAt: found.lastModifiedAt.toISOString(),
  };
  if (found.approvalStatus !== 'Approved') {
    // A run that ended half way took it back, and said so to nobody: what was approved once is withdrawn till it is approved again.
    const withdrawn = (await effects.withdraw(found.arn)) || (await effects.stored(found.arn)) !== undefined;
    return found.approvalStatus === 'Rejected'
      ? { ...about, decision: 'rejected', reason: found.approvalDescription }
      : { ...about, decision: withdrawn ? 'withdrawn' : 'pending' };
  }
  const outcome = await recordOf(found, rules, effects);
  if (outcome instanceof PalisadeError) {
    const reason = `${outcome.code}: ${outcome.problem}`;
    await effects.withdraw(found.arn);
    await effects.reject(found.arn, reason);
    return { ...about, decision: 'rejected', code: outcome.code, reason };
  }
  const decision: ApprovalDecision = { ...about, decision: 'approved', artifactSha256: outcome.artifactSha256 };
  await keep(outcome, decision, effects);
  return decision;
}

/** The signed record goes last: while it is missing, the package cannot be deployed and the next event repeats all. */
async function keep(record: ApprovalRecord, decision: ApprovalDecision, effects: ApprovalEffects): Promise<void> {
  if (!isApprovalOf(await effects.stored(record.packageArn), record)) {
    await effects.record(decision);
    await effects.appoint(record.packageArn);
    await effects.store(record);
  }
}

/** The record of an approval, or the rule that it broke. A failure of a service is neither, and is thrown. */
async function recordOf(
  found: ModelPackage,
  rules: ApprovalRules,
  effects: ApprovalEffects,
): Promise<ApprovalRecord | PalisadeError> {
  try {
    return await approvalOf(found, rules, effects);
  } catch (error) {
    if (error instanceof PalisadeError) {
      return error;
    }
    throw error;
  }
}

async function approvalOf(
  found: ModelPackage,
  { group, approvers }: ApprovalRules,
  effects: ApprovalEffects,
): Promise<ApprovalRecord> {
  const requestedBy = found.metadata['palisade:requestedBy'] ?? '';
  // The pipeline creates packages for people, so its own name is no answer to who asked, but it must not approve either.
  requireSecondPerson(requestedBy ? [requestedBy, ...found.createdBy] : [], found.lastModifiedBy);
  if (approvers) {
    requireAppointed(found.lastModifiedBy, approvers);
  }
  if (found.group !== group) {
    throw refused(found.arn, `the package is of group '${found.group}', not '${group}'`);
  }
  const { image, artifact } = servedBy(found);
  if (image !== found.metadata['palisade:image']) {
    throw refused(found.arn, 'the image is not the one that was registered');
  }
  const content = await effects.digest(artifact);
  if (!content || content.sha256 !== found.metadata['palisade:artifactSha256']) {
    throw refused(found.arn, 'the artifact is not the one that was scanned and registered');
  }
  return {
    format: APPROVAL_FORMAT,
    packageArn: found.arn,
    artifact,
    artifactVersion: content.version,
    artifactSha256: content.sha256,
    image,
    requestedBy,
    approvedBy: found.lastModifiedBy[0],
    approvedAt: found.lastModifiedAt.toISOString(),
  };
}

function refused(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-R203',
    where,
    problem,
    fix: 'register the model again through the training pipeline',
  });
}
