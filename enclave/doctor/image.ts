import type { Check } from './check';

/** A certificate that ends sooner is worth a word. */
const SOON = 30 * 86_400_000;

/** What the enclave is made of. */
export const imageChecks: readonly Check[] = [
  {
    name: 'image',
    fix: 'release the version of image.eif that belongs to the reviewed measurements, and replace the host',
    look: async ({ enclave, measurements }, { image }) => {
      const { sha256, measurements: measured } = await image(enclave.image);
      const generation = measurements.generations.find(({ eifSha256 }) => eifSha256 === sha256);
      if (!generation || sha256 !== enclave.imageSha256) {
        return { state: 'fail', found: `SHA-256 ${sha256}, which was not released` };
      }
      const { pcr0, pcr1, pcr2, pcr8 } = generation;
      const differing = Object.entries({ PCR0: pcr0, PCR1: pcr1, PCR2: pcr2, PCR8: pcr8 })
        .filter(([register, value]) => measured[register as keyof typeof measured] !== value)
        .map(([register]) => register);
      return {
        state: differing.length === 0 ? 'ok' : 'fail',
        found: `generation ${generation.name}${differing.length > 0 ? `, but with another ${differing.join(', ')}` : ''}`,
      };
    },
  },
  {
    name: 'signer of the image',
    fix: 'sign with a certificate that lives longer, and add the generation: nitro-cli starts no image whose certificate has ended',
    look: async ({ enclave }, { image, now }) => {
      const { signerExpires } = await image(enclave.image);
      if (!signerExpires) {
        return { state: 'ok', found: 'the image is not signed' };
      }
      const left = signerExpires.getTime() - now();
      const state = left <= 0 ? 'fail' : left < SOON ? 'warn' : 'ok';
      return { state, found: `certificate until ${signerExpires.toISOString().slice(0, 10)}` };
    },
  },
];
