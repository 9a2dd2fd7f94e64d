import { rule } from '../../define-rule';
import { ERROR_FROM_HIGH } from '../../rule';
import { KEY_TYPES } from '../keys/key-policy';
import { attestedPaths, faultOf } from './attested-paths';
import { attested, keyWith } from './examples';

const DIGEST = 'c3'.repeat(48);

/**
 * A key opens to an image on the instances of its owner: by PCR3, the role of the instance, or PCR4, its id. The measurements
 * of the image are the same wherever somebody starts it, and so is its signer (PCR8).
 *
 * Prowler: kms_key_enclave_attestation_no_deployment_binding, which also takes PCR8 or an account for a binding.
 */
export const enclaveDeploymentBinding = rule({
  id: 'EnclaveDeploymentBinding',
  appliesTo: KEY_TYPES,
  level: ERROR_FROM_HIGH,
  annexA: ['A.4.5', 'A.6.2.5'],
  crosswalk: { nist80053: ['SC-12', 'IA-3', 'AC-4'], euAiAct: ['Art. 15'], atlas: ['AML.T0035'] },
  why: 'Whoever copies the image and borrows the credentials of the role runs it on a host of their own, and studies it there.',
  fix: 'Ask for kms:RecipientAttestation:PCR3 (SHA-384 over 48 zero bytes and the ARN of the role) besides the image.',
  claims: ['PCR3', 'PCR4'].flatMap((pcr) => [
    `KeyPolicy.Statement.*.Condition.kms:RecipientAttestation:${pcr}`,
    `KeyPolicy.Deny.kms:RecipientAttestation:${pcr}`,
  ]),
  beyondGuard: 'a path is bound by all statements of the policy together',
  check: ({ properties: { KeyPolicy } }) => {
    const paths = attestedPaths(KeyPolicy);
    const unbound = paths.filter(({ registers }) => !registers.has('pcr3') && !registers.has('pcr4'));
    return paths.length === 0
      ? undefined
      : faultOf(unbound, 'to the image wherever it runs: it asks for neither PCR3 nor PCR4');
  },
  compliant: keyWith(
    attested('kms:Decrypt', {
      'kms:RecipientAttestation:ImageSha384': DIGEST,
      'kms:RecipientAttestation:PCR3': DIGEST,
    }),
  ),
  nonCompliant: keyWith(attested('kms:Decrypt')),
});
