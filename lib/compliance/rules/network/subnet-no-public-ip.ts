import { rule } from '../../define-rule';
import { is } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

const Tags = [{ Key: 'ai:system-id', Value: 'x' }];

/** No subnet gives public addresses to what starts in it. */
export const networkSubnetNoPublicIp = rule({
  id: 'NetworkSubnetNoPublicIp',
  scope: 'ai',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { securityHub: ['EC2.15'], nist80053: ['SC-7', 'AC-4'] },
  why: 'An instance or notebook that somebody starts in the subnet can be reached from the internet without anyone deciding so.',
  fix: 'Leave MapPublicIpOnLaunch out or set it to false, and give public addresses to load balancers only.',
  requires: { 'AWS::EC2::Subnet': [is('MapPublicIpOnLaunch', false, { byDefault: false })] },
  configRules: ['SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED'],
  compliant: { Subnet: { Type: 'AWS::EC2::Subnet', Properties: { Tags } } },
  nonCompliant: {
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { MapPublicIpOnLaunch: true, Tags } },
  },
});
