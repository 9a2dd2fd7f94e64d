import { PalisadeError } from '../../runtime/errors';
import { type ApprovalRecord, requireSecondPerson } from '../../runtime/provenance';
import type { ModelPackage } from '../support/model-packages';

/** What the decision does to the outside. */
export interface ApprovalEffects {
  /** Describes a package. */
  describe(packageArn: string): Promise<ModelPackage>;
  /** Version and SHA-256 of the artifact's current content. */
  digest(artifact: string): Promise<{ version: string; sha256: string }>;
  /** Signs and stores the record, and names the package as the one to deploy. */
  record(record: ApprovalRecord): Promise<void>;
  /** Sets the package to Rejected, with the reason. */
  reject(packageArn: string, reason: string): Promise<void>;
  /** Takes the package back if it is the one to deploy. */
  withdraw(packageArn: string): Promise<void>;
  /** Tells the event bus. */
  announce(decision: ApprovalDecision): Promise<void>;
}

/** What became of a change of a package's approval status. */
export interface ApprovalDecision {
  readonly packageArn: string;
  readonly decision: 'approved' | 'rejected' | 'withdrawn';
  /** Code of the rule that was broken, where one was. */
  readonly code?: string;
}

/**
 * Answers a change of approval status. An approval by a second person, of an artifact that is still the one that was
 * registered, is signed and recorded; any other approval is turned into a rejection.
 */
export async function decide(
  packageArn: string,
  group: string,
  now: Date,
  effects: ApprovalEffects,
): Promise<ApprovalDecision> {
  const found = await effects.describe(packageArn);
  const decision = await judge(found, group, now, effects);
  await effects.announce(decision);
  return decision;
}

async function judge(
  found: ModelPackage,
  group: string,
  now: Date,
  effects: ApprovalEffects,
): Promise<ApprovalDecision> {
  const packageArn = found.arn;
  if (found.approvalStatus !== 'Approved') {
    await effects.withdraw(packageArn);
    return { packageArn, decision: 'withdrawn' };
  }
  try {
    await effects.record(await approvalOf(found, group, now, effects));
    return { packageArn, decision: 'approved' };
  } catch (error) {
    if (!(error instanceof PalisadeError)) {
      throw error;
    }
    await effects.reject(packageArn, `${error.code}: ${error.problem}`);
    return { packageArn, decision: 'rejected', code: error.code };
  }
}

async function approvalOf(
  found: ModelPackage,
  group: string,
  now: Date,
  effects: ApprovalEffects,
): Promise<ApprovalRecord> {
  const requestedBy = found.metadata['palisade:requestedBy'];
  requireSecondPerson(requestedBy, found.lastModifiedBy);
  if (found.group !== group) {
    throw refused(found.arn, `the package is of group '${found.group}', not '${group}'`);
  }
  const { version, sha256 } = await effects.digest(found.artifact);
  if (sha256 !== found.metadata['palisade:artifactSha256']) {
    throw refused(found.arn, 'the artifact is not the one that was scanned and registered');
  }
  return {
    packageArn: found.arn,
    artifact: found.artifact,
    artifactVersion: version,
    artifactSha256: sha256,
    image: found.image,
    requestedBy,
    approvedBy: found.lastModifiedBy ?? '',
    approvedAt: now.toISOString(),
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
