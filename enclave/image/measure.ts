import { createHash, type Hash } from 'node:crypto';
import type { SectionKind } from './format';

/** The registers that an image determines, in lower-case hexadecimal. */
export interface ImageMeasurements {
  /** The whole image: kernel, command line and all ramdisks. */
  readonly PCR0: string;
  /** Kernel, command line and first ramdisk. */
  readonly PCR1: string;
  /** The ramdisks from the second on: the application. */
  readonly PCR2: string;
  /** The certificate that signed the image, in DER. */
  readonly PCR8?: string;
}

/**
 * Takes the data of sections in the order of the file, and gives what the hypervisor will attest: SHA-384 of 48 zeros
 * and the SHA-384 of the data (aws-nitro-enclaves-image-format, src/defs/eif_hasher.rs; QEMU's emulated module attests
 * the same). Metadata is not measured.
 */
export class ImageMeasurer {
  private readonly image = createHash('sha384');
  private readonly bootstrap = createHash('sha384');
  private readonly application = createHash('sha384');
  private ramdisks = 0;

  /** The hashes that the next section's data goes into. */
  section(kind: SectionKind): readonly Hash[] {
    switch (kind) {
      case 'kernel':
      case 'cmdline':
        return [this.image, this.bootstrap];
      case 'ramdisk':
        this.ramdisks += 1;
        return [this.image, this.ramdisks === 1 ? this.bootstrap : this.application];
      default:
        return [];
    }
  }

  /** Can be asked for once. */
  result(): ImageMeasurements {
    return { PCR0: extended(this.image), PCR1: extended(this.bootstrap), PCR2: extended(this.application) };
  }
}

/** PCR8 of an image that is signed with this certificate, given in DER. */
export function measureCertificate(der: Uint8Array): string {
  return extended(createHash('sha384').update(der));
}

function extended(hash: Hash): string {
  return createHash('sha384').update(Buffer.alloc(48)).update(hash.digest()).digest('hex');
}
