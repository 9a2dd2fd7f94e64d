import { type DatasetVersion, requireName } from '../../runtime/integrity';
import { refusal } from './refusal';

/**
 * Reads `{dataset, version, purpose?}`; `name` stands for `dataset`, as in the request of a training run.
 *
 * @param purposes what the vault serves; the first is the default
 */
export function parseRequest(event: unknown, purposes: readonly string[]): DatasetVersion {
  const fields = (event ?? {}) as Record<string, unknown>;
  const purpose = requireName('purpose', fields.purpose ?? purposes[0]);
  if (!purposes.includes(purpose)) {
    throw refusal(
      'PALISADE-D201',
      'purpose',
      `this vault does not serve '${purpose}'; it serves ${purposes.join(', ')}`,
      'name one of its purposes, or add the purpose to the DatasetVault',
    );
  }
  return {
    dataset: requireName('dataset', fields.dataset ?? fields.name),
    version: requireName('version', fields.version),
    purpose,
  };
}
