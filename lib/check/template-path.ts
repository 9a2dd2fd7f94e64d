import type { GraphResource, TemplatePath } from '../analysis';

/** What stands beside Properties in a resource. */
const ATTRIBUTES = ['Condition', 'DeletionPolicy', 'DependsOn', 'Metadata', 'Type', 'UpdateReplacePolicy'];

/** The way from the top of a template to the property that a finding names. */
export function templatePath({ logicalId, raw }: GraphResource, property: string): TemplatePath {
  const keys = property.split('.');
  const isAttribute = ATTRIBUTES.includes(keys[0]) && !Object.hasOwn(raw, keys[0]);
  return ['Resources', logicalId, ...(isAttribute ? keys : ['Properties', ...keys])];
}
