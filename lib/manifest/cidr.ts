/** An IPv4 range: its first address as a number, and how many addresses it has. */
export interface Ipv4Range {
  /** Address as an unsigned 32-bit number. */
  readonly first: number;
  /** A power of two. */
  readonly size: number;
}

/** Ranges for private networks (RFC 1918, section 3). */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((text) => parseCidr(text) as Ipv4Range);

/** Reads `10.0.0.0/16`. Undefined unless every octet fits and the bits after the prefix are zero. */
export function parseCidr(text: string): Ipv4Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) {
    return undefined;
  }
  const [prefix, ...octets] = [match[5], ...match.slice(1, 5)].map(Number);
  const first = octets.reduce((address, octet) => address * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  return prefix <= 32 && octets.every((octet) => octet <= 255) && first % size === 0 ? { first, size } : undefined;
}

/** Whether the two ranges share an address. */
export function overlaps(one: Ipv4Range, other: Ipv4Range): boolean {
  return one.first < other.first + other.size && other.first < one.first + one.size;
}

/** Whether the range lies within one of the private ranges. */
export function isPrivate(range: Ipv4Range): boolean {
  return PRIVATE.some((whole) => whole.first <= range.first && range.first + range.size <= whole.first + whole.size);
}
