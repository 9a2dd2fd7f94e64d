import type { OmittedRule, Rule } from '../../rule';
import { vpcEndpointPerimeter } from './endpoint-policy';
import { networkMemberIsolated } from './member-isolated';
import { networkNoInternetPath } from './no-internet-path';

/** Rules of networks. */
export const NETWORK_RULES: readonly Rule[] = [vpcEndpointPerimeter, networkMemberIsolated, networkNoInternetPath];

/** Proposals that became part of another rule, or none. */
export const NETWORK_OMITTED: readonly OmittedRule[] = [];
