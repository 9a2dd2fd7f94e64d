import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ExceptionRegister } from './exception-register';

/** What CDK passes to a plugin at synthesis, beside its public interface (cdk-nag 3 relies on it in the same way). */
interface AppValidationContext extends IPolicyValidationContext {
  readonly appConstruct: IConstruct;
}

/**
 * Runs another pack and accepts exactly those of its findings that the register covers.
 *
 * An accepted finding is acknowledged under `Pack::Rule` at its own resource, so CDK keeps it in
 * validation-report.json among the suppressed violations with the register's reason. Warnings do not fail the synth.
 */
export class RegisteredChecks implements IPolicyValidationPlugin {
  readonly name: string;
  readonly version?: string;
  readonly ruleIds?: string[];

  constructor(
    private readonly checks: IPolicyValidationPlugin,
    private readonly register: ExceptionRegister,
  ) {
    this.name = checks.name;
    this.version = checks.version;
    this.ruleIds = checks.ruleIds;
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const { appConstruct } = context as AppValidationContext;
    const report = this.checks.validate(context);
    for (const violation of report.violations) {
      this.acknowledge(violation, appConstruct);
    }
    return {
      ...report,
      success: report.violations.every(({ severity }) => severity !== 'error' && severity !== 'fatal'),
    };
  }

  private acknowledge(violation: PolicyViolation, app: IConstruct): void {
    const id = `${this.name}::${violation.ruleName}`;
    for (const { constructPath } of violation.violatingResources) {
      const exception = constructPath && this.register.accept(id, constructPath);
      if (exception) {
        const { id: entry, reason, approver, ticket, expires } = exception;
        Validations.of(constructAt(app, constructPath)).acknowledge({
          id,
          reason: `${entry}: ${reason} (approved by ${approver}, ${ticket}, until ${expires})`,
        });
      }
    }
  }
}

function constructAt(app: IConstruct, path: string): IConstruct {
  return path.split('/').reduce((scope, id) => scope.node.findChild(id), app);
}

/**
 * Judges the register itself: expired and unused entries, and acknowledgements that bypass it. Its findings are
 * `fatal`, the one severity that CDK lets nobody acknowledge. Register it after every `RegisteredChecks`.
 */
export class ExceptionRegisterChecks implements IPolicyValidationPlugin {
  readonly name = 'ExceptionRegister';

  constructor(private readonly register: ExceptionRegister) {}

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const { appConstruct } = context as AppValidationContext;
    const violations = [
      ...this.register
        .expired()
        .map(({ id, expires }) =>
          fatal(
            'ExceptionExpired',
            `${id} expired on ${expires}`,
            'Fix the finding, or have the exception approved again.',
          ),
        ),
      ...this.register
        .unused()
        .map(({ id }) =>
          fatal('ExceptionUnused', `${id} covers no finding`, 'Remove the entry from manifests/exceptions.yaml.'),
        ),
      ...unregistered(appConstruct, this.register).map(({ path, id }) =>
        fatal(
          'ExceptionUnregistered',
          `${id} is acknowledged in code at ${path}`,
          'Move it to manifests/exceptions.yaml, with owner, approver, ticket and expiry.',
          path,
        ),
      ),
    ];
    return { success: violations.length === 0, violations };
  }
}

function fatal(ruleName: string, description: string, fix: string, constructPath = ''): PolicyViolation {
  return { ruleName, description, fix, severity: 'fatal', violatingResources: [{ constructPath, locations: [] }] };
}

/** What CDK 2.275 acknowledges by itself, wherever a stack's Availability Zones are read. */
const BY_CDK = 'CloudFormation-Validate::W3010';

/** Acknowledgements that code made by itself. Those of annotations are not findings of a pack. */
function unregistered(app: IConstruct, register: ExceptionRegister): { path: string; id: string }[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(data as Record<string, string>))
      .filter((id) => id !== BY_CDK && !id.startsWith('Annotation::') && !register.hasAccepted(id, node.path))
      .map((id) => ({ path: node.path, id })),
  );
}
