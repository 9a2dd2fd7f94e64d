export { type AccessModel, accessModel, type NamedPolicy, type PolicyDocument, type Principal } from './access';
export { ASSUMED_ACCOUNT, partitionOf, urlSuffixOf } from './identity';
export { knownRegion, loadAssembly, readTemplate } from './load';
export type { StackTemplate, Template, TemplateResource } from './template';
export { type GraphResource, Opaque, TemplateGraph } from './template-graph';
