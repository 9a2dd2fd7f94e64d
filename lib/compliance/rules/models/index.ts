import type { OmittedRule, Rule } from '../../rule';
import { sageMakerModelCardCmk } from './card-cmk';
import { sageMakerModelCardComplete } from './card-complete';
import { sageMakerModelFromRegistry } from './from-registry';
import { sageMakerModelImageDigestPinned } from './image-digest-pinned';
import { sageMakerModelInVpc } from './in-vpc';
import { sageMakerModelNetworkIsolation } from './network-isolation';
import { sageMakerModelNoPlaintextSecrets } from './no-plaintext-secrets';
import { sageMakerModelPackageApproval } from './package-approval';
import { sageMakerModelPackageCmk } from './package-cmk';
import { sageMakerModelPackageEvidence } from './package-evidence';
import { sageMakerModelPackageGroupApprovers } from './package-group-approvers';
import { sageMakerModelPackageGroupPolicy } from './package-group-policy';
import { sageMakerModelPrivateRegistry } from './private-registry';
import { sageMakerModelSafeSerialization } from './safe-serialization';

/** Rules of the model registry, models and model cards. */
export const MODELS_RULES: readonly Rule[] = [
  sageMakerModelCardCmk,
  sageMakerModelCardComplete,
  sageMakerModelFromRegistry,
  sageMakerModelImageDigestPinned,
  sageMakerModelInVpc,
  sageMakerModelNetworkIsolation,
  sageMakerModelNoPlaintextSecrets,
  sageMakerModelPackageApproval,
  sageMakerModelPackageCmk,
  sageMakerModelPackageEvidence,
  sageMakerModelPackageGroupApprovers,
  sageMakerModelPackageGroupPolicy,
  sageMakerModelPrivateRegistry,
  sageMakerModelSafeSerialization,
];

/** Proposals that became part of another rule, or none. */
export const MODELS_OMITTED: readonly OmittedRule[] = [];
