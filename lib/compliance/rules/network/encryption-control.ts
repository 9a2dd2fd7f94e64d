import { rule } from '../../define-rule';
import { is } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** Where a VPC controls encryption in transit, it enforces it. Monitoring alone lets plain text pass. */
export const networkEncryptionControl = rule({
  id: 'NetworkEncryptionControl',
  scope: 'ai',
  level: ALWAYS_WARNING,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['SC-8', 'SC-13'] },
  why: 'In monitor mode, traffic between hosts that cannot encrypt passes in plain text, and only a log says so.',
  fix: 'Set Mode to enforce once the monitor shows no traffic in plain text.',
  requires: { 'AWS::EC2::VPCEncryptionControl': [is('Mode', 'enforce')] },
  compliant: { Control: { Type: 'AWS::EC2::VPCEncryptionControl', Properties: { Mode: 'enforce', Tags } } },
  nonCompliant: { Control: { Type: 'AWS::EC2::VPCEncryptionControl', Properties: { Mode: 'monitor', Tags } } },
});
