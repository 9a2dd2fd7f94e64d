import { RemovalPolicy } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Context key of the second switch: `-c palisade:allowDataRemoval=true`. */
export const ALLOW_DATA_REMOVAL = 'palisade:allowDataRemoval';

/**
 * The removal policy of a store of data, keys or evidence.
 *
 * Data is retained unless two switches agree: the construct's `removalPolicy: DESTROY` and the context value
 * `palisade:allowDataRemoval`. Either alone retains.
 */
export function dataRemovalPolicy(scope: IConstruct, requested?: RemovalPolicy): RemovalPolicy {
  const allowed = String(scope.node.tryGetContext(ALLOW_DATA_REMOVAL)) === 'true';
  return requested === RemovalPolicy.DESTROY && allowed ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}
