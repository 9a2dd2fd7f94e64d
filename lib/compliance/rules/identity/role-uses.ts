import {
  type GraphResource,
  grouped,
  JOB_STARTERS,
  jobDefinitions,
  Opaque,
  type TemplateGraph,
  textOf,
} from '../../../analysis';
import { propertyOf, valueAt } from '../../expect';

/** What part of an AI system's life a role serves. */
export type RolePurpose = 'exploration' | 'inference' | 'monitoring' | 'training';

/** A resource that runs under a role. */
export interface RoleUse {
  readonly resource: GraphResource;
  readonly property: string;
  readonly purpose: RolePurpose;
  readonly role: unknown;
}

const MONITORS = ['DataQuality', 'ModelBias', 'ModelExplainability', 'ModelQuality'].map(
  (kind) => `AWS::SageMaker::${kind}JobDefinition`,
);

/** Where resources name the role that they run under. */
const ROLES: Readonly<Record<string, readonly [property: string, purpose: RolePurpose]>> = {
  'AWS::Bedrock::Agent': ['AgentResourceRoleArn', 'inference'],
  'AWS::Bedrock::Flow': ['ExecutionRoleArn', 'inference'],
  'AWS::BedrockAgentCore::Runtime': ['RoleArn', 'inference'],
  'AWS::SageMaker::Domain': ['DefaultUserSettings.ExecutionRole', 'exploration'],
  'AWS::SageMaker::Model': ['ExecutionRoleArn', 'inference'],
  'AWS::SageMaker::MonitoringSchedule': ['MonitoringScheduleConfig.MonitoringJobDefinition.RoleArn', 'monitoring'],
  'AWS::SageMaker::NotebookInstance': ['RoleArn', 'exploration'],
  'AWS::SageMaker::Pipeline': ['RoleArn', 'training'],
  'AWS::SageMaker::ProcessingJob': ['RoleArn', 'training'],
  'AWS::SageMaker::UserProfile': ['UserSettings.ExecutionRole', 'exploration'],
  ...Object.fromEntries(MONITORS.map((type) => [type, ['RoleArn', 'monitoring'] as const])),
};

/** Types whose resources run under a role that has a purpose. */
export const ROLE_USERS: readonly string[] = [...new Set([...Object.keys(ROLES), ...JOB_STARTERS])].sort();

/** Every use of a role with a purpose, by the resource that uses it. */
export function roleUses(graph: TemplateGraph): ReadonlyMap<GraphResource, readonly RoleUse[]> {
  return graph.once('role uses', () =>
    grouped(graph.ofType(...ROLE_USERS).flatMap(usesBy), ({ resource }) => resource),
  );
}

/** The same by role: by its ARN, or by the reason why its ARN is not known yet, within the stack that has it. */
export function usersOf(role: unknown, stack: string, graph: TemplateGraph): readonly RoleUse[] {
  const index = graph.once('role users', () =>
    grouped([...roleUses(graph).values()].flat(), (use) => keyOf(use.role, use.resource.stack)),
  );
  return index.get(keyOf(role, stack)) ?? [];
}

function keyOf(role: unknown, stack: string): string {
  return role instanceof Opaque ? `${stack} ${role}` : textOf(role);
}

function usesBy(resource: GraphResource): RoleUse[] {
  const [property, purpose] = ROLES[resource.type] ?? [];
  const own = property ? propertyOf(resource, property) : undefined;
  const direct = property && purpose && own !== undefined ? [{ resource, property, purpose, role: own }] : [];
  return [...direct, ...jobsBy(resource)];
}

/** A batch transform predicts; every other job prepares or trains. */
function jobsBy(resource: GraphResource): RoleUse[] {
  const jobs = JOB_STARTERS.includes(resource.type) ? jobDefinitions(resource) : [];
  return jobs instanceof Opaque
    ? []
    : jobs.flatMap(({ kind, parameters }) => {
        const role = valueAt(parameters, 'RoleArn');
        const purpose = kind === 'TransformJob' ? 'inference' : 'training';
        return typeof role === 'string'
          ? [{ resource, property: DEFINITIONS[resource.type], purpose, role } as const]
          : [];
      });
}

const DEFINITIONS: Readonly<Record<string, string>> = {
  'AWS::SageMaker::Pipeline': 'PipelineDefinition',
  'AWS::StepFunctions::StateMachine': 'DefinitionString',
};
