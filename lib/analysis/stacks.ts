import type { StackTemplate, Template, TemplateResource } from './template';
import { asRecord, own } from './values';

/** A value as a template has it, with the stack in which its references are meant. */
export interface RawValue {
  readonly stack: string;
  readonly value: unknown;
}

/** Type of a resource that makes a nested stack. */
export const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** What the templates of an assembly hold, by stack and name. Total: a template may hold anything anywhere. */
export class Stacks {
  private readonly byName: ReadonlyMap<string, StackTemplate>;
  private readonly children = new Map<string, string>();

  constructor(readonly all: readonly StackTemplate[]) {
    this.byName = new Map(all.map((template) => [template.stack, template]));
    for (const { stack, parent } of all) {
      if (parent) {
        this.children.set(`${parent.stack}\u0000${parent.logicalId}`, stack);
      }
    }
  }

  get(stack: string): StackTemplate | undefined {
    return this.byName.get(stack);
  }

  template(stack: string): Template | undefined {
    return this.byName.get(stack)?.template;
  }

  resource(stack: string, logicalId: string): TemplateResource | undefined {
    const resource = own(this.template(stack)?.Resources, logicalId);
    return typeof resource?.Type === 'string' ? resource : undefined;
  }

  /** The nested stack that a resource makes, if its template was read. */
  childOf(stack: string, logicalId: string): string | undefined {
    return this.children.get(`${stack}\u0000${logicalId}`);
  }

  /** What the parent of a nested stack gives to one of its parameters. */
  given(stack: string, parameter: string): RawValue | undefined {
    const parent = this.byName.get(stack)?.parent;
    const properties = parent && this.resource(parent.stack, parent.logicalId)?.Properties;
    const parameters = own(properties, 'Parameters') as Record<string, unknown> | undefined;
    const value = own(parameters, parameter);
    return parent && value !== undefined ? { stack: parent.stack, value } : undefined;
  }

  /** What `Fn::GetAtt` of a nested stack's `Outputs.<name>` stands for. */
  outputOf(stack: string, logicalId: string, attribute: string): RawValue | undefined {
    const child = this.childOf(stack, logicalId);
    const [, output] = /^Outputs\.(.+)$/s.exec(attribute) ?? [];
    const value = child && output ? own(own(this.template(child)?.Outputs, output), 'Value') : undefined;
    return child && value !== undefined ? { stack: child, value } : undefined;
  }

  /** Every output that is exported, as the templates have it. */
  exports(): (RawValue & { readonly name: unknown })[] {
    return this.all.flatMap(({ stack, template }) =>
      Object.values(template.Outputs ?? {}).flatMap((output) => {
        const name = own(asRecord(asRecord(output).Export), 'Name');
        return name === undefined ? [] : [{ stack, name, value: asRecord(output).Value }];
      }),
    );
  }
}
