import type * as logs from 'aws-cdk-lib/aws-logs';
import * as resolver from 'aws-cdk-lib/aws-route53resolver';
import { Construct } from 'constructs';

/** Properties of a DNS firewall. */
export interface DnsFirewallProps {
  /** VPC whose queries are filtered. */
  readonly vpcId: string;
  /** Names that AWS owns: where they lead by CNAME is trusted. */
  readonly awsDomains: string[];
  /** Other names that may be resolved; each name that they lead to by CNAME must be listed too. @default - none */
  readonly domains?: string[];
  /** Receives every query, with what the firewall did about it. */
  readonly logGroup: logs.ILogGroup;
}

/**
 * Resolves the names on a list and answers NXDOMAIN for all others, so that names cannot carry data out.
 *
 * When the firewall cannot judge a query, Resolver answers SERVFAIL: fail closed is the default of a VPC that has a
 * rule group (Route 53 Developer Guide, "DNS Firewall VPC configuration"), and nothing here changes it.
 */
export class DnsFirewall extends Construct {
  constructor(scope: Construct, id: string, props: DnsFirewallProps) {
    super(scope, id);
    const rules = new resolver.CfnFirewallRuleGroup(this, 'Rules', {
      firewallRules: [
        this.allow('AwsDomains', 100, props.awsDomains, 'TRUST_REDIRECTION_DOMAIN'),
        ...(props.domains?.length ? [this.allow('Domains', 200, props.domains, 'INSPECT_REDIRECTION_DOMAIN')] : []),
        {
          action: 'BLOCK',
          blockResponse: 'NXDOMAIN',
          firewallDomainListId: this.list('Everything', ['*']),
          priority: 900,
        },
      ],
    });
    // Mutation protection stays off: with it CloudFormation could neither update nor delete the association.
    new resolver.CfnFirewallRuleGroupAssociation(this, 'Association', {
      firewallRuleGroupId: rules.attrId,
      vpcId: props.vpcId,
      priority: 101,
    });
    const queries = new resolver.CfnResolverQueryLoggingConfig(this, 'Queries', {
      destinationArn: props.logGroup.logGroupArn,
    });
    new resolver.CfnResolverQueryLoggingConfigAssociation(this, 'QueriesAssociation', {
      resolverQueryLogConfigId: queries.attrId,
      resourceId: props.vpcId,
    });
  }

  private allow(id: string, priority: number, domains: string[], redirections: string) {
    return {
      action: 'ALLOW',
      firewallDomainListId: this.list(id, domains),
      firewallDomainRedirectionAction: redirections,
      priority,
    };
  }

  private list(id: string, domains: string[]): string {
    return new resolver.CfnFirewallDomainList(this, id, { domains }).attrId;
  }
}
