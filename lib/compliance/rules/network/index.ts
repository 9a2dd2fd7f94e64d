import type { OmittedRule, Rule } from '../../rule';
import { networkDefaultSgClosed } from './default-sg-closed';
import { networkDnsFirewall } from './dns-firewall';
import { networkEncryptionControl } from './encryption-control';
import { networkEndpointPolicy } from './endpoint-policy';
import { networkEndpointPrivateDns } from './endpoint-private-dns';
import { networkFlowLogs } from './flow-logs';
import { networkMemberIsolated } from './member-isolated';
import { networkNoInternetPath } from './no-internet-path';
import { networkNoUnreviewedPeering } from './no-unreviewed-peering';
import { networkRequiredEndpoints } from './required-endpoints';
import { networkSecurityGroupEgress } from './security-group-egress';
import { networkSecurityGroupIngress } from './security-group-ingress';
import { networkSubnetNoPublicIp } from './subnet-no-public-ip';

/** Rules of networks. */
export const NETWORK_RULES: readonly Rule[] = [
  networkDefaultSgClosed,
  networkDnsFirewall,
  networkEncryptionControl,
  networkEndpointPolicy,
  networkEndpointPrivateDns,
  networkFlowLogs,
  networkMemberIsolated,
  networkNoInternetPath,
  networkNoUnreviewedPeering,
  networkRequiredEndpoints,
  networkSecurityGroupEgress,
  networkSecurityGroupIngress,
  networkSubnetNoPublicIp,
];

/** Proposals that became part of another rule, or none. */
export const NETWORK_OMITTED: readonly OmittedRule[] = [];
