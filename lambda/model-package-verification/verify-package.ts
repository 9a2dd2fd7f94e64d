import { PalisadeError } from '../../runtime/errors';
import type { SignatureVerifier } from '../../runtime/integrity';
import { type ApprovalRecord, verifyApproval } from '../../runtime/provenance';
import { type ModelPackage, servedBy } from '../support/model-packages';

/** What verification reads of the outside. */
export interface PackageSource {
  /** Describes a package. */
  describe(packageArn: string): Promise<ModelPackage>;
  /**
   * Version of the artifact's current content; undefined where there is none. Throws PALISADE-R202 for an artifact
   * that is not in the registry.
   */
  currentVersion(artifact: string): Promise<string | undefined>;
  /** Text of the stored approval of a package; undefined where there is none. */
  approval(packageArn: string): Promise<string | undefined>;
}

/**
 * Holds, before anything is deployed, that a package is of the group, is approved now, and carries a signed approval
 * of exactly this artifact and image by the second person who changed the package last.
 *
 * The content is not read again: a version of an S3 object never changes, so the version whose SHA-256 was approved
 * is the content that was approved.
 *
 * Throws PALISADE-R204 for a package of another group or status, PALISADE-R205 without an approval record or artifact,
 * and what `servedBy` and `verifyApproval` throw.
 */
export async function verifyPackage(
  packageArn: string,
  group: string,
  source: PackageSource,
  verifier: SignatureVerifier,
): Promise<ApprovalRecord> {
  const found = await source.describe(packageArn);
  if (found.group !== group || found.approvalStatus !== 'Approved') {
    throw new PalisadeError({
      code: 'PALISADE-R204',
      where: packageArn,
      problem: `found status ${found.approvalStatus} in group ${found.group}, expected Approved in ${group}`,
      fix: 'have the package approved, then deploy again',
    });
  }
  const approval = await source.approval(packageArn);
  if (approval === undefined) {
    throw missing(packageArn, 'no approval record: the status was set, and no second person was seen yet');
  }
  const { artifact, image } = servedBy(found);
  const artifactVersion = await source.currentVersion(artifact);
  if (artifactVersion === undefined) {
    throw missing(packageArn, `its artifact ${artifact} is gone`);
  }
  const approvedBy = found.lastModifiedBy[0] ?? '';
  return verifyApproval(approval, { packageArn, artifact, artifactVersion, image, approvedBy }, verifier);
}

function missing(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-R205',
    where,
    problem,
    fix: 'wait for the event "Model Approval Decided"; if it says rejected, have a second person approve again',
  });
}
