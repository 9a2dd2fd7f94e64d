import type { OmittedRule, Rule } from '../../rule';
import { enclaveAttestedKeyPolicy } from './attested-key-policy';
import { ec2EbsCmk } from './ebs-cmk';
import { enclaveEnabledWhenRequired } from './enabled-when-required';
import { enclaveHostHardened } from './host-hardened';
import { enclaveHostInstanceType } from './host-instance-type';
import { ec2ImdsV2 } from './imds-v2';
import { enclaveKeyReEncryption } from './key-re-encryption';
import { enclaveNitroTpmAlternative } from './nitro-tpm-alternative';
import { enclavePcrNotDebug } from './pcr-not-debug';

/** Rules of Nitro Enclaves and the instances that host them. */
export const ENCLAVE_RULES: readonly Rule[] = [
  ec2EbsCmk,
  ec2ImdsV2,
  enclaveAttestedKeyPolicy,
  enclaveEnabledWhenRequired,
  enclaveHostHardened,
  enclaveHostInstanceType,
  enclaveKeyReEncryption,
  enclaveNitroTpmAlternative,
  enclavePcrNotDebug,
];

/** Proposals that became part of another rule, or none. */
export const ENCLAVE_OMITTED: readonly OmittedRule[] = [];
