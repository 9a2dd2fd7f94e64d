import {
  ASSUMED_ACCOUNT,
  attributeOf,
  namePropertyOf,
  type Placement,
  partitionOf,
  physicalName,
  refOf,
  urlSuffixOf,
} from './identity';
import { Opaque, textOf } from './opaque';
import type { StackTemplate, Template, TemplateResource } from './template';

/** Which way conditions go: `Fn::If` takes its first value where its condition holds. */
export interface Assumptions {
  /** Conditions whose outcome is chosen, by name. @default - none */
  readonly conditions?: Readonly<Record<string, boolean>>;
  /** Outcome of every other condition. @default true */
  readonly otherwise?: boolean;
}

/** How deep values may nest: far beyond what CloudFormation accepts. */
const MAX_DEPTH = 200;

/** Longest text that joining makes, in characters: CloudFormation takes templates of 1 MB. */
const MAX_TEXT = 1_000_000;

const NO_VALUE = Symbol('AWS::NoValue');

/**
 * Resolves intrinsic functions of CloudFormation across the stacks of one assembly. What it cannot know becomes an
 * `Opaque`. Total: references that run in circles, and texts that would grow without end, are opaque too.
 */
export class Resolver {
  /** Whether some value depends on a condition whose outcome was not chosen. */
  usedAssumption = false;

  private readonly stacks: ReadonlyMap<string, StackTemplate>;
  private readonly exports = new Map<string, { stack: string; value: unknown }>();
  private readonly known = new Map<string, unknown>();

  constructor(
    templates: readonly StackTemplate[],
    private readonly assumptions: Assumptions = {},
  ) {
    this.stacks = new Map(templates.map((template) => [template.stack, template]));
    for (const { stack, template } of templates) {
      for (const { Value, Export } of Object.values(template.Outputs ?? {})) {
        if (Export) {
          this.exports.set(textOf(this.resolve(stack, Export.Name)), { stack, value: Value });
        }
      }
    }
  }

  /** The value with every intrinsic function resolved; undefined for `AWS::NoValue`. */
  resolve(stack: string, value: unknown): unknown {
    const resolved = this.value(stack, value, 0);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  /** The name that a resource gets: its template's, or one made from stack and logical id. */
  nameOf(stack: string, logicalId: string): string {
    const name = this.once(`name ${stack} ${logicalId}`, () => {
      const resource = this.resourceOf(stack, logicalId);
      const property = resource && namePropertyOf(resource.Type);
      return property && this.value(stack, own(resource.Properties, property), 0);
    });
    return typeof name === 'string' ? name : physicalName(stack, logicalId);
  }

  /** Where a stack is assumed to be deployed. */
  placementOf(stack: string): Placement {
    const region = this.stacks.get(stack)?.region ?? '';
    return { partition: partitionOf(region), region, account: ASSUMED_ACCOUNT };
  }

  private value(stack: string, value: unknown, depth: number): unknown {
    if (depth > MAX_DEPTH) {
      return new Opaque('nested too deep');
    }
    if (typeof value === 'string') {
      return dynamicReference(value) ?? value;
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
        return this.reference(stack, textOf(argument));
      case 'Fn::GetAtt':
        return this.attribute(stack, typeof argument === 'string' ? inTwo(argument) : list.map(resolve).map(textOf));
      case 'Fn::Sub':
        return this.substitute(stack, argument, depth);
      case 'Fn::Join':
        return joined(resolve(list[0]), resolve(list[1]));
      case 'Fn::Select':
        return selected(resolve(list[0]), resolve(list[1]));
      case 'Fn::Split':
        return split(resolve(list[0]), resolve(list[1]));
      case 'Fn::If':
        return resolve(this.holds(textOf(list[0])) ? list[1] : list[2]);
      case 'Fn::ImportValue':
        return this.imported(textOf(resolve(argument)));
      case 'Fn::FindInMap':
        return this.mapped(stack, list.map(resolve));
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${this.placementOf(stack).region}${zone}`);
      case 'Fn::ToJsonString':
        return text(JSON.stringify(resolve(argument), (_, value) => (value instanceof Opaque ? `${value}` : value)));
      default:
        return new Opaque(name);
    }
  }

  private holds(condition: string): boolean {
    const chosen = own(this.assumptions.conditions, condition);
    if (typeof chosen === 'boolean') {
      return chosen;
    }
    this.usedAssumption = true;
    return this.assumptions.otherwise ?? true;
  }

  private reference(stack: string, name: string): unknown {
    const pseudo = this.pseudoParameters(stack);
    if (Object.hasOwn(pseudo, name)) {
      return pseudo[name];
    }
    const parameter = own(this.templateOf(stack)?.Parameters, name);
    if (parameter) {
      const fixed = parameter.Default !== undefined && !textOf(parameter.Type).startsWith('AWS::SSM::');
      return fixed ? listed(parameter) : new Opaque(`parameter ${name}`);
    }
    const resource = this.resourceOf(stack, name);
    return resource
      ? refOf(resource.Type, this.placementOf(stack), this.nameOf(stack, name))
      : new Opaque(`reference to ${name}`);
  }

  private pseudoParameters(stack: string): Record<string, unknown> {
    const { account, partition, region } = this.placementOf(stack);
    return {
      'AWS::AccountId': account,
      'AWS::NoValue': NO_VALUE,
      'AWS::NotificationARNs': [],
      'AWS::Partition': partition,
      'AWS::Region': region,
      'AWS::StackId': `arn:${partition}:cloudformation:${region}:${account}:stack/${stack}/0`,
      'AWS::StackName': stack,
      'AWS::URLSuffix': urlSuffixOf(region),
    };
  }

  /** An attribute that repeats a property of its resource, such as a VPC's CidrBlock, has that property's value. */
  private attribute(stack: string, [logicalId, attribute = '']: string[]): unknown {
    const resource = this.resourceOf(stack, logicalId);
    if (!resource) {
      return new Opaque(`attribute of ${logicalId}`);
    }
    const repeated = this.once(`attribute ${stack} ${logicalId} ${attribute}`, () =>
      this.value(stack, own(resource.Properties, attribute), 0),
    );
    return typeof repeated === 'string'
      ? repeated
      : attributeOf(resource.Type, this.placementOf(stack), this.nameOf(stack, logicalId), attribute);
  }

  private substitute(stack: string, argument: unknown, depth: number): unknown {
    const [pattern, variables] = Array.isArray(argument) ? argument : [argument, {}];
    if (typeof pattern !== 'string') {
      return new Opaque('Fn::Sub');
    }
    const parts = pattern.split(/(\$\{[^}]*\})/).map((part) => {
      const name = /^\$\{([^}]*)\}$/.exec(part)?.[1];
      if (name === undefined) {
        return part;
      }
      if (name.startsWith('!')) {
        return `\${${name.slice(1)}}`;
      }
      const variable = own(variables as Record<string, unknown>, name);
      return variable === undefined ? this.named(stack, name) : this.value(stack, variable, depth);
    });
    return joined('', parts);
  }

  /** What `${name}` or `${name.attribute}` stands for. */
  private named(stack: string, name: string): unknown {
    return name.includes('.') ? this.attribute(stack, inTwo(name)) : this.reference(stack, name);
  }

  private imported(name: string): unknown {
    const output = this.exports.get(name);
    const value = output && this.once(`export ${name}`, () => this.value(output.stack, output.value, 0));
    return typeof value === 'string' || value instanceof Opaque ? value : new Opaque(`import of ${name}`);
  }

  private mapped(stack: string, [map, first, second]: unknown[]): unknown {
    const mapping = own(own(this.templateOf(stack)?.Mappings, textOf(map)), textOf(first));
    return own(mapping, textOf(second)) ?? new Opaque(`mapping ${map}`);
  }

  private templateOf(stack: string): Template | undefined {
    return this.stacks.get(stack)?.template;
  }

  private resourceOf(stack: string, logicalId: string): TemplateResource | undefined {
    const resource = own(this.templateOf(stack)?.Resources, logicalId);
    return typeof resource?.Type === 'string' ? resource : undefined;
  }

  /** Computes a value once. A value that needs itself is opaque. */
  private once(key: string, compute: () => unknown): unknown {
    if (!this.known.has(key)) {
      this.known.set(key, new Opaque('refers to itself'));
      this.known.set(key, compute());
    }
    return this.known.get(key);
  }
}

/** A member of its own: names in a template may be those of Object.prototype. */
function own<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== null && typeof object === 'object' && Object.hasOwn(object, key) ? object[key] : undefined;
}

function inTwo(name: string): string[] {
  return name.split(/\.(.*)/s);
}

/** A dynamic reference is read at deployment (CloudFormation User Guide, "Get values stored in other services"). */
function dynamicReference(value: string): Opaque | undefined {
  const reference = /^\{\{resolve:((ssm|ssm-secure|secretsmanager):[^}]*)\}\}$/.exec(value);
  return reference ? new Opaque(`dynamic reference to ${reference[1]}`) : undefined;
}

function listed({ Type, Default }: { readonly Type: string; readonly Default?: unknown }): unknown {
  return Type.startsWith('List<') || Type === 'CommaDelimitedList' ? textOf(Default).split(',') : Default;
}

/** Text with an opaque part holds its reason in angle brackets; text that is nothing but an opaque value stays one. */
function joined(separator: unknown, parts: unknown): unknown {
  if (!Array.isArray(parts)) {
    return new Opaque('Fn::Join');
  }
  const given = parts.filter((part) => part !== NO_VALUE && part !== '');
  if (given.length === 1 && given[0] instanceof Opaque) {
    return given[0];
  }
  const texts = parts.filter((part) => part !== NO_VALUE).map(textOf);
  const between = textOf(separator);
  const length = texts.reduce((sum, { length }) => sum + length + between.length, 0);
  return length > MAX_TEXT ? new Opaque('text too long') : texts.join(between);
}

function text(value: string | undefined): unknown {
  return value === undefined || value.length > MAX_TEXT ? new Opaque('text too long') : value;
}

function selected(index: unknown, items: unknown): unknown {
  const item = Array.isArray(items) ? items[Number(index)] : undefined;
  return item ?? new Opaque('Fn::Select');
}

function split(separator: unknown, value: unknown): unknown {
  return typeof value === 'string' ? value.split(textOf(separator)) : new Opaque('Fn::Split');
}
