import {
  ASSUMED_ACCOUNT,
  arnOf,
  attributeOf,
  namePropertyOf,
  type Placement,
  partitionOf,
  refOf,
  urlSuffixOf,
} from './identity';
import { loadAssembly } from './load';
import type { StackTemplate, TemplateResource } from './template';

/** A value that only a deployment knows. */
export class Opaque {
  constructor(readonly reason: string) {}

  toString(): string {
    return `<${this.reason}>`;
  }
}

/** One resource of the assembly, with its properties resolved. */
export interface GraphResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** Path of the construct that made it, or `stack/logicalId` in a template made by hand. */
  readonly path: string;
  /** Name or id that it is assumed to get. */
  readonly name: string;
  readonly arn: string;
  /** Properties with every intrinsic function resolved, or an `Opaque` in its place. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Properties as the template has them. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** The resource as the template has it. */
  readonly template: TemplateResource;
}

/** How deep values may nest and references may chain: far beyond what CloudFormation accepts. */
const MAX_DEPTH = 200;

const NO_VALUE = Symbol('AWS::NoValue');

/**
 * All templates of an assembly, with references between resources and stacks resolved.
 *
 * Conditions are assumed to hold, so that what is deployed only sometimes is judged too. Each resource gets the same
 * assumed name and ARN every time. Never throws on a legal template: what it does not know stays `Opaque`.
 */
export class TemplateGraph {
  /** The graph of a synthesized cloud assembly, such as `cdk.out`. */
  static fromAssembly(directory: string): TemplateGraph {
    return new TemplateGraph(loadAssembly(directory));
  }

  /** Every resource, in the order of stacks and templates. */
  readonly resources: readonly GraphResource[];

  private readonly stacks: ReadonlyMap<string, StackTemplate>;
  private readonly exports = new Map<string, { stack: string; value: unknown }>();
  private readonly byLogicalId = new Map<string, GraphResource>();
  private readonly byArn = new Map<string, GraphResource>();

  constructor(templates: readonly StackTemplate[]) {
    this.stacks = new Map(templates.map((template) => [template.stack, template]));
    for (const { stack, template } of templates) {
      for (const { Value, Export } of Object.values(template.Outputs ?? {})) {
        if (Export) {
          this.exports.set(String(this.resolve(stack, Export.Name)), { stack, value: Value });
        }
      }
    }
    this.resources = templates.flatMap(({ stack, template }) =>
      Object.entries(template.Resources ?? {}).map(([logicalId, resource]) =>
        this.resource(stack, logicalId, resource),
      ),
    );
    for (const resource of this.resources) {
      this.byLogicalId.set(`${resource.stack}/${resource.logicalId}`, resource);
      this.byArn.set(resource.arn, resource);
    }
  }

  /** Resources of the given types. */
  ofType(...types: string[]): GraphResource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** The resource with this ARN, if the assembly makes it. */
  withArn(arn: unknown): GraphResource | undefined {
    return typeof arn === 'string' ? this.byArn.get(arn) : undefined;
  }

  /** The resource of a stack by logical id. */
  withLogicalId(stack: string, logicalId: string): GraphResource | undefined {
    return this.byLogicalId.get(`${stack}/${logicalId}`);
  }

  /** Resolves a value of a template of `stack`. */
  resolve(stack: string, value: unknown): unknown {
    const resolved = this.value(stack, value, 0);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  private resource(stack: string, logicalId: string, template: TemplateResource): GraphResource {
    const raw = template.Properties ?? {};
    const name = this.nameOf(stack, logicalId);
    const path = template.Metadata?.['aws:cdk:path'];
    return {
      stack,
      logicalId,
      type: template.Type,
      path: typeof path === 'string' ? path : `${stack}/${logicalId}`,
      name,
      arn: arnOf(template.Type, this.placementOf(stack), name),
      properties: (this.resolve(stack, raw) ?? {}) as Record<string, unknown>,
      raw,
      template,
    };
  }

  private nameOf(stack: string, logicalId: string, depth = 0): string {
    const resource = this.stacks.get(stack)?.template.Resources?.[logicalId];
    const property = resource && namePropertyOf(resource.Type);
    const given = property && this.value(stack, resource.Properties?.[property], depth);
    return typeof given === 'string' ? given : `${stack}-${logicalId}`.toLowerCase();
  }

  private placementOf(stack: string): Placement {
    const region = this.stacks.get(stack)?.region ?? '';
    return { partition: partitionOf(region), region, account: ASSUMED_ACCOUNT };
  }

  private value(stack: string, value: unknown, depth: number): unknown {
    if (depth > MAX_DEPTH) {
      return new Opaque('nested too deep');
    }
    if (Array.isArray(value)) {
      return value.map((item) => this.value(stack, item, depth + 1)).filter((item) => item !== NO_VALUE);
    }
    if (value === null || typeof value !== 'object') {
      return value;
    }
    const entries = Object.entries(value);
    if (entries.length === 1 && (entries[0][0] === 'Ref' || entries[0][0].startsWith('Fn::'))) {
      return this.intrinsic(stack, entries[0][0], entries[0][1], depth + 1);
    }
    const resolved = entries.map(([key, item]) => [key, this.value(stack, item, depth + 1)] as const);
    return Object.fromEntries(resolved.filter(([, item]) => item !== NO_VALUE));
  }

  private intrinsic(stack: string, name: string, argument: unknown, depth: number): unknown {
    const resolve = (value: unknown) => this.value(stack, value, depth);
    const list = Array.isArray(argument) ? argument : [];
    switch (name) {
      case 'Ref':
        return this.reference(stack, String(argument), depth);
      case 'Fn::GetAtt':
        return this.attribute(
          stack,
          typeof argument === 'string' ? argument.split(/\.(.*)/s) : list.map(String),
          depth,
        );
      case 'Fn::Sub':
        return this.substitute(stack, argument, depth);
      case 'Fn::Join':
        return joined(resolve(list[0]), resolve(list[1]));
      case 'Fn::Select':
        return selected(resolve(list[0]), resolve(list[1]));
      case 'Fn::Split':
        return split(resolve(list[0]), resolve(list[1]));
      case 'Fn::If':
        return resolve(list[1]);
      case 'Fn::ImportValue':
        return this.imported(String(resolve(argument)), depth);
      case 'Fn::FindInMap':
        return this.mapped(stack, list.map(resolve));
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${this.placementOf(stack).region}${zone}`);
      default:
        return new Opaque(name);
    }
  }

  private reference(stack: string, name: string, depth: number): unknown {
    const { account, partition, region } = this.placementOf(stack);
    const pseudo: Record<string, unknown> = {
      'AWS::AccountId': account,
      'AWS::NoValue': NO_VALUE,
      'AWS::NotificationARNs': [],
      'AWS::Partition': partition,
      'AWS::Region': region,
      'AWS::StackId': `arn:${partition}:cloudformation:${region}:${account}:stack/${stack}/0`,
      'AWS::StackName': stack,
      'AWS::URLSuffix': urlSuffixOf(region),
    };
    if (Object.hasOwn(pseudo, name)) {
      return pseudo[name];
    }
    const template = this.stacks.get(stack)?.template;
    const parameter = template?.Parameters?.[name];
    if (parameter) {
      const known = parameter.Default !== undefined && !parameter.Type.startsWith('AWS::SSM::');
      return known ? parameter.Default : new Opaque(`parameter ${name}`);
    }
    const resource = template?.Resources?.[name];
    return resource
      ? refOf(resource.Type, this.placementOf(stack), this.nameOf(stack, name, depth))
      : new Opaque(`reference to ${name}`);
  }

  private attribute(stack: string, [logicalId, attribute]: string[], depth: number): unknown {
    const resource = this.stacks.get(stack)?.template.Resources?.[logicalId];
    return resource
      ? attributeOf(resource.Type, this.placementOf(stack), this.nameOf(stack, logicalId, depth), attribute ?? '')
      : new Opaque(`attribute of ${logicalId}`);
  }

  private substitute(stack: string, argument: unknown, depth: number): unknown {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    if (typeof text !== 'string') {
      return new Opaque('Fn::Sub');
    }
    return text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
      if (literal) {
        return `\${${name}}`;
      }
      if (variables && Object.hasOwn(variables, name)) {
        return String(this.value(stack, variables[name], depth));
      }
      return String(
        name.includes('.') ? this.attribute(stack, name.split(/\.(.*)/s), depth) : this.reference(stack, name, depth),
      );
    });
  }

  private imported(name: string, depth: number): unknown {
    const output = this.exports.get(name);
    return output ? this.value(output.stack, output.value, depth) : new Opaque(`import of ${name}`);
  }

  private mapped(stack: string, [map, first, second]: unknown[]): unknown {
    const value = this.stacks.get(stack)?.template.Mappings?.[String(map)]?.[String(first)]?.[String(second)];
    return value ?? new Opaque(`mapping ${map}`);
  }
}

function joined(separator: unknown, parts: unknown): unknown {
  return Array.isArray(parts) ? parts.map(String).join(String(separator)) : new Opaque('Fn::Join');
}

function selected(index: unknown, items: unknown): unknown {
  const item = Array.isArray(items) ? items[Number(index)] : undefined;
  return item ?? new Opaque('Fn::Select');
}

function split(separator: unknown, text: unknown): unknown {
  return typeof text === 'string' ? text.split(String(separator)) : new Opaque('Fn::Split');
}
