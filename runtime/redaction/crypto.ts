import { createHash } from 'node:crypto';
import type { Candidate, Recognizer } from './entity';
import { runs } from './sight';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** Bytes of the check at the end. */
const CHECK = 4;
/** Version and hash of a key or script: addresses of Bitcoin, Litecoin, Dogecoin, Dash, Tron; two bytes of version in Zcash. */
const ADDRESS = [21, 22];
/** Version and private key, one byte more for a compressed public key (WIF); extended private key (BIP 32). */
const PRIVATE = [33, 34];
const EXTENDED = 78;
const XPRV = /^[xyzt]prv/;

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** What base58check says, without its check. Undefined where the check fails. */
function fromBase58Check(text: string): Uint8Array | undefined {
  let number = 0n;
  for (const character of text) {
    number = number * 58n + BigInt(BASE58.indexOf(character));
  }
  const zeros = text.length - text.replace(/^1+/, '').length;
  const hexadecimal = number.toString(16);
  const bytes = Buffer.concat([
    Buffer.alloc(zeros),
    Buffer.from(hexadecimal.padStart(hexadecimal.length + (hexadecimal.length % 2), '0'), 'hex'),
  ]);
  const payload = bytes.subarray(0, -CHECK);
  return sha256(sha256(payload)).subarray(0, CHECK).equals(bytes.subarray(-CHECK)) ? payload : undefined;
}

function isPrivate({ value }: Candidate): boolean {
  const length = fromBase58Check(value)?.length ?? 0;
  return PRIVATE.includes(length) || (length === EXTENDED && XPRV.test(value));
}

function isAddress({ value }: Candidate): boolean {
  const length = fromBase58Check(value)?.length ?? 0;
  return ADDRESS.includes(length) || (length === EXTENDED && !XPRV.test(value));
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** What the checksum of BIP 173 and that of BIP 350 leave. */
const LEFT = [1, 0x2bc830a3];

/** BIP 173 and 350: small or capital letters, not both; the prefix counts twice, by its high and its low bits. */
function isBech32({ value }: Candidate): boolean {
  const text = value.toLowerCase();
  if (value !== text && value !== value.toUpperCase()) {
    return false;
  }
  const separator = text.lastIndexOf('1');
  const prefix = [...text.slice(0, separator)].map((letter) => letter.charCodeAt(0));
  const data = [...text.slice(separator + 1)].map((letter) => BECH32.indexOf(letter));
  let rest = 1;
  for (const part of [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data]) {
    const top = rest >>> 25;
    rest = ((rest & 0x1ffffff) << 5) ^ part;
    for (let bit = 0; bit < 5; bit += 1) {
      rest ^= (top >> bit) & 1 ? GENERATOR[bit] : 0;
    }
  }
  return !data.includes(-1) && LEFT.includes(rest);
}

/** Wallets, by their checksums, which no digest has by chance. Ethereum's is none of these: it would look like any hash. */
export const CRYPTO: readonly Recognizer[] = [
  {
    type: 'SECRET',
    places: runs,
    pattern:
      /(?<![A-Za-z0-9+/_-])(?:[1-9A-HJ-NP-Za-km-z]{51,52}|[xyzt]prv[1-9A-HJ-NP-Za-km-z]{107})(?![A-Za-z0-9+/_=-])/g,
    accept: isPrivate,
  },
  {
    type: 'CRYPTO',
    places: runs,
    pattern:
      /(?<![A-Za-z0-9+/_-])(?:[1-9A-HJ-NP-Za-km-z]{25,36}|[xyzt]pub[1-9A-HJ-NP-Za-km-z]{107})(?![A-Za-z0-9+/_=-])/g,
    accept: isAddress,
  },
  {
    type: 'CRYPTO',
    places: runs,
    pattern: /(?<![A-Za-z0-9+/_-])(?:bc|tb|ltc|addr)1[02-9ac-hj-np-z]{20,110}(?![A-Za-z0-9+/_=-])/gi,
    accept: isBech32,
  },
];
