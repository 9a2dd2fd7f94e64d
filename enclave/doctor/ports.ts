import type { ImageMeasurements } from '../image';

/** What a doctor may touch of a host. Nothing here changes anything. */
export interface HostPorts {
  /** Text of a file. Throws where there is none. */
  readonly read: (path: string) => string;
  /** Runs a program; resolves with its standard output, rejects with what it complained of. */
  readonly run: (program: string, args: readonly string[]) => Promise<string>;
  /** IPv4 addresses of a name. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  /** Status of an HTTP answer. */
  readonly status: (url: string) => Promise<number>;
  /** SHA-256, measurements and signer of an image. */
  readonly image: (path: string) => Promise<ImageOnDisk>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What an image on disk is. */
export interface ImageOnDisk {
  readonly sha256: string;
  readonly measurements: ImageMeasurements;
  /** When the signer's certificate ends. @default - the image is not signed */
  readonly signerExpires?: Date;
}
