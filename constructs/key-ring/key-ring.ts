import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import type { Purpose } from './purpose';
import { PurposeKey } from './purpose-key';

/** Properties of a key ring. */
export interface KeyRingProps {
  /** Name of the AI system (or of a shared part of the platform) that owns the keys. Lower-case kebab case, at most 40 characters. */
  readonly system: string;
  /** Stage that owns the keys, such as `dev` or `prod`. */
  readonly stage: string;
  /** Purposes that get an encryption key. */
  readonly purposes: Purpose[];
  /**
   * Who administers the keys, and can never use them.
   * @default - principals of the account whose IAM policies allow it
   */
  readonly administrators?: iam.IPrincipal[];
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** KMS aliases hold letters, digits, `/`, `_` and `-`; ours keep to the part that is safe in every name made from it. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * The keys of one AI system in one stage: a CMK per purpose, a signing key for seals, another for ledger checkpoints, and
 * an HMAC key for pseudonyms. Administrators cannot use them, users cannot administer them, and no key is shared with
 * another purpose, system or stage.
 *
 * Throws PALISADE-K001 for a name that cannot be part of an alias, PALISADE-K002 when a purpose is asked for that the
 * ring was not made with.
 */
export class KeyRing extends Construct {
  /** The stage that owns the keys. */
  readonly stage: string;
  /** The AI system that owns the keys. */
  readonly system: string;

  private readonly keys: ReadonlyMap<Purpose, PurposeKey>;
  private readonly props: KeyRingProps;
  private seal?: PurposeKey;
  private ledger?: PurposeKey;
  private pseudonym?: PurposeKey;

  constructor(scope: Construct, id: string, props: KeyRingProps) {
    super(scope, id);
    for (const name of [props.system, props.stage]) {
      this.requireName(name);
    }
    this.props = props;
    this.system = props.system;
    this.stage = props.stage;
    this.keys = new Map(props.purposes.map((purpose) => [purpose, this.encryptionKey(purpose)]));
  }

  /** The encryption key of one purpose. */
  key(purpose: Purpose): PurposeKey {
    const key = this.keys.get(purpose);
    if (!key) {
      throw new PalisadeError({
        code: 'PALISADE-K002',
        where: this.node.path,
        problem: `no key for purpose '${purpose}'; this ring has ${[...this.keys.keys()].join(', ') || 'none'}`,
        fix: 'add the purpose to the purposes of the KeyRing',
      });
    }
    return key;
  }

  /** ECC_NIST_P384 signing key for dataset seals and model signatures; made at first use. */
  get sealKey(): PurposeKey {
    this.seal ??= this.signingKey('Seal', 'seal', 'Signs dataset seals and model packages');
    return this.seal;
  }

  /** ECC_NIST_P384 signing key for ledger checkpoints: whoever seals cannot sign a ledger. Made at first use. */
  get ledgerKey(): PurposeKey {
    this.ledger ??= this.signingKey('Ledger', 'ledger', 'Signs ledger checkpoints');
    return this.ledger;
  }

  /** HMAC key that turns caller identities into pseudonyms; made at first use. */
  get pseudonymKey(): PurposeKey {
    this.pseudonym ??= this.create('Pseudonym', 'pseudonym', {
      description: 'Makes pseudonyms of callers',
      keySpec: kms.KeySpec.HMAC_384,
      keyUsage: kms.KeyUsage.GENERATE_VERIFY_MAC,
    });
    return this.pseudonym;
  }

  private signingKey(id: string, name: string, description: string): PurposeKey {
    const [keySpec, keyUsage] = [kms.KeySpec.ECC_NIST_P384, kms.KeyUsage.SIGN_VERIFY];
    return this.create(id, name, { description, keySpec, keyUsage });
  }

  private encryptionKey(purpose: Purpose): PurposeKey {
    return this.create(purpose[0].toUpperCase() + purpose.slice(1), purpose, { description: `Encrypts ${purpose}` });
  }

  private create(
    id: string,
    name: string,
    options: { description: string; keySpec?: kms.KeySpec; keyUsage?: kms.KeyUsage },
  ): PurposeKey {
    const useName = `${this.stage}/${this.system}/${name}`;
    return new PurposeKey(this, id, {
      ...options,
      description: `${options.description} of ${this.system} in ${this.stage}`,
      aliasName: `palisade/${useName}`,
      useName,
      administrators: this.props.administrators,
      removalPolicy: this.props.removalPolicy,
    });
  }

  private requireName(name: string): void {
    if (!NAME.test(name)) {
      throw new PalisadeError({
        code: 'PALISADE-K001',
        where: this.node.path,
        problem: `'${name}' is not a name: expected ${NAME}`,
        fix: 'use lower-case letters, digits and hyphens, starting with a letter, at most 40 characters',
      });
    }
  }
}
