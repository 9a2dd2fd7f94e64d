import {
  CfnResource,
  type IPolicyValidationContext,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Stack,
} from 'aws-cdk-lib';
import { AwsSolutionsChecks, type INagValidationContext, NagPack, NIST80053R5Checks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import {
  isKnownRegion,
  knownRegion,
  readTemplate,
  type StackTemplate,
  TemplateGraph,
  withNestedStacks,
} from '../analysis';
import { evaluateRules, type RuleFinding, type RuleResult } from './engine';
import { findingName, PACK_NAME, ruleName } from './pack-name';
import type { Crosswalk, Rule } from './rule';
import { RULES } from './rules';

/** AwsSolutions, without the acknowledgement that leaves no record; only its errors fail the synth. */
export class RecordedAwsSolutionsChecks extends AwsSolutionsChecks {
  constructor(scope?: IConstruct) {
    super(scope);
    neverAcknowledge(this);
  }

  override validateScope(scope: IConstruct): PolicyValidationPluginReport {
    return failingOnErrors(super.validateScope(scope));
  }
}

/** NIST SP 800-53 revision 5, without the acknowledgement that leaves no record; only its errors fail the synth. */
export class RecordedNist80053R5Checks extends NIST80053R5Checks {
  constructor(scope?: IConstruct) {
    super(scope);
    neverAcknowledge(this);
  }

  override validateScope(scope: IConstruct): PolicyValidationPluginReport {
    return failingOnErrors(super.validateScope(scope));
  }
}

/**
 * cdk-nag drops a finding without a trace when code acknowledges its bare id (3.0.2, `isAcknowledged`, private to
 * TypeScript). A pack that never does leaves only the form with the pack's name, which CDK records.
 */
function neverAcknowledge(pack: NagPack): void {
  Object.defineProperty(pack, 'isAcknowledged', { value: () => false });
}

/** cdk-nag 3 fails the synth on warnings too. */
function failingOnErrors(report: PolicyValidationPluginReport): PolicyValidationPluginReport {
  return { ...report, success: report.violations.every(({ severity }) => severity !== 'error') };
}

/** How one rule fared in the last synth. */
export interface RuleEvidence {
  readonly rule: string;
  readonly annexA: readonly string[];
  /** Whether what the rule asks for notices a fault; otherwise it prevents one. */
  readonly detects: boolean;
  readonly violations: number;
  /** Findings that rest on what only a deployment knows. */
  readonly unresolvable: number;
  /** Construct paths of the resources that the rule judged and found compliant. */
  readonly compliant: readonly string[];
  readonly notApplicable: number;
}

/** Properties of the ISO 42001 pack. */
export interface Iso42001ChecksProps {
  /** Rules that run; an organization adds its own to `RULES`. @default RULES */
  readonly rules?: readonly Rule[];
}

/**
 * The ISO/IEC 42001 rules as a pack for CDK's validation plugins.
 *
 * Judges the synthesized templates and not the construct tree, so that property overrides, escape hatches and raw
 * templates are seen. Warnings do not fail the synth. There is nothing to walk before synthesis: `validateScope` throws
 * PALISADE-C001.
 */
export class Iso42001Checks extends NagPack {
  readonly name = PACK_NAME;
  override readonly ruleIds: string[];

  private readonly rules: readonly Rule[];
  private results: readonly RuleResult[] = [];
  private report?: PolicyValidationPluginReport;

  constructor(scope?: IConstruct, { rules = RULES }: Iso42001ChecksProps = {}) {
    super(scope);
    this.packName = PACK_NAME;
    this.rules = rules;
    this.ruleIds = rules.map(({ id }) => ruleName(id));
  }

  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const paths = constructPaths((context as INagValidationContext).appConstruct);
    const templates = withNestedStacks(context.stackTemplates.map((template) => stackTemplate(template, paths)));
    const files = new Map(templates.map(({ stack, file }) => [stack, file]));
    this.results = evaluateRules(new TemplateGraph(templates), this.rules);
    const findings = this.results.flatMap(({ violations, unresolvable }) => [...violations, ...unresolvable]);
    const violations = findings.map((finding) => violationOf(finding, files));
    this.report = failingOnErrors({ success: true, violations });
    return this.report;
  }

  override validateScope(scope: IConstruct): PolicyValidationPluginReport {
    throw new PalisadeError({
      code: 'PALISADE-C001',
      where: scope.node.path || 'app',
      problem: 'the ISO 42001 pack judges templates, and a construct tree has none before synthesis',
      fix: 'register it with Validations.of(app).addPlugins(...) and call app.synth()',
    });
  }

  /** What the last `validate` reported. @default - undefined before the first synth */
  get lastReport(): PolicyValidationPluginReport | undefined {
    return this.report;
  }

  /** What every rule found in the last `validate`, the compliant included. */
  evidence(): RuleEvidence[] {
    return this.results.map(({ rule, violations, unresolvable, compliant, notApplicable }) => ({
      rule: ruleName(rule.id),
      annexA: rule.annexA,
      detects: rule.detects,
      violations: violations.length,
      unresolvable: unresolvable.length,
      compliant: compliant.map(({ path }) => path),
      notApplicable,
    }));
  }

  /** The pack judges templates in `validate`; cdk-nag's walk over constructs has nothing to add. */
  protected checkResource(): void {}
}

/** Construct paths by stack and logical id: templates carry them only where path metadata is switched on. */
function constructPaths(app: IConstruct | undefined): ReadonlyMap<string, Record<string, string>> {
  const paths = new Map<string, Record<string, string>>();
  for (const resource of app?.node.findAll().filter(CfnResource.isCfnResource) ?? []) {
    const stack = Stack.of(resource);
    const known = paths.get(stack.node.path) ?? {};
    known[stack.resolve(resource.logicalId)] = resource.node.path;
    paths.set(stack.node.path, known);
  }
  return paths;
}

function stackTemplate(
  { stackConstructPath, templatePath, region }: IPolicyValidationContext['stackTemplates'][number],
  paths: ReadonlyMap<string, Record<string, string>>,
): StackTemplate {
  return {
    stack: stackConstructPath,
    region: knownRegion(region),
    regionIsFixed: isKnownRegion(region),
    file: templatePath,
    template: readTemplate(templatePath),
    paths: paths.get(stackConstructPath),
  };
}

function violationOf(
  { rule, resource, property, message, level, unresolved }: RuleFinding,
  files: ReadonlyMap<string, string>,
): PolicyViolation {
  return {
    ruleName: findingName(rule.id, unresolved),
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
