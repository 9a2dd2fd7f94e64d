import { isIP } from 'node:net';
import { Opaque } from './opaque';
import { isScalar } from './values';

/** Most blocks that `Fn::Cidr` makes (CloudFormation User Guide, "Fn::Cidr"). */
const MAX_BLOCKS = 256;

/** The first `count` blocks of `bits` host bits within a range: what `Fn::Cidr` gives. */
export function cidrBlocks(range: unknown, count: unknown, bits: unknown): string[] | Opaque {
  const [address, prefix] = typeof range === 'string' ? range.split('/') : [];
  // Neither a zone nor an embedded IPv4 address is part of a block.
  const version = /^[\d.]+$|^[\da-f:]+$/i.test(address ?? '') ? isIP(address) : 0;
  const width = version === 4 ? 32 : 128;
  const [number, host, outer] = [count, bits, prefix].map(wholeNumber);
  const fits = host <= width - outer && number >= 1 && number <= MAX_BLOCKS && number <= 2 ** (width - outer - host);
  if (version === 0 || !fits) {
    return new Opaque('Fn::Cidr');
  }
  const first = (addressNumber(address, version) >> BigInt(width - outer)) << BigInt(width - outer);
  return Array.from(
    { length: number },
    (_, index) => `${addressText(first + (BigInt(index) << BigInt(host)), version)}/${width - host}`,
  );
}

/** NaN, which fits nowhere, for what is no whole number from 0 on. */
function wholeNumber(value: unknown): number {
  return isScalar(value) && /^\d{1,3}$/.test(`${value}`) ? Number(value) : NaN;
}

function addressNumber(address: string, version: number): bigint {
  if (version === 4) {
    return address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
  }
  const [head, tail] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const missing = tail ? 8 - head.length - tail.length : 0;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])];
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

/** IPv6 with its longest run of zeros shortened at the end only, which is where a block has them. */
function addressText(address: bigint, version: number): string {
  if (version === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, index) => (address >> BigInt(112 - 16 * index)) & 0xffffn);
  return groups
    .map((group) => group.toString(16))
    .join(':')
    .replace(/(:0)+$/, '::');
}
