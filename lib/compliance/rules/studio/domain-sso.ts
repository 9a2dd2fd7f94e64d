import { rule } from '../../define-rule';
import { is } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/** People enter Studio through IAM Identity Center. */
export const sageMakerDomainSso = rule({
  id: 'SageMakerDomainSso',
  level: ALWAYS_WARNING,
  annexA: ['A.3.2'],
  crosswalk: { nist80053: ['AC-2', 'IA-2'] },
  why: 'With IAM authentication anybody who may create a presigned URL enters as any user profile.',
  fix: 'Set AuthMode to SSO.',
  requires: { 'AWS::SageMaker::Domain': [is('AuthMode', 'SSO')] },
  compliant: { Domain: { Type: 'AWS::SageMaker::Domain', Properties: { AuthMode: 'SSO' } } },
  nonCompliant: { Domain: { Type: 'AWS::SageMaker::Domain', Properties: { AuthMode: 'IAM' } } },
});
