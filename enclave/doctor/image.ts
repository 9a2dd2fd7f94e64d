import type { Check } from './diagnose';

/** A certificate that ends sooner is worth a word. */
const SOON = 30 * 86_400_000;

/** What the enclave is made of. */
export const imageChecks: readonly Check[] = [
  {
    name: 'image',
    fix: 'release the version of image.eif that belongs to the reviewed measurements, and replace the host',
    look: async ({ enclave, measurements }, { image }) => {
      const { sha256, pcr0 } = await image(enclave.image);
      const generation = measurements.generations.find(({ eifSha256 }) => eifSha256 === sha256);
      const fine = sha256 === enclave.imageSha256 && generation?.pcr0 === pcr0;
      return {
        state: fine ? 'ok' : 'fail',
        found: generation ? `generation ${generation.name}` : `SHA-256 ${sha256}, in no generation`,
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
