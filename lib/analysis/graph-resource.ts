import { arnOf } from './identity';
import type { Reliance, Tracked } from './reliance';
import type { Resolver } from './resolver';
import type { StackTemplate, TemplateResource } from './template';
import { asRecord, isIntrinsic } from './values';

/** One resource of the assembly, with its properties resolved. */
export interface GraphResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** Path of the construct that made it, or `stack/logicalId` in a template made by hand. */
  readonly path: string;
  /** File of its template, as it was read. */
  readonly file: string;
  /** Name or id that it is assumed to get. */
  readonly name: string;
  readonly arn: string;
  /** Name of the condition under which it is deployed. @default - it always is */
  readonly condition?: string;
  /** Properties with every intrinsic function resolved, or an `Opaque` in its place. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Properties as the template has them. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** The resource as the template has it. */
  readonly template: TemplateResource;
}

/** A resource that resolves its name, ARN and properties when they are first asked for, and once. */
export class LazyResource implements GraphResource {
  readonly stack: string;
  readonly file: string;
  readonly type: string;
  readonly #resolver: Resolver;
  readonly #source: StackTemplate;
  readonly #reliance: Reliance;
  #name?: Tracked<string>;
  #arn?: Tracked<string>;
  #properties?: Tracked<Readonly<Record<string, unknown>>>;

  constructor(
    resolver: Resolver,
    reliance: Reliance,
    source: StackTemplate,
    readonly logicalId: string,
    readonly template: TemplateResource,
  ) {
    this.#resolver = resolver;
    this.#source = source;
    this.#reliance = reliance;
    this.stack = source.stack;
    this.file = source.file;
    this.type = template.Type;
  }

  get path(): string {
    const path = asRecord(this.template.Metadata)['aws:cdk:path'] ?? this.#source.paths?.[this.logicalId];
    return typeof path === 'string' ? path : `${this.stack}/${this.logicalId}`;
  }

  get condition(): string | undefined {
    const { Condition } = this.template;
    return typeof Condition === 'string' ? Condition : undefined;
  }

  get raw(): Readonly<Record<string, unknown>> {
    return asRecord(this.template.Properties);
  }

  get name(): string {
    this.#name ??= this.#reliance.track(() => this.#resolver.nameOf(this.stack, this.logicalId));
    return this.#reliance.use(this.#name);
  }

  get arn(): string {
    this.#arn ??= this.#reliance.track(() => arnOf(this.type, this.#resolver.placementOf(this.stack), this.name));
    return this.#reliance.use(this.#arn);
  }

  /** Properties that are no object, such as the result of a macro, hold nothing that can be read. */
  get properties(): Readonly<Record<string, unknown>> {
    this.#properties ??= this.#resolved();
    return this.#reliance.use(this.#properties);
  }

  /** Where some properties rest on an assumption, whoever reads the others does not. */
  #resolved(): Tracked<Readonly<Record<string, unknown>>> {
    const resolve = (value: unknown) => this.#reliance.track(() => this.#resolver.resolve(this.stack, value));
    const { value, assumed } = resolve(this.raw);
    const properties = asRecord(value);
    const keys = Object.keys(this.raw);
    if (!assumed || isIntrinsic(keys)) {
      return { value: properties, assumed };
    }
    const assumedKeys = new Set(keys.filter((key) => resolve(this.raw[key]).assumed));
    return { value: this.#reliance.watched(properties, assumedKeys), assumed: false };
  }
}
