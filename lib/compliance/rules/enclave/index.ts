import type { OmittedRule, Rule } from '../../rule';
import { enclaveAttestedKeyPolicy } from './attested-key-policy';
import { enclaveDeploymentBinding } from './deployment-binding';
import { ec2EbsCmk } from './ebs-cmk';
import { enclaveEnabledWhenRequired } from './enabled-when-required';
import { enclaveFleetServes } from './fleet-serves';
import { enclaveHostHardened } from './host-hardened';
import { enclaveHostIngress } from './host-ingress';
import { enclaveHostInstanceType } from './host-instance-type';
import { ec2ImdsV2 } from './imds-v2';
import { enclaveKeyContext } from './key-context';
import { enclaveKeyPolicyOwner } from './key-policy-owner';
import { enclaveKeyReEncryption } from './key-re-encryption';
import { enclaveKeySingleRegion } from './key-single-region';
import { enclaveKeyUseAlarmed } from './key-use-alarmed';
import { enclaveMeasurementsAgree } from './measurements-agree';
import { enclaveNitroTpmAlternative } from './nitro-tpm-alternative';
import { enclavePcrNotDebug } from './pcr-not-debug';
import { enclaveRolloutBounded } from './rollout-bounded';
import { enclaveSignerWithImage } from './signer-with-image';

/** Rules of Nitro Enclaves and the instances that host them. */
export const ENCLAVE_RULES: readonly Rule[] = [
  ec2EbsCmk,
  ec2ImdsV2,
  enclaveAttestedKeyPolicy,
  enclaveDeploymentBinding,
  enclaveEnabledWhenRequired,
  enclaveFleetServes,
  enclaveHostHardened,
  enclaveHostIngress,
  enclaveHostInstanceType,
  enclaveKeyContext,
  enclaveKeyPolicyOwner,
  enclaveKeyReEncryption,
  enclaveKeySingleRegion,
  enclaveKeyUseAlarmed,
  enclaveMeasurementsAgree,
  enclaveNitroTpmAlternative,
  enclavePcrNotDebug,
  enclaveRolloutBounded,
  enclaveSignerWithImage,
];

/** Proposals that became part of another rule, or none. */
export const ENCLAVE_OMITTED: readonly OmittedRule[] = [];
