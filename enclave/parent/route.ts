import { BlockList, isIPv4 } from 'node:net';

/** Header by which a client comes back to the enclave whose key it seals to. Its value is an address of the fleet. */
export const ROUTE = 'x-palisade-route';

/** Marks what another member of the fleet has passed on: it goes no further. */
export const FORWARDED = 'x-palisade-forwarded';

/** Which addresses are those of a fleet. */
export class Fleet {
  private readonly subnets = new BlockList();

  /**
   * @param own private IPv4 address of this host
   * @param cidrs ranges of the fleet's subnets
   */
  constructor(
    readonly own: string,
    cidrs: readonly string[],
  ) {
    for (const cidr of cidrs) {
      const [network, prefix] = cidr.split('/');
      this.subnets.addSubnet(network, Number(prefix), 'ipv4');
    }
  }

  /**
   * Where a request goes: the address of another member, or nowhere else than here. A route that is no address of the
   * fleet's subnets leads nowhere else, so that no caller can send this host's requests to where it likes; the security
   * group lets them out to members only.
   */
  otherMember(route: string | undefined, forwarded: boolean): string | undefined {
    return route !== undefined && !forwarded && route !== this.own && isIPv4(route) && this.subnets.check(route)
      ? route
      : undefined;
  }
}
