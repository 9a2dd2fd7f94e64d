/** A range of IPv4 addresses. */
export interface Cidr {
  /** First address, as a number. */
  readonly first: number;
  /** Last address, as a number. */
  readonly last: number;
  /** Bits of the network part. */
  readonly prefix: number;
}

/** The ranges of RFC 1918, section 3. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((range) => parseCidr(range) as Cidr);

/** Some AWS services, SageMaker among them, use this range inside (Amazon VPC User Guide, "VPC CIDR blocks"). */
const USED_BY_AWS = parseCidr('172.17.0.0/16') as Cidr;

/** AWS keeps five addresses of every subnet (Amazon VPC User Guide, "Subnet CIDR blocks"). */
const RESERVED_BY_AWS = 5;

/** Reads `a.b.c.d/n`. Undefined when it is not a range, or when bits beyond the prefix are set. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) {
    return undefined;
  }
  const [prefix, ...octets] = [match[5], ...match.slice(1, 5)].map(Number);
  if (prefix > 32 || octets.some((octet) => octet > 255)) {
    return undefined;
  }
  const first = octets.reduce((address, octet) => address * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

/**
 * What keeps `text` from being the range of a VPC with one subnet in each of `zones` zones, where every subnet has to
 * hold `addresses` network interfaces. Undefined when nothing does.
 */
export function cidrProblem(text: string, zones: number, addresses: number): string | undefined {
  const cidr = parseCidr(text);
  if (!cidr) {
    return `'${text}' is not an IPv4 range such as 10.0.0.0/16`;
  }
  if (!PRIVATE_RANGES.some((range) => cidr.first >= range.first && cidr.last <= range.last)) {
    return `${text} is not a private range of RFC 1918`;
  }
  if (cidr.first <= USED_BY_AWS.last && cidr.last >= USED_BY_AWS.first) {
    return `${text} overlaps 172.17.0.0/16, which SageMaker uses inside`;
  }
  if (cidr.prefix < 16 || cidr.prefix > 28) {
    return `${text} has a prefix of /${cidr.prefix}, a VPC takes /16 to /28`;
  }
  const subnetPrefix = cidr.prefix + Math.ceil(Math.log2(zones));
  const room = 2 ** (32 - subnetPrefix) - RESERVED_BY_AWS;
  return room < addresses
    ? `${text} leaves ${room} addresses in each of ${zones} subnets, this network needs ${addresses}`
    : undefined;
}
