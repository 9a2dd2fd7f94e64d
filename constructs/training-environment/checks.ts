import type { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import type { MetricThreshold } from '../../runtime/training/evaluation';
import type { QualityThresholds } from '../../runtime/training/quality';
import type { ContainerImage } from './contracts';

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const INSTANCE_TYPE = /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/;
/** Families with NVMe instance storage: `d` variants, storage families, and accelerators since G4 (Amazon EC2, "Instance store volumes"). */
const LOCAL_STORAGE = /^ml\.([a-z]+\d+[a-z]*d[a-z]*|i\d[a-z]*|g[4-9][a-z]*|gr\d[a-z]*|p[4-9][a-z]*|trn\d[a-z]*)\./;
/** SageMaker stops a job after 28 days (API_StoppingCondition). */
const MAXIMUM_RUNTIME_SECONDS = 28 * 86_400;

/** Images are named by digest. Throws PALISADE-T001. */
export function requireDigest(scope: Construct, images: ContainerImage[]): void {
  for (const { digest } of images) {
    if (!DIGEST.test(digest)) {
      throw refused(scope, 'T001', `'${digest}' is not an image digest`, "use 'sha256:' and 64 hexadecimal digits");
    }
  }
}

/** Instance types that SageMaker knows, and whose volumes take a customer-managed key. Throws PALISADE-T002. */
export function requireInstanceTypes(scope: Construct, types: string[]): void {
  const wrong = types.find((type) => !INSTANCE_TYPE.test(type) || LOCAL_STORAGE.test(type));
  if (types.length === 0 || wrong !== undefined) {
    throw refused(
      scope,
      'T002',
      wrong ? `'${wrong}' is no SageMaker instance type without local storage` : 'no instance type',
      "name types such as 'ml.m5.xlarge': SageMaker refuses VolumeKmsKeyId for types with local storage",
    );
  }
}

/** Thresholds that a dataset can reach and fail. Throws PALISADE-T003. */
export function requireQuality(scope: Construct, quality: QualityThresholds, labelColumn?: string): void {
  const { minimumRows, completeness, uniqueness, classBalance } = quality;
  const possible =
    Number.isInteger(minimumRows) &&
    minimumRows >= 1 &&
    [completeness, uniqueness].every((share) => share >= 0 && share <= 1) &&
    classBalance >= 0 &&
    classBalance <= 0.5;
  if (!possible || (classBalance > 0 && labelColumn === undefined)) {
    throw refused(
      scope,
      'T003',
      `quality thresholds ${JSON.stringify(quality)} with label column ${labelColumn ?? 'none'}`,
      'give at least 1 row, shares from 0 to 1, a class balance from 0 to 0.5 and a label column with it',
    );
  }
}

/** At least one metric with a bound. Throws PALISADE-T003. */
export function requireEvaluation(scope: Construct, thresholds: MetricThreshold[]): void {
  const open = thresholds.find(({ metric, minimum, maximum }) => {
    const bounds = [minimum, maximum].filter((bound) => bound !== undefined);
    const crossed = minimum !== undefined && maximum !== undefined && minimum > maximum;
    return metric === '' || bounds.length === 0 || !bounds.every(Number.isFinite) || crossed;
  });
  if (thresholds.length === 0 || open) {
    throw refused(
      scope,
      'T003',
      open ? `metric '${open.metric}' has no bounds that a value can keep` : 'no evaluation thresholds',
      'name at least one metric with a minimum or maximum',
    );
  }
}

/** A time that SageMaker allows. Throws PALISADE-T005. */
export function requireRuntime(scope: Construct, runtime: Duration): void {
  const seconds = runtime.toSeconds();
  if (seconds < 60 || seconds > MAXIMUM_RUNTIME_SECONDS) {
    throw refused(scope, 'T005', `a maximum runtime of ${seconds} seconds`, 'choose from 1 minute to 28 days');
  }
}

function refused(scope: Construct, number: string, problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code: `PALISADE-${number}`, where: scope.node.path, problem, fix });
}
