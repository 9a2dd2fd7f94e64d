import type { OmittedRule, Rule } from '../../rule';
import { governanceApprovalGate } from './approval-gate';
import { governanceDecommissionHold } from './decommission-hold';
import { governanceImpactTierConsistent } from './impact-tier-consistent';
import { governanceManifestPresent } from './manifest-present';
import { governanceStageSeparation } from './stage-separation';
import { governanceTagsRequired } from './tags-required';

/** Rules of governance: manifests, approvals and separation. */
export const GOVERNANCE_RULES: readonly Rule[] = [
  governanceApprovalGate,
  governanceDecommissionHold,
  governanceImpactTierConsistent,
  governanceManifestPresent,
  governanceStageSeparation,
  governanceTagsRequired,
];

/** Proposals that became part of another rule, or none. */
export const GOVERNANCE_OMITTED: readonly OmittedRule[] = [
  {
    id: 'GovernanceExceptionNotExpired',
    reason:
      'Exceptions stand in the register, not in a template: ExceptionExpired ends the synth with a finding that nobody can accept.',
  },
  {
    id: 'GovernanceExceptionRegistered',
    reason:
      'Acknowledgements stand in the construct tree, not in a template: ExceptionUnregistered ends the synth with a finding that nobody can accept.',
  },
  {
    id: 'GovernanceReviewCurrent',
    reason:
      'Review dates stand in the manifests, not in a template: loading bounds them (PALISADE-M017, PALISADE-M034), and a declaration past its date is no evidence in the Statement of Applicability.',
  },
];
