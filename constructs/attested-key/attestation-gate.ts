import * as iam from 'aws-cdk-lib/aws-iam';
import { PalisadeError } from '../../runtime/errors';
import type { EnclaveMeasurements, Generation } from '../../runtime/measurements';

/** What the key asks an attestation document for. */
export enum EnclavePin {
  /** The image itself (PCR0): each new build needs its own generation. */
  IMAGE = 'image',
  /**
   * The signer of the image (PCR8) with its kernel and boot (PCR1) and its application (PCR2). The signer alone would
   * admit every image it ever signed.
   */
  SIGNER = 'signer',
}

/** Values that an attestation document must have, by condition key. */
export type Pins = Readonly<Record<string, string>>;

/** Operations of KMS that give away plaintext (KMS Developer Guide, "Cryptographic attestation support"; GenerateRandom names no key). */
const PLAINTEXT_ACTIONS = ['kms:Decrypt', 'kms:DeriveSharedSecret', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair'];

/** Those that an enclave needs. */
export const GIVEN_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];

const KEY = 'kms:RecipientAttestation:';
const IMAGE = `${KEY}ImageSha384`;
const PARENT_ROLE = `${KEY}PCR3`;

/** Names of the denials, by what they ask for. */
const DENIAL_SIDS: Pins = {
  [IMAGE]: 'OnlyMeasuredImages',
  [`${KEY}PCR1`]: 'OnlyMeasuredKernels',
  [`${KEY}PCR2`]: 'OnlyMeasuredApplications',
  [PARENT_ROLE]: 'OnlyOnParentRole',
  [`${KEY}PCR8`]: 'OnlyKnownSigners',
};

/**
 * What each generation of images is recognized by; with `pcr3`, on instances of one role only.
 *
 * Throws PALISADE-E402 for a value that no enclave outside debug mode has, PALISADE-E403 for a generation without PCR8
 * that is to be recognized by its signer.
 */
export function pinsOf({ system, generations }: EnclaveMeasurements, pin: EnclavePin, pcr3?: string): Pins[] {
  if (generations.length === 0) {
    throw unmeasured(system, 'has no generation');
  }
  return generations.map((generation) => ({
    ...(pin === EnclavePin.IMAGE ? { [IMAGE]: measured(system, generation, 'pcr0') } : signedBy(system, generation)),
    ...(pcr3 !== undefined && { [PARENT_ROLE]: pcr3 }),
  }));
}

function signedBy(system: string, generation: Generation): Pins {
  if (generation.pcr8 === undefined) {
    throw new PalisadeError({
      code: 'PALISADE-E403',
      where: `measurements of ${system}: ${generation.name}`,
      problem: 'has no PCR8, so the key cannot recognize it by its signer',
      fix: 'sign the image and record its PCR8, or pin by EnclavePin.IMAGE',
    });
  }
  return Object.fromEntries(
    (['pcr1', 'pcr2', 'pcr8'] as const).map((pcr) => [`${KEY}${pcr.toUpperCase()}`, measured(system, generation, pcr)]),
  );
}

/** Measurements made in code have not been through the parser, and zeros would open the key to every debug enclave. */
function measured(system: string, generation: Generation, pcr: 'pcr0' | 'pcr1' | 'pcr2' | 'pcr8'): string {
  const value = generation[pcr] as string;
  if (!/^(?!0+$)[0-9a-f]{96}$/.test(value)) {
    throw unmeasured(`${system}: ${generation.name}`, `${pcr.toUpperCase()} is '${value}'`);
  }
  return value;
}

function unmeasured(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-E402',
    where: `measurements of ${where}`,
    problem: `${problem}; expected SHA-384 in 96 lower-case hexadecimal digits that are not all zero`,
    fix: 'read the reviewed file with loadMeasurements; palisade eif measure prints the values of an image',
  });
}

/**
 * Lets `principal` have plaintext where everything that is asked for fits: a statement per generation, so that the kernel
 * of one with the application of another is none.
 *
 * Hexadecimal digits are compared without case: AWS documents lower case for NitroTPM and nothing for enclaves.
 */
export function admit(
  pins: readonly Pins[],
  principal: iam.IPrincipal,
  context: iam.Conditions,
): iam.PolicyStatement[] {
  return pins.map(
    (values, index) =>
      new iam.PolicyStatement({
        sid: `Generation${index + 1}`,
        principals: [principal],
        actions: GIVEN_ACTIONS,
        resources: ['*'],
        conditions: { ...context, StringEqualsIgnoreCase: values },
      }),
  );
}

/**
 * Denies plaintext to everybody whose attestation document does not fit, or who has none: a negated operator also holds
 * where its key is absent. One statement per register, because all conditions of one must hold together.
 */
export function denyUnattested(pins: readonly Pins[]): iam.PolicyStatement[] {
  return Object.keys(pins[0]).map((key) =>
    deny(DENIAL_SIDS[key], PLAINTEXT_ACTIONS, {
      StringNotEqualsIgnoreCase: { [key]: [...new Set(pins.map((values) => values[key]))] },
    }),
  );
}

/** A denial for every principal, of this account and others, the root user included. */
export function deny(sid: string, actions: string[], conditions?: iam.Conditions): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid,
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions,
    resources: ['*'],
    conditions,
  });
}
