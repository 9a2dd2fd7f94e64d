import { ArnFormat, Fn, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { PurposeKey } from '../key-ring';
import { SecureLogGroup } from '../workload';

/** Properties of an API firewall. */
export interface ApiFirewallProps {
  readonly api: apigateway.RestApi;
  readonly logKey: PurposeKey;
  readonly logRetention?: logs.RetentionDays;
  /** Of the log. */
  readonly removalPolicy?: RemovalPolicy;
  /** Whether bodies are sealed. @default false */
  readonly sealed?: boolean;
}

/** Calls in five minutes from one address before WAF blocks it. */
const RATE = 2000;
/** AWS WAF looks at 16 KiB of a body unless told otherwise; 64 KiB is its most (AWS WAF Developer Guide, "Body inspection"). */
const INSPECTED_BYTES = 65_536;
/**
 * Rules of the managed sets that look into bodies (AWS WAF Developer Guide, "Baseline rule groups"). Sealed bytes are as good
 * as random, so what these find there is chance.
 */
const BODY_RULES = {
  knownBadInputs: ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY', 'ReactJSRCE_BODY'],
  common: [
    'CrossSiteScripting_BODY',
    'EC2MetaDataSSRF_BODY',
    'GenericLFI_BODY',
    'GenericRFI_BODY',
    'SizeRestrictions_BODY',
  ],
};
/** Whoever holds a signature and its token can replay the request for minutes. */
const SECRET_HEADERS = ['authorization', 'x-amz-security-token'];

/** AWS WAF in front of an API's stage: AWS's managed rules, a rate per address, and a log without bodies. */
export class ApiFirewall extends Construct {
  constructor(scope: Construct, id: string, props: ApiFirewallProps) {
    super(scope, id);
    const { api, logKey, logRetention, removalPolicy, sealed = false } = props;
    logKey.allowLogs();
    const acl = new wafv2.CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visible('Acl'),
      associationConfig: sealed ? undefined : { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: 'KB_64' } } },
      rules: [
        managed('AWSManagedRulesKnownBadInputsRuleSet', 0, sealed ? BODY_RULES.knownBadInputs : []),
        // Prompts are long and quote code; the size rule of the common set stops at 8 KB, ours at what is inspected.
        managed(
          'AWSManagedRulesCommonRuleSet',
          1,
          sealed ? BODY_RULES.common : ['SizeRestrictions_BODY', 'CrossSiteScripting_BODY'],
        ),
        {
          name: 'RatePerAddress',
          priority: 2,
          action: { block: {} },
          statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: RATE } },
          visibilityConfig: visible('RatePerAddress'),
        },
        ...(sealed ? [] : [WHOLE_BODY_INSPECTED]),
      ],
    });
    const association = new wafv2.CfnWebACLAssociation(this, 'Association', {
      resourceArn: api.deploymentStage.stageArn,
      webAclArn: acl.attrArn,
    });
    association.node.addDependency(api.deploymentStage);
    const log = new SecureLogGroup(this, 'Log', {
      // WAF takes log groups of this prefix only. The id of the API is new whenever the stack is made again.
      logGroupName: Fn.join('', ['aws-waf-logs-', api.restApiId]),
      encryptionKey: logKey,
      retention: logRetention,
      removalPolicy,
    });
    new wafv2.CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      // WAF takes the ARN without the `:*` that CloudFormation's attribute ends in.
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: log.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: SECRET_HEADERS.map((Name) => ({ singleHeader: { Name } })),
    });
  }
}

/** What is not inspected does not pass. */
const WHOLE_BODY_INSPECTED: wafv2.CfnWebACL.RuleProperty = {
  name: 'WholeBodyInspected',
  priority: 3,
  action: { block: {} },
  statement: {
    sizeConstraintStatement: {
      // A body longer than what is inspected counts as a match.
      fieldToMatch: { body: { oversizeHandling: 'MATCH' } },
      comparisonOperator: 'GT',
      size: INSPECTED_BYTES,
      textTransformations: [{ priority: 0, type: 'NONE' }],
    },
  },
  visibilityConfig: visible('WholeBodyInspected'),
};

function managed(name: string, priority: number, counted: string[] = []): wafv2.CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visible(name),
  };
}

function visible(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  // Sampled requests would show parts of prompts in the console.
  return { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false };
}
