import type { OmittedRule, Rule } from '../../rule';
import { accessAnalyzerPresent } from './access-analyzer-present';
import { iamActionsNamed } from './actions-named';
import { iamApproverNotDeployer } from './approver-not-deployer';
import { iamBoundaryLimits } from './boundary-limits';
import { iamConfusedDeputy } from './confused-deputy';
import { iamDataAccessBounded } from './data-access-bounded';
import { iamNoAdminWildcards } from './no-admin-wildcards';
import { iamPermissionsBoundary } from './permissions-boundary';
import { iamRoleSeparation } from './role-separation';
import { secretsCmkRotation } from './secrets-cmk-rotation';
import { iamSessionBound } from './session-bound';
import { iamTrustActionsNamed } from './trust-actions-named';
import { iamTrustNotPublic } from './trust-not-public';

/** Rules of IAM and secrets. */
export const IDENTITY_RULES: readonly Rule[] = [
  accessAnalyzerPresent,
  iamActionsNamed,
  iamApproverNotDeployer,
  iamBoundaryLimits,
  iamConfusedDeputy,
  iamDataAccessBounded,
  iamNoAdminWildcards,
  iamPermissionsBoundary,
  iamRoleSeparation,
  iamSessionBound,
  iamTrustActionsNamed,
  iamTrustNotPublic,
  secretsCmkRotation,
];

/** Proposals that became part of another rule, or none. */
export const IDENTITY_OMITTED: readonly OmittedRule[] = [];
