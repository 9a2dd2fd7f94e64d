import type { OmittedRule, Rule } from '../../rule';
import { resourcePolicyActionsNamed } from './actions-named';
import { resourcePolicyConfusedDeputy } from './confused-deputy';
import { resourcePolicyNotPublic } from './not-public';

/** Rules of the policies of resources, whatever the resource is. */
export const POLICIES_RULES: readonly Rule[] = [
  resourcePolicyActionsNamed,
  resourcePolicyConfusedDeputy,
  resourcePolicyNotPublic,
];

/** Proposals that became part of another rule, or none. */
export const POLICIES_OMITTED: readonly OmittedRule[] = [];
