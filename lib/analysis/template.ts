/** A resource as it stands in a CloudFormation template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  /** How an Auto Scaling group or an alias moves to what is new. */
  readonly UpdatePolicy?: unknown;
}

/** The parts of a CloudFormation template that analysis reads. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
}

/** A template with the stack it makes. */
export interface StackTemplate {
  /** Name of the stack. */
  readonly stack: string;
  /** Region it is deployed to. */
  readonly region: string;
  /** Whether that Region is certain. Conditions on the Region are decided only where it is. @default false */
  readonly regionIsFixed?: boolean;
  /** Where the template was read, for messages. */
  readonly file: string;
  readonly template: Template;
  /** Construct paths by logical id, for resources without path metadata. @default - none */
  readonly paths?: Readonly<Record<string, string>>;
  /** The resource of another stack that makes this one: a nested stack. @default - a stack of its own */
  readonly parent?: { readonly stack: string; readonly logicalId: string };
}
