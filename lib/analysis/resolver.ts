import { cidrBlocks } from './cidr';
import { outcome, restsOn } from './conditions';
import { base64, dynamicReference, joined, jsonText, lengthOf, NO_VALUE, selected, split } from './functions';
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
import { Opaque } from './opaque';
import { Reliance, type Tracked } from './reliance';
import type { RawValue, Stacks } from './stacks';
import { inTwo, isIntrinsic, isScalar, own, scalarText } from './values';

/** Which way conditions go: `Fn::If` takes its first value where its condition holds. */
export interface Assumptions {
  /** Conditions whose outcome is chosen, by name. @default - none */
  readonly conditions?: Readonly<Record<string, boolean>>;
  /** Outcome of every other condition that the template itself does not decide. @default true */
  readonly otherwise?: boolean;
}

/** How deep values may nest, those they refer to included: far beyond what CloudFormation accepts. */
const MAX_DEPTH = 200;

/** Most characters, or items, that everything which functions make may have together: 100 of the largest templates. */
const MAX_MADE = 100_000_000;

/** Longest value of a parameter, in characters (CloudFormation quotas: 4,096 bytes). */
const MAX_PARAMETER = 4096;

/** Longest list in a mapping: as long as a parameter's can be. */
const MAX_LIST = 4096;

/** Pseudo parameters that a certain Region decides. */
const DECIDED_BY_REGION = ['AWS::Partition', 'AWS::Region', 'AWS::URLSuffix'];

/**
 * Resolves intrinsic functions of CloudFormation across the stacks of one assembly. What it cannot know becomes an
 * `Opaque`. Total: references that run in circles, and texts that would grow without end, are opaque too.
 */
export class Resolver {
  private readonly known = new Map<string, Tracked<unknown>>();
  private readonly pseudoParameters = new Map<string, Readonly<Record<string, unknown>>>();
  private exports?: Tracked<ReadonlyMap<string, RawValue>>;
  private depth = 0;
  private made = 0;

  constructor(
    private readonly stacks: Stacks,
    private readonly assumptions: Assumptions = {},
    /** Learns which values rest on an outcome that nothing but `assumptions.otherwise` decides. */
    private readonly reliance = new Reliance(),
  ) {}

  /** The value with every intrinsic function resolved; undefined for `AWS::NoValue`. What holds no function is itself. */
  resolve(stack: string, value: unknown): unknown {
    const resolved = this.value(stack, value);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  /** The name that a resource gets: its template's, or one made from stack and logical id. */
  nameOf(stack: string, logicalId: string): string {
    const name = this.once('name', stack, logicalId, () => {
      const resource = this.stacks.resource(stack, logicalId);
      const property = resource && namePropertyOf(resource.Type);
      return property && this.value(stack, own(resource.Properties, property));
    });
    return typeof name === 'string' ? name : physicalName(stack, logicalId);
  }

  /** Where a stack is assumed to be deployed. */
  placementOf(stack: string): Placement {
    const region = this.stacks.get(stack)?.region ?? '';
    return { partition: partitionOf(region), region, account: ASSUMED_ACCOUNT };
  }

  /** The outcome of a condition that was chosen, or that the template decides; undefined where the deployment does. */
  outcomeOf(stack: string, condition: string): boolean | undefined {
    const chosen = own(this.assumptions.conditions, condition);
    if (typeof chosen === 'boolean') {
      return chosen;
    }
    if (this.depth >= MAX_DEPTH) {
      return undefined;
    }
    this.depth += 1;
    const decided = this.once('condition', stack, condition, () => this.decided(stack, condition));
    this.depth -= 1;
    return typeof decided === 'boolean' ? decided : undefined;
  }

  /** The exported output of this name, of a stack in the same Region if there is one. */
  exported(stack: string, name: string): RawValue | undefined {
    const exports = this.reliance.use(this.exports ?? this.allExports());
    const region = this.stacks.get(stack)?.region;
    return exports.get(`${region}\u0000${name}`) ?? exports.get(name);
  }

  /** What a template decides by nothing but an assumption, it leaves open. */
  private decided(stack: string, condition: string): boolean | undefined {
    const { value, assumed } = this.reliance.track(() =>
      outcome(own(this.stacks.template(stack)?.Conditions, condition), {
        outcomeOf: (name) => this.outcomeOf(stack, name),
        isFixed: (name) => this.isFixed(stack, name),
        resolve: (operand) => this.value(stack, operand),
      }),
    );
    return assumed ? undefined : value;
  }

  private value(stack: string, value: unknown): unknown {
    if (typeof value === 'string') {
      return dynamicReference(value) ?? value;
    }
    if (value === null || typeof value !== 'object' || value instanceof Opaque) {
      return value;
    }
    if (this.depth >= MAX_DEPTH) {
      return new Opaque('nested too deep');
    }
    this.depth += 1;
    const resolved = Array.isArray(value)
      ? this.list(stack, value)
      : this.object(stack, value as Record<string, unknown>);
    this.depth -= 1;
    return resolved;
  }

  /** The list itself, where nothing in it changes: most of a template is shared with what it resolves to. */
  private list(stack: string, items: readonly unknown[]): unknown {
    let changed: unknown[] | undefined;
    for (let index = 0; index < items.length; index += 1) {
      const resolved = this.value(stack, items[index]);
      if (resolved !== items[index]) {
        changed ??= [...items];
        changed[index] = resolved;
      }
    }
    return changed?.filter((item) => item !== NO_VALUE) ?? items;
  }

  /** The object itself, where nothing in it changes. */
  private object(stack: string, object: Readonly<Record<string, unknown>>): unknown {
    const keys = Object.keys(object);
    if (isIntrinsic(keys)) {
      return this.intrinsic(stack, keys[0], object[keys[0]]);
    }
    let changed: Map<string, unknown> | undefined;
    for (const key of keys) {
      const resolved = this.value(stack, object[key]);
      if (resolved !== object[key]) {
        changed ??= new Map(Object.entries(object));
        changed.set(key, resolved);
      }
    }
    return changed ? Object.fromEntries([...changed].filter(([, item]) => item !== NO_VALUE)) : object;
  }

  private intrinsic(stack: string, name: string, argument: unknown): unknown {
    const resolve = (value: unknown) => this.value(stack, value);
    const list = Array.isArray(argument) ? argument : [];
    switch (name) {
      case 'Ref':
        return typeof argument === 'string' ? this.reference(stack, argument) : new Opaque('Ref');
      case 'Fn::GetAtt':
        return this.attribute(
          stack,
          typeof argument === 'string' ? inTwo(argument) : list.map(resolve).map(scalarText),
        );
      case 'Fn::Sub':
        return this.substitute(stack, argument);
      case 'Fn::Join':
        return this.counted(joined(resolve(list[0]), resolve(list[1])));
      case 'Fn::Select':
        return selected(resolve(list[0]), resolve(list[1]));
      case 'Fn::Split':
        return this.counted(split(resolve(list[0]), resolve(list[1])));
      case 'Fn::If':
        return resolve(this.holds(stack, list[0]) ? list[1] : list[2]);
      case 'Fn::ImportValue':
        return this.imported(stack, scalarText(resolve(argument)));
      case 'Fn::FindInMap':
        return this.mapped(stack, list.map(resolve));
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${this.placementOf(stack).region}${zone}`);
      case 'Fn::ToJsonString':
        return this.counted(jsonText(resolve(argument)));
      case 'Fn::Base64':
        return this.counted(base64(resolve(argument)));
      case 'Fn::Cidr':
        return cidrBlocks(resolve(list[0]), resolve(list[1]), resolve(list[2]));
      case 'Fn::Length':
        return lengthOf(resolve(argument));
      default:
        return new Opaque(name);
    }
  }

  private holds(stack: string, condition: unknown): boolean {
    const decided = typeof condition === 'string' ? this.outcomeOf(stack, condition) : undefined;
    if (decided === undefined) {
      this.reliance.note();
    }
    return decided ?? this.assumptions.otherwise ?? true;
  }

  /** Whether every deployment has the same value for a parameter or pseudo parameter. */
  private isFixed(stack: string, name: string): boolean {
    if (DECIDED_BY_REGION.includes(name)) {
      return this.stacks.get(stack)?.regionIsFixed ?? false;
    }
    const given = this.stacks.given(stack, name);
    const fixed =
      given && this.once('fixed', stack, name, () => restsOn(given.value, (at) => this.isFixed(given.stack, at)));
    return fixed === true;
  }

  private reference(stack: string, name: string): unknown {
    const pseudo = this.pseudoParametersOf(stack);
    if (Object.hasOwn(pseudo, name)) {
      return pseudo[name];
    }
    const parameter = own(this.stacks.template(stack)?.Parameters, name);
    if (parameter) {
      return this.parameter(stack, name, parameter);
    }
    const resource = this.stacks.resource(stack, name);
    return resource
      ? refOf(resource.Type, this.placementOf(stack), this.nameOf(stack, name))
      : new Opaque(`reference to ${name}`);
  }

  /** What a parent stack gives, or the default. */
  private parameter(stack: string, name: string, { Type, Default }: { Type?: unknown; Default?: unknown }): unknown {
    const given = this.stacks.given(stack, name);
    const value = given ? this.once('parameter', stack, name, () => this.passed(given)) : Default;
    const type = scalarText(Type);
    if (value instanceof Opaque) {
      return value;
    }
    if (!isParameterValue(value) || type.startsWith('AWS::SSM::')) {
      return new Opaque(`parameter ${name}`);
    }
    return type.startsWith('List<') || type === 'CommaDelimitedList' ? `${value}`.split(',') : value;
  }

  /** A parameter of a nested stack is a text; a list arrives with commas. */
  private passed({ stack, value }: RawValue): unknown {
    const resolved = this.value(stack, value);
    return typeof resolved === 'object' && resolved !== null ? this.counted(joined(',', resolved)) : resolved;
  }

  private pseudoParametersOf(stack: string): Readonly<Record<string, unknown>> {
    const known = this.pseudoParameters.get(stack);
    if (known) {
      return known;
    }
    const { account, partition, region } = this.placementOf(stack);
    const parameters = {
      'AWS::AccountId': account,
      'AWS::NoValue': NO_VALUE,
      'AWS::NotificationARNs': [],
      'AWS::Partition': partition,
      'AWS::Region': region,
      'AWS::StackId': `arn:${partition}:cloudformation:${region}:${account}:stack/${stack}/0`,
      'AWS::StackName': stack,
      'AWS::URLSuffix': urlSuffixOf(region),
    };
    this.pseudoParameters.set(stack, parameters);
    return parameters;
  }

  /** An attribute that repeats a property of its resource, such as a VPC's CidrBlock, has that property's value. */
  private attribute(stack: string, [logicalId = '', attribute = '']: string[]): unknown {
    const resource = this.stacks.resource(stack, logicalId);
    if (!resource) {
      return new Opaque(`attribute of ${logicalId}`);
    }
    const output = this.stacks.outputOf(stack, logicalId, attribute);
    if (output) {
      return this.output(output, `${logicalId}.${attribute}`, stack);
    }
    const repeated = this.once('attribute', stack, `${logicalId}.${attribute}`, () =>
      this.value(stack, own(resource.Properties, attribute)),
    );
    return typeof repeated === 'string'
      ? repeated
      : attributeOf(resource.Type, this.placementOf(stack), this.nameOf(stack, logicalId), attribute);
  }

  private substitute(stack: string, argument: unknown): unknown {
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
      return variable === undefined ? this.named(stack, name) : this.value(stack, variable);
    });
    return this.counted(joined('', parts));
  }

  /** What `${name}` or `${name.attribute}` stands for. */
  private named(stack: string, name: string): unknown {
    return name.includes('.') ? this.attribute(stack, inTwo(name)) : this.reference(stack, name);
  }

  private imported(stack: string, name: string): unknown {
    const output = this.exported(stack, name);
    return output ? this.output(output, name, 'export') : new Opaque(`import of ${name}`);
  }

  /** The value of an output, which is a text. */
  private output({ stack, value }: RawValue, name: string, from: string): unknown {
    const known = this.once('output', `${stack} ${from}`, name, () => this.value(stack, value));
    if (known instanceof Opaque) {
      return known;
    }
    return isScalar(known) ? `${known}` : new Opaque(`output ${name}`);
  }

  private mapped(stack: string, [map, first, second, options]: unknown[]): unknown {
    const mapping = own(own(this.stacks.template(stack)?.Mappings, scalarText(map)), scalarText(first));
    const value = own(mapping, scalarText(second));
    const known = Array.isArray(value) ? value.length <= MAX_LIST && value.every(isScalar) : isScalar(value);
    const otherwise = own(options as Record<string, unknown>, 'DefaultValue');
    return known ? value : (otherwise ?? new Opaque(`mapping ${scalarText(map)}`));
  }

  private allExports(): Tracked<ReadonlyMap<string, RawValue>> {
    const exports = new Map<string, RawValue>();
    // What an export's name imports finds no export yet: names of exports are static in a legal template.
    this.exports = { value: exports, assumed: true };
    this.exports = this.reliance.track(() => {
      for (const { stack, name, value } of this.stacks.exports()) {
        const known = scalarText(this.resolve(stack, name));
        exports.set(known, { stack, value });
        exports.set(`${this.stacks.get(stack)?.region}\u0000${known}`, { stack, value });
      }
      return exports;
    });
    return this.exports;
  }

  /** Counts a text that a function made: texts that double at each step would fill the memory. */
  private counted(value: unknown): unknown {
    if (typeof value !== 'string' && !Array.isArray(value)) {
      return value;
    }
    this.made += value.length;
    return this.made > MAX_MADE ? new Opaque('text too long') : value;
  }

  /** Computes a value once. A value that needs itself is opaque. */
  private once(kind: string, stack: string, name: string, compute: () => unknown): unknown {
    const key = `${kind}\u0000${stack}\u0000${name}`;
    const known = this.known.get(key);
    if (known) {
      return this.reliance.use(known);
    }
    // Where the circle is cut depends on where it was entered, which may differ from world to world.
    this.known.set(key, { value: new Opaque('refers to itself'), assumed: true });
    const tracked = this.reliance.track(compute);
    this.known.set(key, tracked);
    return this.reliance.use(tracked);
  }
}

function isParameterValue(value: unknown): boolean {
  return isScalar(value) && `${value}`.length <= MAX_PARAMETER;
}
