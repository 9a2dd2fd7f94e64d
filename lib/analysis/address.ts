import { BlockList, isIP } from 'node:net';

/** Address ranges that no router of the internet carries (RFC 1918, RFC 6598, RFC 3927, RFC 4193). */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', 'fc00::/7'];

/** Whether two ranges in CIDR notation share an address. A text that is no range shares none. */
export function overlaps(a: string, b: string): boolean {
  return contains(a, b) || contains(b, a);
}

/** Whether a range holds addresses of the internet. */
export function isPublic(range: string): boolean {
  return parse(range) !== undefined && !PRIVATE.some((outer) => contains(outer, range));
}

/** Whether the first range holds all of the second. */
export function contains(outer: string, inner: string): boolean {
  const a = parse(outer);
  const b = parse(inner);
  if (!a || !b || a.family !== b.family || a.prefix > b.prefix) {
    return false;
  }
  const list = new BlockList();
  list.addSubnet(a.address, a.prefix, a.family);
  return list.check(b.address, b.family);
}

function parse(range: string) {
  const [address, prefix, ...rest] = range.split('/');
  const version = isIP(address);
  const bits = Number(prefix);
  const valid =
    version !== 0 && rest.length === 0 && /^\d{1,3}$/.test(prefix ?? '') && bits <= (version === 4 ? 32 : 128);
  return valid ? { address, prefix: bits, family: version === 4 ? ('ipv4' as const) : ('ipv6' as const) } : undefined;
}
