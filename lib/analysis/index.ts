export {
  type AccessModel,
  accessModel,
  type NamedPolicy,
  type PolicyDocument,
  type Principal,
  type ProtectedResource,
} from './access';
export { loadAssembly } from './assembly';
export { bundleOf, type MissingEndpoint, missingEndpoints } from './endpoints';
export { grouped, groupedByEach } from './grouped';
export { ASSUMED_ACCOUNT, partitionOf, urlSuffixOf } from './identity';
export { JOB_STARTERS, type JobDefinition, jobDefinitions } from './jobs';
export { valueOfJson, workflowDefinition } from './json-text';
export type { Position } from './lines';
export { loadPaths, loadTemplates, type NamedFile, pathsOfEach } from './load';
export { memoized, memoizedByText, perResource } from './memoized';
export { withNestedStacks } from './nested-stacks';
export { type Destination, type Edge, exitsFrom, reachability } from './network';
export { type NetworkMember, networkMembers, SENDER_TYPES } from './network-members';
export { Opaque, textOf } from './opaque';
export { Positions, positionOf, type TemplatePath } from './positions';
export { type Format, formatOf, readTemplate } from './read-template';
export type { Reference } from './references';
export { isKnownRegion, knownRegion } from './region';
export type { Assumptions } from './resolver';
export { servicesCalled, servicesCalledBy } from './services';
export type { StackTemplate, Template, TemplateResource } from './template';
export { type GraphResource, TemplateGraph } from './template-graph';
