import { hasProperty } from '../../conditions';
import { rule } from '../../define-rule';
import { is, unlessSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

const DOCKER = 'DomainSettings.DockerSettings';

/** Studio runs no containers of its users, or only images from accounts that are named. Docker is off by default. */
export const sageMakerDomainDockerDisabled = rule({
  id: 'SageMakerDomainDockerDisabled',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.4'],
  crosswalk: { nist80053: ['CM-7', 'CM-11'], atlas: ['AML.T0010'] },
  why: 'With Docker a user runs an image that nobody scanned, next to the data and with the role of the domain.',
  fix: 'Set EnableDockerAccess to DISABLED, or list in VpcOnlyTrustedAccounts the accounts whose images may run.',
  appliesWhen: [hasProperty(`${DOCKER}.EnableDockerAccess`)],
  requires: {
    'AWS::SageMaker::Domain': [
      unlessSet([`${DOCKER}.VpcOnlyTrustedAccounts`], [is(`${DOCKER}.EnableDockerAccess`, 'DISABLED')]),
    ],
  },
  compliant: {
    Domain: {
      Type: 'AWS::SageMaker::Domain',
      Properties: { DomainSettings: { DockerSettings: { EnableDockerAccess: 'DISABLED' } } },
    },
  },
  nonCompliant: {
    Domain: {
      Type: 'AWS::SageMaker::Domain',
      Properties: { DomainSettings: { DockerSettings: { EnableDockerAccess: 'ENABLED' } } },
    },
  },
});
