import { PalisadeError } from '../../runtime/errors';
import type { SignatureVerifier } from '../../runtime/integrity/signer';
import { type ApprovalRecord, verifyApproval } from '../../runtime/provenance';
import type { ModelPackage } from '../support/model-packages';

/** What verification reads of the outside. */
export interface PackageSource {
  describe(packageArn: string): Promise<ModelPackage>;
  /** Version of the artifact's current content. */
  currentVersion(artifact: string): Promise<string>;
  /** Text of the stored approval of a package; undefined where there is none. */
  approval(packageArn: string): Promise<string | undefined>;
}

/**
 * Holds, before anything is deployed, that a package is of the group, is approved now, and carries a signed approval
 * by a second person of exactly this artifact and image.
 *
 * Throws PALISADE-R204 for a package of another group or status, PALISADE-R205 without an approval record, and what
 * `verifyApproval` throws.
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
    throw new PalisadeError({
      code: 'PALISADE-R205',
      where: packageArn,
      problem: 'no approval record: the status was set without the second person being checked',
      fix: 'set the status to Rejected and have a second person approve it again',
    });
  }
  const artifactVersion = await source.currentVersion(found.artifact);
  const expected = { packageArn, artifact: found.artifact, artifactVersion, image: found.image };
  return verifyApproval(approval, expected, verifier);
}
