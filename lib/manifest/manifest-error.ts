import { PalisadeError } from '../../runtime/errors';
import type { ManifestCode } from './codes';

/** All faults of the manifests at once: `errors` holds one coded error for each, in the order of the files. */
export class ManifestError extends PalisadeError {
  /** Never empty. */
  readonly errors: readonly PalisadeError[];

  constructor(folder: string, errors: readonly PalisadeError[]) {
    super({
      code: 'PALISADE-M001' satisfies ManifestCode,
      where: folder,
      problem: `found ${errors.length} fault${errors.length === 1 ? '' : 's'}, none is allowed`,
      fix: 'correct each fault listed below',
    });
    this.name = 'ManifestError';
    this.errors = errors;
    this.message = [this.message, ...errors.map((error) => error.message)].join('\n');
  }
}

/** Makes the error for one fault of one file: `path` is a key path such as `stages.prod.approvals`, empty for the file itself. */
export type Fault = (code: ManifestCode, path: string, problem: string, fix: string) => PalisadeError;

/** The fault maker of one file. */
export function faultsIn(file: string): Fault {
  return (code, path, problem, fix) =>
    new PalisadeError({ code, where: path === '' ? file : `${file}: ${path}`, problem, fix });
}
