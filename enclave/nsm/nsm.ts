/** What goes into an attestation document, as the one who asks wishes. Each is at most 512 bytes, the key at most 1,024. */
export interface AttestationFields {
  /** Shows that the document is fresh: the asker's own random bytes. @default - none */
  readonly nonce?: Uint8Array;
  /** Whatever the enclave vouches for. @default - none */
  readonly userData?: Uint8Array;
  /** Key of the enclave, in whatever form its user expects. @default - none */
  readonly publicKey?: Uint8Array;
}

/** What the module says of itself. */
export interface NsmDescription {
  /** `i-…-enc…`: the instance and the enclave. */
  readonly moduleId: string;
  /** Hash of the PCRs: `SHA384`. */
  readonly digest: string;
  /** How many PCRs there are. */
  readonly maximumPcrs: number;
  /** PCRs that cannot be extended any more. */
  readonly lockedPcrs: readonly number[];
}

/** One platform configuration register. */
export interface PcrState {
  readonly locked: boolean;
  readonly value: Uint8Array;
}

/** Nitro Security Module of this enclave. Every call throws PALISADE-E311 to E313. */
export interface Nsm {
  /** A signed attestation document: COSE_Sign1, some 4 to 5 KB. */
  attestation(fields: AttestationFields): Uint8Array;
  /** Random bytes of the hypervisor, up to 256 at a time. */
  random(): Uint8Array;
  describe(): NsmDescription;
  describePcr(index: number): PcrState;
  /** Extends a PCR that is not locked; gives its new value. */
  extendPcr(index: number, data: Uint8Array): Uint8Array;
  /** Locks a PCR until the enclave ends. */
  lockPcr(index: number): void;
}
