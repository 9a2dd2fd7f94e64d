import { PalisadeError } from '../errors';
import { createManifest, type DatasetManifest, MANIFEST_FORMAT } from './manifest';
import { type DatasetSeal, SEAL_ALGORITHM, type SealSignature, sealText } from './seal';

const MANIFEST_FIELDS = ['dataset', 'format', 'objects', 'purpose', 'root', 'sealedAt', 'version'];
const SIGNATURE_FIELDS = ['algorithm', 'keyId', 'value'];

/**
 * Reads the stored text of a seal. Form only: `verifySeal` says whether it is true.
 *
 * The text must be exactly what `sealText` writes. So there is one text per seal, and a parser elsewhere cannot read
 * another meaning into duplicate names or white space. Throws PALISADE-S006.
 */
export function readSeal(text: string, where = 'seal'): DatasetSeal {
  try {
    const { manifest, signature } = fieldsOf(JSON.parse(text), ['manifest', 'signature']);
    const seal = { manifest: readManifest(manifest), signature: readSignature(signature) };
    must(sealText(seal) === text, 'not in canonical form');
    return seal;
  } catch (error) {
    throw new PalisadeError({
      code: 'PALISADE-S006',
      where,
      problem: `not a seal: ${error instanceof PalisadeError ? error.problem : (error as Error).message}`,
      fix: 'take the file that sealing wrote, unchanged; else seal the data again as a new version',
    });
  }
}

/** The objects and names are checked by writing the manifest again; the root is left for `verifySeal` to judge. */
function readManifest(value: unknown): DatasetManifest {
  const fields = fieldsOf(value, MANIFEST_FIELDS);
  must(fields.format === MANIFEST_FORMAT, `format is not ${MANIFEST_FORMAT}`);
  must(Array.isArray(fields.objects), 'objects is not a list');
  must(typeof fields.root === 'string', 'root is not text');
  for (const object of fields.objects as unknown[]) {
    fieldsOf(object, ['key', 'sha256', 'size']);
  }
  const about = fields as unknown as DatasetManifest;
  const sealedAt = new Date(about.sealedAt);
  must(!Number.isNaN(sealedAt.getTime()), 'sealedAt is not a time');
  return { ...createManifest(about, about.objects, sealedAt), root: about.root };
}

function readSignature(value: unknown): SealSignature {
  const { algorithm, keyId, value: signature } = fieldsOf(value, SIGNATURE_FIELDS);
  must(algorithm === SEAL_ALGORITHM, `algorithm is not ${SEAL_ALGORITHM}`);
  must(typeof keyId === 'string' && keyId.length > 0, 'no key');
  must(typeof signature === 'string' && isBase64(signature), 'the signature is not base64');
  return { algorithm: SEAL_ALGORITHM, keyId: keyId as string, value: signature as string };
}

/** What else an object holds shows when the seal is written again without it. */
function fieldsOf(value: unknown, names: string[]): Record<string, unknown> {
  must(typeof value === 'object' && value !== null && !Array.isArray(value), 'an object is missing');
  const fields = value as Record<string, unknown>;
  const missing = names.find((name) => !Object.hasOwn(fields, name));
  must(missing === undefined, `${missing} is missing`);
  return fields;
}

/** Decoders ignore what does not belong; only the text that encoding gives is accepted. */
function isBase64(text: string): boolean {
  return text.length > 0 && Buffer.from(text, 'base64').toString('base64') === text;
}

function must(condition: boolean, problem: string): void {
  if (!condition) {
    throw new TypeError(problem);
  }
}
