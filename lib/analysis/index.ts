export {
  type AccessModel,
  accessModel,
  type NamedPolicy,
  type PolicyDocument,
  type Principal,
  type ProtectedResource,
} from './access';
export { bundleOf, type MissingEndpoint, missingEndpoints } from './endpoints';
export { ASSUMED_ACCOUNT, partitionOf, urlSuffixOf } from './identity';
export { JOB_STARTERS, type JobDefinition, jobDefinitions } from './jobs';
export { knownRegion, loadAssembly, loadTemplates, type NamedFile, readTemplate } from './load';
export { type Destination, type Edge, exitsFrom, reachability } from './network';
export { type NetworkMember, networkMembers, SENDER_TYPES } from './network-members';
export { Opaque, textOf } from './opaque';
export type { Assumptions } from './resolver';
export { servicesCalled, servicesCalledBy } from './services';
export type { StackTemplate, Template, TemplateResource } from './template';
export { type GraphResource, TemplateGraph } from './template-graph';
