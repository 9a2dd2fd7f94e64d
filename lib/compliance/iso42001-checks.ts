import type { IPolicyValidationContext, PolicyValidationPluginReport, PolicyViolation } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NagPack, NIST80053R5Checks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { knownRegion, readTemplate, type StackTemplate, TemplateGraph } from '../analysis';
import { evaluateRules, type RuleFinding, type RuleResult } from './engine';
import type { Crosswalk, Rule } from './rule';
import { RULES } from './rules';

/** Prefix of the pack's rules in CDK's report and in the exception register. */
export const PACK_NAME = 'ISO42001';

/**
 * cdk-nag drops a finding without a trace when code acknowledges its bare id (3.0.2, `isAcknowledged`). These packs
 * never do: only the form with the pack's name, which CDK records, accepts a finding.
 */
const NEVER_ACKNOWLEDGED = { value: () => false };

/** AwsSolutions, without the acknowledgement that leaves no record. */
export class RecordedAwsSolutionsChecks extends AwsSolutionsChecks {
  constructor(scope?: IConstruct) {
    super(scope);
    Object.defineProperty(this, 'isAcknowledged', NEVER_ACKNOWLEDGED);
  }
}

/** NIST SP 800-53 revision 5, without the acknowledgement that leaves no record. */
export class RecordedNist80053R5Checks extends NIST80053R5Checks {
  constructor(scope?: IConstruct) {
    super(scope);
    Object.defineProperty(this, 'isAcknowledged', NEVER_ACKNOWLEDGED);
  }
}

/** How one rule fared in the last synth. */
export interface RuleEvidence {
  readonly rule: string;
  readonly annexA: readonly string[];
  readonly violations: number;
  readonly compliant: number;
  readonly notApplicable: number;
}

/**
 * The ISO/IEC 42001 rules as a pack for CDK's validation plugins.
 *
 * Judges the synthesized templates and not the construct tree, so that property overrides, escape hatches and raw
 * templates are seen. Warnings do not fail the synth.
 */
export class Iso42001Checks extends NagPack {
  readonly name = PACK_NAME;
  override readonly ruleIds = RULES.map(ruleName);

  private results: readonly RuleResult[] = [];

  constructor(scope?: IConstruct) {
    super(scope);
    this.packName = PACK_NAME;
  }

  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const templates = context.stackTemplates.map(stackTemplate);
    this.results = evaluateRules(new TemplateGraph(templates), RULES);
    const files = new Map(templates.map(({ stack, file }) => [stack, file]));
    const violations = this.results.flatMap(({ findings }) => findings.map((finding) => violationOf(finding, files)));
    return { success: violations.every(({ severity }) => severity !== 'error'), violations };
  }

  /** What every rule found in the last `validate`, the compliant included. */
  evidence(): RuleEvidence[] {
    return this.results.map(({ rule, findings, compliant, notApplicable }) => ({
      rule: ruleName(rule),
      annexA: rule.annexA,
      violations: findings.length,
      compliant: compliant.length,
      notApplicable,
    }));
  }

  /** The pack judges templates in `validate`; cdk-nag's walk over constructs has nothing to add. */
  protected checkResource(): void {}
}

function ruleName({ id }: Rule): string {
  return `${PACK_NAME}-${id}`;
}

function stackTemplate({
  stackConstructPath,
  templatePath,
  region,
}: IPolicyValidationContext['stackTemplates'][number]): StackTemplate {
  return {
    stack: stackConstructPath,
    region: knownRegion(region),
    file: templatePath,
    template: readTemplate(templatePath),
  };
}

function violationOf(
  { rule, resource, property, message, level, unresolved }: RuleFinding,
  files: ReadonlyMap<string, string>,
): PolicyViolation {
  return {
    ruleName: unresolved ? `${ruleName(rule)}[unresolved]` : ruleName(rule),
    description: `${property}: ${message}. ${rule.why}`,
    fix: rule.fix,
    severity: level,
    ruleMetadata: { annexA: rule.annexA.join(' '), ...crosswalkMetadata(rule.crosswalk) },
    violatingResources: [
      {
        constructPath: resource.path,
        resourceLogicalId: resource.logicalId,
        templatePath: files.get(resource.stack),
        locations: [`Properties/${property.replaceAll('.', '/')}`],
      },
    ],
  };
}

/** CDK's report carries a flat map of texts. */
function crosswalkMetadata(crosswalk: Crosswalk): Record<string, string> {
  return Object.fromEntries(Object.entries(crosswalk).map(([catalogue, ids]) => [catalogue, ids.join(' ')]));
}
