import { stringify } from 'yaml';
import { PalisadeError } from '../../runtime/errors';
import { isAiType } from './conditions';
import { CONFIG_REGIONS, isAvailable, MANAGED_RULES, type ManagedRule } from './managed-rules';
import type { Rule } from './rule';
import { RECORD_DAYS } from './rules/logging/record-retention';

/**
 * Parameters that AWS Config demands of a managed rule, and those without which it would ask less than our rule does
 * (AWS Config Developer Guide, page of each rule).
 */
const PARAMETERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  API_GW_ENDPOINT_TYPE_CHECK: { endpointConfigurationTypes: 'PRIVATE' },
  CLOUDWATCH_ALARM_ACTION_CHECK: {
    alarmActionRequired: 'true',
    insufficientDataActionRequired: 'false',
    okActionRequired: 'false',
  },
  CW_LOGGROUP_RETENTION_PERIOD_CHECK: { MinRetentionTime: String(RECORD_DAYS) },
  SAGEMAKER_NOTEBOOK_INSTANCE_PLATFORM_VERSION: { supportedPlatformIdentifierVersions: 'notebook-al2023-v1' },
  STEP_FUNCTIONS_STATE_MACHINE_LOGGING_ENABLED: { logLevel: 'ALL' },
  VPC_FLOW_LOGS_ENABLED: { trafficType: 'ALL' },
};

/** One Config rule, and the rules of the registry that it stands for. */
interface Twin {
  readonly identifier: string;
  readonly managed: ManagedRule;
  readonly rules: readonly Rule[];
}

/**
 * The conformance pack of AWS Config, as YAML: one Config rule for each managed rule that checks at run time what rules
 * of the registry check in templates. Managed rules that the Region lacks are left out, and named in its first lines.
 *
 * Throws PALISADE-C201 for a Region that AWS Config's guide does not know, PALISADE-C202 for an identifier that is no
 * managed rule.
 */
export function conformancePack(rules: readonly Rule[], region: string): string {
  requireRegion(region);
  const twins = twinsOf(rules);
  const missing = twins.filter(({ managed }) => !isAvailable(managed, region)).map(({ identifier }) => identifier);
  const present = twins.filter(({ identifier }) => !missing.includes(identifier));
  const Resources = Object.fromEntries(present.map((twin) => [logicalId(twin.identifier), configRule(twin)]));
  const without = missing.map((identifier) => `# Not in ${region}: ${identifier}\n`).join('');
  return without + stringify({ Resources }, { lineWidth: 0 });
}

function twinsOf(rules: readonly Rule[]): Twin[] {
  const identifiers = [...new Set(rules.flatMap(({ configRules }) => configRules))].sort();
  return identifiers.map((identifier) => ({
    identifier,
    managed: managedRule(identifier),
    rules: rules.filter(({ configRules }) => configRules.includes(identifier)).sort((a, b) => (a.id < b.id ? -1 : 1)),
  }));
}

function configRule({ identifier, managed, rules }: Twin): object {
  return {
    Type: 'AWS::Config::ConfigRule',
    Properties: {
      ConfigRuleName: `aims-${identifier.toLowerCase().replaceAll('_', '-')}`,
      Description: rules.map(({ id, annexA, why }) => `ISO42001-${id} (${annexA.join(', ')}): ${why}`).join(' '),
      Source: { Owner: 'AWS', SourceIdentifier: identifier },
      ...scope(managed, rules),
      ...(identifier in PARAMETERS ? { InputParameters: PARAMETERS[identifier] } : {}),
    },
  };
}

/**
 * AWS Config takes types or a tag, and neither for rules that run on a schedule. Rules that concern AI systems only look
 * at what says that it belongs to one; a managed rule looks at its own types in any case.
 */
function scope({ types }: ManagedRule, rules: readonly Rule[]): object {
  if (!types) {
    return {};
  }
  const tagged = rules.every((rule) => rule.scope === 'ai') && !types.some(isAiType);
  return { Scope: tagged ? { TagKey: 'ai:system-id' } : { ComplianceResourceTypes: types } };
}

function logicalId(identifier: string): string {
  return identifier.split('_').map(capitalized).join('');
}

function capitalized(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase();
}

function managedRule(identifier: string): ManagedRule {
  if (!Object.hasOwn(MANAGED_RULES, identifier)) {
    throw new PalisadeError({
      code: 'PALISADE-C202',
      where: 'conformance pack',
      problem: `${identifier} is no managed rule of AWS Config that lib/compliance/managed-rules.ts knows`,
      fix: "correct it after the guide's page of the rule, or add the rule to that file with its types and Regions",
    });
  }
  return MANAGED_RULES[identifier];
}

function requireRegion(region: string): void {
  if (!CONFIG_REGIONS.includes(region)) {
    throw new PalisadeError({
      code: 'PALISADE-C201',
      where: 'conformance pack',
      problem: `'${region}' is not a Region whose managed rules are known`,
      fix: 'give the Region that the pack is deployed to; a stack without env does not know its own',
    });
  }
}
