import { rule } from '../../define-rule';
import { ERROR_FROM_LIMITED } from '../../rule';
import { KEY_TYPES } from '../keys/key-policy';
import { attestedPaths, faultOf } from './attested-paths';
import { attested, keyWith } from './examples';

const DIGEST = 'd4'.repeat(48);

/**
 * A key that knows images by their signer (PCR8) also says which image: PCR0, or kernel and application (PCR1 and PCR2).
 * A signature has no end that KMS looks at, and nothing takes one back.
 */
export const enclaveSignerWithImage = rule({
  id: 'EnclaveSignerWithImage',
  appliesTo: KEY_TYPES,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.6.2.5'],
  crosswalk: { nist80053: ['SI-7', 'CM-14', 'SC-12'], nistAiRmf: ['MEASURE 2.7'], euAiAct: ['Art. 15'] },
  why: 'The signer alone lets in every image it ever signed: an old one with a known hole gets the key as well as the new.',
  fix: 'Ask for kms:RecipientAttestation:ImageSha384, or for PCR1 and PCR2, besides PCR8.',
  claims: ['ImageSha384', 'PCR0', 'PCR1', 'PCR2'].flatMap((measurement) => [
    `KeyPolicy.Statement.*.Condition.kms:RecipientAttestation:${measurement}`,
    `KeyPolicy.Deny.kms:RecipientAttestation:${measurement}`,
  ]),
  beyondGuard: 'what a path asks for is said by all statements of the policy together',
  check: ({ properties: { KeyPolicy } }) => {
    const signed = attestedPaths(KeyPolicy).filter(({ registers }) => registers.has('pcr8'));
    return signed.length === 0
      ? undefined
      : faultOf(
          signed.filter(({ registers }) => !identifiesImage(registers)),
          'to every image of a signer: PCR8 without PCR0, or PCR1 and PCR2',
        );
  },
  compliant: keyWith(
    attested('kms:Decrypt', {
      'kms:RecipientAttestation:PCR8': DIGEST,
      'kms:RecipientAttestation:PCR1': DIGEST,
      'kms:RecipientAttestation:PCR2': DIGEST,
    }),
  ),
  nonCompliant: keyWith(attested('kms:Decrypt', { 'kms:RecipientAttestation:PCR8': DIGEST })),
});

function identifiesImage(registers: ReadonlySet<string>): boolean {
  return registers.has('pcr0') || (registers.has('pcr1') && registers.has('pcr2'));
}
