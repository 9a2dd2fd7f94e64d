import { createHash } from 'node:crypto';
import { PalisadeError } from '../errors';
import { canonicalJson } from '../integrity/canonical-json';
import type { SignatureVerifier, Signer } from '../integrity/signer';
import { requireSecondPerson } from './second-person';

/** First field of every record: the key that signs approvals signs dataset seals too, and neither passes for the other. */
export const APPROVAL_FORMAT = 'palisade/model-approval/1';

/** What a second person approved: this package, with this artifact and image. */
export interface ApprovalRecord {
  /** Always `APPROVAL_FORMAT`. */
  readonly format: string;
  /** ARN of the model package version. */
  readonly packageArn: string;
  /** S3 URI of the artifact. */
  readonly artifact: string;
  /** Version of the artifact's object; a version never changes. */
  readonly artifactVersion: string;
  /** SHA-256 of the artifact, in lower-case hexadecimal digits. */
  readonly artifactSha256: string;
  /** Image that serves it, by digest. */
  readonly image: string;
  /** Who asked for the model to be registered. */
  readonly requestedBy: string;
  /** Who approved it. */
  readonly approvedBy: string;
  /** When the status was set, ISO 8601 in UTC. */
  readonly approvedAt: string;
}

/** An approval record with its signature, as it is stored. */
export interface SignedApproval {
  /** What was approved. */
  readonly record: ApprovalRecord;
  /** ARN of the key. */
  readonly keyId: string;
  /** ECDSA P-384 over the SHA-384 of the record's canonical JSON, DER in base64. */
  readonly signature: string;
}

/** What is deployed, for comparison with what was approved. */
export type DeployedModel = Pick<
  ApprovalRecord,
  'packageArn' | 'artifact' | 'artifactVersion' | 'image' | 'approvedBy'
>;

const COMPARED: readonly (keyof DeployedModel)[] = ['packageArn', 'artifact', 'artifactVersion', 'image', 'approvedBy'];

const FIELDS: readonly (keyof ApprovalRecord)[] = [
  ...COMPARED,
  'format',
  'artifactSha256',
  'requestedBy',
  'approvedAt',
];

/** Signs a record. */
export async function signApproval(record: ApprovalRecord, signer: Signer): Promise<SignedApproval> {
  const signature = await signer.sign(digestOf(record));
  return { record, keyId: signer.keyId, signature: Buffer.from(signature).toString('base64') };
}

/** Whether a stored approval is this very record. Says nothing about its signature. */
export function isApprovalOf(text: string | undefined, record: ApprovalRecord): boolean {
  const stored = text === undefined ? undefined : parse(text);
  return stored !== undefined && canonicalJson({ ...stored.record }) === canonicalJson({ ...record });
}

/**
 * Reads a stored approval and holds that it is signed, that two people stand behind it, and that it is about
 * `deployed`. Returns the record.
 *
 * Throws PALISADE-R103 for what is not an approval, PALISADE-R104 for a signature that is not the key's,
 * PALISADE-R105 when it approves something else, PALISADE-R101 and PALISADE-R102 as `requireSecondPerson`.
 */
export async function verifyApproval(
  text: string,
  deployed: DeployedModel,
  verifier: SignatureVerifier,
): Promise<ApprovalRecord> {
  const approval = parse(text);
  if (!approval) {
    throw new PalisadeError({
      code: 'PALISADE-R103',
      where: deployed.packageArn,
      problem: 'what is stored as its approval is not an approval record',
      fix: 'approve the package again; find out who wrote the record',
    });
  }
  const { record, keyId, signature } = approval;
  if (!(await verifier.verify(digestOf(record), Buffer.from(signature, 'base64'), keyId))) {
    throw new PalisadeError({
      code: 'PALISADE-R104',
      where: deployed.packageArn,
      problem: 'the approval is not signed by the key of the registry',
      fix: 'approve the package again; find out who wrote the record',
    });
  }
  requireSame(record, deployed);
  requireSecondPerson([record.requestedBy], [record.approvedBy]);
  return record;
}

function requireSame(record: ApprovalRecord, deployed: DeployedModel): void {
  for (const field of COMPARED) {
    if (record[field] !== deployed[field]) {
      throw new PalisadeError({
        code: 'PALISADE-R105',
        where: `${deployed.packageArn}: ${field}`,
        problem: `approved '${record[field]}', found '${deployed[field]}'`,
        fix: 'deploy what was approved, or have this approved',
      });
    }
  }
}

/** The approval in a text; undefined for anything else. */
function parse(text: string): SignedApproval | undefined {
  const { record, keyId, signature } = objectIn(text);
  const fields = typeof record === 'object' && record !== null ? (record as Record<string, unknown>) : {};
  const complete =
    Object.keys(fields).length === FIELDS.length && FIELDS.every((field) => typeof fields[field] === 'string');
  if (!complete || fields.format !== APPROVAL_FORMAT || typeof keyId !== 'string' || typeof signature !== 'string') {
    return undefined;
  }
  return { record: fields as unknown as ApprovalRecord, keyId, signature };
}

function objectIn(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function digestOf(record: ApprovalRecord): Uint8Array {
  return createHash('sha384')
    .update(canonicalJson({ ...record }))
    .digest();
}
