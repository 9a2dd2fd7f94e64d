import { Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { unresolved, violation } from '../../expect';
import type { Violation } from '../../rule';

/** Attributes that give `DRAFT`, by type (CloudFormation User Guide, "Return values" of each). */
const DRAFT_ATTRIBUTES: Readonly<Record<string, string>> = {
  'AWS::Bedrock::Agent': 'AgentVersion',
  'AWS::Bedrock::Flow': 'Version',
  'AWS::Bedrock::Guardrail': 'Version',
};

/** Finds a version that is the working draft, which changes with every edit. A reference to a published version is fine. */
export function pinned(property: string, version: unknown, graph: TemplateGraph): Violation[] {
  if (version instanceof Opaque) {
    return [unresolved(property, version)];
  }
  if (version === undefined || version === null || version === '') {
    return [violation(property, 'found nothing, expected a published version')];
  }
  return isDraft(textOf(version), graph)
    ? [violation(property, 'found the working draft, expected a published version')]
    : [];
}

/** Whether a version is `DRAFT`, said outright or by an attribute of what the draft belongs to. */
export function isDraft(version: string, graph: TemplateGraph): boolean {
  return (
    version === 'DRAFT' ||
    Object.entries(DRAFT_ATTRIBUTES).some(
      ([type, attribute]) =>
        version.endsWith(`.${attribute}`) &&
        graph.withName(type, version.slice(0, -attribute.length - 1)) !== undefined,
    )
  );
}
