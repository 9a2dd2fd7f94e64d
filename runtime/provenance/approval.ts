import { createHash } from 'node:crypto';
import { PalisadeError } from '../errors';
import { canonicalJson } from '../integrity/canonical-json';
import type { SignatureVerifier, Signer } from '../integrity/signer';

/** What a second person approved: this package, with this artifact and image. */
export interface ApprovalRecord {
  /** ARN of the model package version. */
  readonly packageArn: string;
  /** S3 URI of the artifact. */
  readonly artifact: string;
  /** Version of the artifact's object; a version never changes. */
  readonly artifactVersion: string;
  /** SHA-256 of the artifact, in lower-case hexadecimal digits. */
  readonly artifactSha256: string;
  /** Image that serves it. */
  readonly image: string;
  /** Who asked for the model to be registered. */
  readonly requestedBy: string;
  /** Who approved it. */
  readonly approvedBy: string;
  /** When the approval was recorded, ISO 8601 in UTC. */
  readonly approvedAt: string;
}

/** An approval record with its signature, as it is stored. */
export interface SignedApproval {
  readonly record: ApprovalRecord;
  readonly keyId: string;
  /** ECDSA P-384 over the SHA-384 of the record's canonical JSON, DER in base64. */
  readonly signature: string;
}

const FIELDS: readonly (keyof ApprovalRecord)[] = [
  'packageArn',
  'artifact',
  'artifactVersion',
  'artifactSha256',
  'image',
  'requestedBy',
  'approvedBy',
  'approvedAt',
];

/**
 * Holds that the approver is somebody else than the requester.
 *
 * People are compared by the last part of their name in lower case, so that a session
 * `arn:aws:sts::111122223333:assumed-role/Approver/jane@example.com` is the person `jane@example.com`.
 * Throws PALISADE-R101 when one of them is unknown, PALISADE-R102 when they are the same.
 */
export function requireSecondPerson(requestedBy: string | undefined, approvedBy: string | undefined): void {
  const requester = personOf(requestedBy);
  const approver = personOf(approvedBy);
  if (!requester || !approver) {
    throw new PalisadeError({
      code: 'PALISADE-R101',
      where: requester ? 'approver' : 'requester',
      problem: 'not known, so nobody can tell that two people agreed',
      fix: 'register through the training pipeline, and approve with a role session that names the person',
    });
  }
  if (requester === approver) {
    throw new PalisadeError({
      code: 'PALISADE-R102',
      where: 'approver',
      problem: `${approver} requested the model and approved it`,
      fix: 'have a second person approve it',
    });
  }
}

function personOf(name: string | undefined): string {
  return (name ?? '').split('/').at(-1)?.trim().toLowerCase() ?? '';
}

/** Signs a record. */
export async function signApproval(record: ApprovalRecord, signer: Signer): Promise<SignedApproval> {
  const signature = await signer.sign(digestOf(record));
  return { record, keyId: signer.keyId, signature: Buffer.from(signature).toString('base64') };
}

/**
 * Reads a stored approval and holds that it is signed, that two people stand behind it, and that it is about
 * `expected`. Returns the record.
 *
 * Throws PALISADE-R103 for what is not an approval, PALISADE-R104 for a signature that is not the key's,
 * PALISADE-R105 when it approves something else, PALISADE-R101 and PALISADE-R102 as `requireSecondPerson`.
 */
export async function verifyApproval(
  text: string,
  expected: Pick<ApprovalRecord, 'packageArn' | 'artifact' | 'artifactVersion' | 'image'>,
  verifier: SignatureVerifier,
): Promise<ApprovalRecord> {
  const { record, keyId, signature } = parse(text);
  if (!(await verifier.verify(digestOf(record), Buffer.from(signature, 'base64'), keyId))) {
    throw new PalisadeError({
      code: 'PALISADE-R104',
      where: record.packageArn,
      problem: 'the approval is not signed by the key of the registry',
      fix: 'approve the package again; find out who wrote the record',
    });
  }
  for (const field of ['packageArn', 'artifact', 'artifactVersion', 'image'] as const) {
    if (record[field] !== expected[field]) {
      throw new PalisadeError({
        code: 'PALISADE-R105',
        where: `${expected.packageArn}: ${field}`,
        problem: `approved '${record[field]}', found '${expected[field]}'`,
        fix: 'deploy what was approved, or have this approved',
      });
    }
  }
  requireSecondPerson(record.requestedBy, record.approvedBy);
  return record;
}

function parse(text: string): SignedApproval {
  const value = parseJson(text) as Partial<SignedApproval> | undefined;
  const record = value?.record as unknown as Record<string, unknown> | undefined;
  const complete =
    record !== undefined &&
    record !== null &&
    Object.keys(record).length === FIELDS.length &&
    FIELDS.every((field) => typeof record[field] === 'string');
  if (!complete || typeof value?.keyId !== 'string' || typeof value.signature !== 'string') {
    throw new PalisadeError({
      code: 'PALISADE-R103',
      where: 'approval',
      problem: 'not an approval record',
      fix: 'approve the package again',
    });
  }
  return value as SignedApproval;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

function digestOf(record: ApprovalRecord): Uint8Array {
  return createHash('sha384')
    .update(canonicalJson({ ...record }))
    .digest();
}
