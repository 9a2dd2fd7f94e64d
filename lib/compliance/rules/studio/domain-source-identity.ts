import { rule } from '../../define-rule';
import { is } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** CloudTrail names the person behind each call that Studio makes. */
export const sageMakerDomainSourceIdentity = rule({
  id: 'SageMakerDomainSourceIdentity',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.3.2', 'A.6.2.8'],
  crosswalk: { nist80053: ['AU-3', 'AU-10', 'IA-2'], euAiAct: ['Art. 12'] },
  why: 'Users of a domain share execution roles, so without a source identity nobody can tell who read the data.',
  fix: 'Set DomainSettings.ExecutionRoleIdentityConfig to USER_PROFILE_NAME, and let the role set its source identity.',
  requires: { 'AWS::SageMaker::Domain': [is('DomainSettings.ExecutionRoleIdentityConfig', 'USER_PROFILE_NAME')] },
  compliant: {
    Domain: {
      Type: 'AWS::SageMaker::Domain',
      Properties: { DomainSettings: { ExecutionRoleIdentityConfig: 'USER_PROFILE_NAME' } },
    },
  },
  nonCompliant: { Domain: { Type: 'AWS::SageMaker::Domain', Properties: {} } },
});
