import * as fc from 'fast-check';
import { enclaveFleetServes } from '../../../../lib/compliance/rules/enclave/fleet-serves';
import { enclaveHostIngress } from '../../../../lib/compliance/rules/enclave/host-ingress';
import { enclaveRolloutBounded } from '../../../../lib/compliance/rules/enclave/rollout-bounded';
import { changed, judge, verdict } from '../../../support/rules';

const LAUNCHED = { LaunchTemplate: { LaunchTemplateId: { Ref: 'Host' }, Version: '1' } };

/** A launch template, and what else the template has. */
function host(others: object = {}, data: object = {}) {
  return {
    Host: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateName: 'hosts', LaunchTemplateData: { EnclaveOptions: { Enabled: true }, ...data } },
    },
    ...others,
  };
}

function fleet(properties: object, UpdatePolicy?: unknown) {
  return {
    Fleet: { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: { ...LAUNCHED, ...properties }, UpdatePolicy },
  };
}

describe('EnclaveFleetServes', () => {
  const serves = (properties: object, data: object = {}) => verdict(enclaveFleetServes, host(fleet(properties), data));
  const GOOD = { MinSize: '2', HealthCheckType: 'ELB' };

  test.each([
    [{ ...GOOD, MinSize: '0' }, ['MinSize']],
    [{ ...GOOD, MinSize: 0 }, ['MinSize']],
    [{ ...GOOD, MinSize: 'few' }, ['MinSize']],
    [{ HealthCheckType: 'ELB' }, ['MinSize']],
    [{ MinSize: '1' }, ['HealthCheckType']],
    [{ MinSize: '1', HealthCheckType: 'EC2' }, ['HealthCheckType']],
    [{ MinSize: '1', HealthCheckType: 'EC2,EBS' }, ['HealthCheckType']],
    [{ ...GOOD, MinSize: { 'Fn::Unheard': 1 } }, ['unresolved MinSize']],
    [{ ...GOOD, HealthCheckType: 'EBS, ELB' }, 'compliant'],
    [{ ...GOOD, HealthCheckType: 'VPC_LATTICE' }, 'compliant'],
    [{ ...GOOD, MinSize: 1 }, 'compliant'],
  ])('%j', (properties, expected) => {
    expect(serves(properties)).toEqual(expected);
  });

  test('fleets without enclaves are none of its business', () => {
    expect(serves({ MinSize: '0' }, { EnclaveOptions: { Enabled: false } })).toBe('not applicable');
    expect(verdict(enclaveFleetServes, fleet({ MinSize: '0' }))).toBe('not applicable');
    expect(serves({ MinSize: '0', LaunchTemplate: { 'Fn::Unheard': 1 } })).toBe('not applicable');
  });

  test.each([
    ['by name', { LaunchTemplate: { LaunchTemplateName: 'hosts' } }],
    [
      'as that of a mixed fleet',
      {
        LaunchTemplate: undefined,
        MixedInstancesPolicy: {
          LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId: { Ref: 'Host' } } },
        },
      },
    ],
    [
      'as an override of a mixed fleet',
      {
        LaunchTemplate: undefined,
        MixedInstancesPolicy: {
          LaunchTemplate: {
            LaunchTemplateSpecification: { LaunchTemplateName: 'others' },
            Overrides: [
              { InstanceType: 'm7g.xlarge' },
              { LaunchTemplateSpecification: { LaunchTemplateName: 'hosts' } },
            ],
          },
        },
      },
    ],
  ])('finds the launch template %s', (_, properties) => {
    expect(serves({ HealthCheckType: 'ELB', ...properties })).toEqual(['MinSize']);
  });

  test('never throws on a launch template or a mixed fleet of any shape', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 4 }), (LaunchTemplate, Overrides) => {
        serves({ LaunchTemplate, MixedInstancesPolicy: { LaunchTemplate: { Overrides } }, TargetGroupARNs: Overrides });
      }),
      { numRuns: 100 },
    );
  });
});

describe('EnclaveRolloutBounded, of a fleet', () => {
  const rolls = (policy: unknown, data: object = {}) => verdict(enclaveRolloutBounded, host(fleet({}, policy), data));
  const refresh = (Preferences: object) => ({ AutoScalingInstanceRefresh: { Strategy: 'Rolling', Preferences } });

  test.each([
    ['no policy', undefined],
    ['a refresh without alarms', refresh({ MinHealthyPercentage: 100 })],
    ['a refresh with no alarm in its list', refresh({ AlarmSpecification: { Alarms: [] } })],
    ['a rolling update that waits for nothing', { AutoScalingRollingUpdate: { MaxBatchSize: 1 } }],
    ['a rolling update that does not wait', { AutoScalingRollingUpdate: { WaitOnResourceSignals: false } }],
    ['another kind of policy', { AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: true } }],
    ['a text', 'Rolling'],
  ])('%s brings no host back', (_, policy) => {
    expect(rolls(policy)).toEqual(['UpdatePolicy']);
  });

  test('alarms and signals do', () => {
    expect(rolls(refresh({ AlarmSpecification: { Alarms: [{ Ref: 'Alarm' }] } }))).toBe('compliant');
    expect(rolls(refresh({ AlarmSpecification: { Alarms: { 'Fn::Unheard': 1 } } }))).toBe('compliant');
    expect(rolls({ AutoScalingRollingUpdate: { WaitOnResourceSignals: true } })).toBe('compliant');
    expect(rolls({ AutoScalingRollingUpdate: { WaitOnResourceSignals: 'true' } })).toBe('compliant');
  });

  test('a policy under a condition is judged for both outcomes', () => {
    const good = { AutoScalingRollingUpdate: { WaitOnResourceSignals: true } };
    expect(rolls({ 'Fn::If': ['Careful', good, { Ref: 'AWS::NoValue' }] })).toEqual(['UpdatePolicy']);
    expect(rolls({ 'Fn::If': ['Careful', { Ref: 'AWS::NoValue' }, good] })).toEqual(['UpdatePolicy']);
  });

  test('what only a deployment knows, and fleets without enclaves', () => {
    expect(rolls({ 'Fn::Unheard': 1 })).toEqual(['unresolved UpdatePolicy']);
    expect(rolls(undefined, { EnclaveOptions: { Enabled: false } })).toBe('not applicable');
  });
});

describe('EnclaveHostIngress', () => {
  const BALANCER = { SourceSecurityGroupId: 'sg-balancer' };
  const tcp = (FromPort: unknown, ToPort: unknown = FromPort) => ({ IpProtocol: 'tcp', FromPort, ToPort });
  const WORN = { SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] };
  const lets = (item: unknown, others: object = {}) =>
    verdict(enclaveHostIngress, {
      ...host({ Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: [item] } } }, WORN),
      ...others,
    });
  const property = (name: string) => [`SecurityGroupIngress.0.${name}`];

  test.each([
    ['the internet', { ...tcp(8080), CidrIp: '0.0.0.0/0' }, 'CidrIp'],
    ['a private range', { ...tcp(8080), CidrIp: '10.0.0.0/16' }, 'CidrIp'],
    ['IPv6', { ...tcp(8080), CidrIpv6: '::/0' }, 'CidrIpv6'],
    ['a prefix list', { ...tcp(8080), SourcePrefixListId: 'pl-1' }, 'SourcePrefixListId'],
    ['addresses beside a group', { ...tcp(8080), ...BALANCER, CidrIp: '10.0.0.1/32' }, 'CidrIp'],
    ['nobody who is named', tcp(8080), 'SourceSecurityGroupId'],
    ['SSH', { ...tcp(22), ...BALANCER }, 'FromPort'],
    ['remote desktops', { ...tcp('3389'), ...BALANCER }, 'FromPort'],
    ['a range of ports', { ...tcp(8000, 8090), ...BALANCER }, 'IpProtocol'],
    ['all ports', { IpProtocol: 'tcp', ...BALANCER }, 'IpProtocol'],
    ['all protocols', { IpProtocol: '-1', ...BALANCER }, 'IpProtocol'],
    ['UDP', { ...tcp(8080), IpProtocol: 'udp', ...BALANCER }, 'IpProtocol'],
  ])('finds that a host lets in %s', (_, item, name) => {
    expect(lets(item)).toEqual(property(name));
  });

  test('accepts one port from a group, by id or name', () => {
    expect(lets({ ...tcp(8080), ...BALANCER })).toBe('compliant');
    expect(lets({ ...tcp('9443'), IpProtocol: 6, ...BALANCER })).toBe('compliant');
    expect(lets({ ...tcp(8080), SourceSecurityGroupName: 'balancer' })).toBe('compliant');
    expect(lets({ ...tcp(8080), SourceSecurityGroupId: { 'Fn::Unheard': 1 } })).toBe('compliant');
  });

  test('says of a port that only a deployment knows that it cannot be judged', () => {
    expect(lets({ ...tcp({ 'Fn::Unheard': 1 }), ...BALANCER })).toEqual(['unresolved SecurityGroupIngress.0.FromPort']);
    expect(lets({ 'Fn::Unheard': 1 })).toEqual(['unresolved SecurityGroupIngress.0']);
  });

  describe('where a balancer says on which port hosts serve', () => {
    const Targets = (properties: object) => ({
      Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: properties },
    });
    const behind = (properties: object) => ({
      ...fleet(properties),
      ...Targets({ Port: 8443, HealthCheckPort: 9000 }),
    });

    test.each([
      ['TargetGroupARNs', { TargetGroupARNs: [{ Ref: 'Targets' }] }],
      ['TrafficSources', { TrafficSources: [{ Identifier: { Ref: 'Targets' }, Type: 'elbv2' }] }],
    ])('any other port is open in vain: %s', (_, properties) => {
      expect(lets({ ...tcp(8443), ...BALANCER }, behind(properties))).toBe('compliant');
      expect(lets({ ...tcp(9000), ...BALANCER }, behind(properties))).toBe('compliant');
      expect(lets({ ...tcp(8000), ...BALANCER }, behind(properties))).toEqual(property('FromPort'));
    });

    test('a port for checks that is that of the traffic is none of its own', () => {
      const others = {
        ...fleet({ TargetGroupARNs: [{ Ref: 'Targets' }] }),
        ...Targets({ Port: '8443', HealthCheckPort: 'traffic-port' }),
      };
      expect(lets({ ...tcp(8443), ...BALANCER }, others)).toBe('compliant');
      expect(lets({ ...tcp(8080), ...BALANCER }, others)).toEqual(property('FromPort'));
    });

    test('where only a deployment knows the port, any may be it', () => {
      const others = {
        ...fleet({ TargetGroupARNs: [{ Ref: 'Targets' }] }),
        ...Targets({ Port: { 'Fn::Unheard': 1 } }),
      };
      expect(lets({ ...tcp(8080), ...BALANCER }, others)).toBe('compliant');
    });

    test('an instance is registered by itself', () => {
      const others = {
        Host: { Type: 'AWS::EC2::Instance', Properties: { EnclaveOptions: { Enabled: true }, ...WORN } },
        ...Targets({ Port: 8443, Targets: [{ Id: { Ref: 'Host' } }] }),
      };
      expect(lets({ ...tcp(8080), ...BALANCER }, others)).toEqual(property('FromPort'));
    });
  });

  test('rules of their own are found by the group that they are for', () => {
    const Group = { Type: 'AWS::EC2::SecurityGroup', Properties: {} };
    const rule = (Properties: object) => ({ Rule: { Type: 'AWS::EC2::SecurityGroupIngress', Properties } });
    const GroupId = { 'Fn::GetAtt': ['Group', 'GroupId'] };
    const says = (properties: object) => verdict(enclaveHostIngress, { ...host({ Group }, WORN), ...rule(properties) });
    expect(says({ GroupId, ...tcp(22), CidrIp: '10.0.0.0/8' })).toEqual(['CidrIp', 'FromPort']);
    expect(says({ GroupId, ...tcp(8080), ...BALANCER })).toBe('compliant');
    expect(says({ GroupId: 'sg-other', ...tcp(22), CidrIp: '0.0.0.0/0' })).toBe('not applicable');
  });

  test.each([
    ['a network interface of a template', { NetworkInterfaces: [{ Groups: [{ Ref: 'Group' }] }] }],
    ['a template', WORN],
  ])('groups are worn by %s', (_, data) => {
    const Group = {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { SecurityGroupIngress: [{ ...tcp(22), ...BALANCER }] },
    };
    expect(verdict(enclaveHostIngress, host({ Group }, data))).toEqual(property('FromPort'));
    expect(verdict(enclaveHostIngress, host({ Group }, { ...data, EnclaveOptions: { Enabled: false } }))).toBe(
      'not applicable',
    );
  });

  test('and by an interface of an instance', () => {
    const properties = { EnclaveOptions: { Enabled: true }, NetworkInterfaces: [{ GroupSet: [{ Ref: 'Group' }] }] };
    expect(lets({ ...tcp(22), ...BALANCER }, { Host: { Type: 'AWS::EC2::Instance', Properties: properties } })).toEqual(
      property('FromPort'),
    );
  });

  test('a list that only a deployment knows', () => {
    const template = changed(enclaveHostIngress.compliant, 'Group', { SecurityGroupIngress: { 'Fn::Unheard': 1 } });
    expect(verdict(enclaveHostIngress, template)).toEqual(['unresolved SecurityGroupIngress']);
  });

  test('never throws on lists of rules, groups and targets of any shape', () => {
    const any = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(any, any, any, (SecurityGroupIngress, NetworkInterfaces, Targets) => {
        judge(enclaveHostIngress, {
          ...host({}, { ...WORN, NetworkInterfaces }),
          Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress } },
          Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Targets, Port: Targets } },
        });
      }),
      { numRuns: 100 },
    );
  });
});
