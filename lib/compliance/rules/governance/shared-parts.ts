import { type GraphResource, JOB_STARTERS, jobDefinitions, Opaque, type TemplateGraph } from '../../../analysis';
import { stageOf } from '../../tags';

/** What serves models. */
export const INFERENCE_TYPES: readonly string[] = [
  'AWS::BedrockAgentCore::Runtime',
  'AWS::SageMaker::Endpoint',
  'AWS::SageMaker::EndpointConfig',
  'AWS::SageMaker::Model',
];

const TRAINING_TYPES: readonly string[] = [
  'AWS::SageMaker::Cluster',
  'AWS::SageMaker::Domain',
  'AWS::SageMaker::NotebookInstance',
  'AWS::SageMaker::ProcessingJob',
];

/** Whatever runs, and names in its properties what it uses. */
export const USER_TYPES: readonly string[] = [
  'AWS::Lambda::Function',
  ...INFERENCE_TYPES,
  ...TRAINING_TYPES,
  ...JOB_STARTERS,
];

const PART_TYPES = ['AWS::EC2::Subnet', 'AWS::EC2::VPC', 'AWS::IAM::Role', 'AWS::KMS::Key', 'AWS::S3::Bucket'];

/** A part that a resource uses, and the property that names it. A subnet counts as its VPC, where that is known. */
export interface Use {
  readonly property: string;
  readonly part: GraphResource;
}

/** Who uses a part. */
export interface Users {
  /** Its own stage and those of its users, with a resource that states each. */
  readonly stages: ReadonlyMap<string, GraphResource>;
  /** A user that learns. @default - none does */
  readonly training?: GraphResource;
}

interface Sharing {
  readonly uses: ReadonlyMap<GraphResource, readonly Use[]>;
  readonly users: ReadonlyMap<GraphResource, Users>;
}

interface Draft extends Users {
  readonly stages: Map<string, GraphResource>;
  training?: GraphResource;
}

/** Which resource uses which part, in both directions. */
export function sharingOf(graph: TemplateGraph): Sharing {
  return graph.once('shared parts', () => collect(graph));
}

function collect(graph: TemplateGraph): Sharing {
  const parts = partsByName(graph);
  const stages = stagesByStack(graph);
  const stageWithin = (resource: GraphResource) => stageOf(resource) ?? stages.get(resource.stack);
  const uses = new Map(graph.ofType(...USER_TYPES).map((user) => [user, usesOf(user, parts)]));
  const users = new Map<GraphResource, Draft>();
  for (const [user, used] of uses) {
    const learner = learns(user) ? user : undefined;
    for (const { part } of used) {
      const record: Draft = users.get(part) ?? { stages: new Map() };
      users.set(part, record);
      for (const resource of [part, user]) {
        const stage = stageWithin(resource);
        stage === undefined || record.stages.has(stage) || record.stages.set(stage, resource);
      }
      record.training ??= learner;
    }
  }
  return { uses, users };
}

/** Parts that a resource names in its properties and in the definitions of its jobs. */
function usesOf(resource: GraphResource, parts: ReadonlyMap<string, GraphResource | undefined>): Use[] {
  const found = new Map<string, Use>();
  eachText(textsOf(resource), [], (text, keys) => {
    const part = parts.get(partNamedBy(text));
    if (part) {
      const property = keys.join('.').replace(/\.\d+$/, '');
      found.set(`${property} ${part.arn}`, { property, part });
    }
  });
  return [...found.values()];
}

/** Objects stand for their bucket; any other name stands for itself. */
function partNamedBy(text: string): string {
  if (text.startsWith('s3://')) {
    return text.split('/')[2] || text;
  }
  return text.includes(':s3:::') ? text.split('/')[0] : text;
}

/** By ARN and by what Ref gives; a role by its ARN only, for its name may be any word. Two parts of one name are none. */
function partsByName(graph: TemplateGraph): ReadonlyMap<string, GraphResource | undefined> {
  const parts = new Map<string, GraphResource | undefined>();
  for (const part of graph.ofType(...PART_TYPES)) {
    const vpc = graph.withName('AWS::EC2::VPC', part.properties.VpcId);
    for (const id of part.type === 'AWS::IAM::Role' ? [part.arn] : [part.arn, part.name]) {
      parts.set(id, parts.has(id) ? undefined : (vpc ?? part));
    }
  }
  return parts;
}

/** The stage of each stack whose resources agree on one. */
function stagesByStack(graph: TemplateGraph): ReadonlyMap<string, string> {
  const stages = new Map<string, string>();
  const divided = new Set<string>();
  for (const resource of graph.resources) {
    const stage = stageOf(resource);
    const before = stages.get(resource.stack);
    if (stage !== undefined) {
      stages.set(resource.stack, stage);
      before === undefined || before === stage || divided.add(resource.stack);
    }
  }
  return new Map([...stages].filter(([stack]) => !divided.has(stack)));
}

/** A state machine or pipeline learns where it starts a job that the template shows. */
function learns(resource: GraphResource): boolean {
  const jobs = JOB_STARTERS.includes(resource.type) ? jobDefinitions(resource) : [];
  return TRAINING_TYPES.includes(resource.type) || (!(jobs instanceof Opaque) && jobs.length > 0);
}

/** Properties, with the definition of a workflow replaced by the jobs that it starts. */
function textsOf(resource: GraphResource): unknown {
  if (!JOB_STARTERS.includes(resource.type)) {
    return resource.properties;
  }
  const jobs = jobDefinitions(resource);
  const { Definition, DefinitionString, PipelineDefinition, ...others } = resource.properties;
  const name = resource.type === 'AWS::SageMaker::Pipeline' ? 'PipelineDefinition' : 'DefinitionString';
  return { ...others, [name]: jobs instanceof Opaque ? [] : jobs.map(({ parameters }) => parameters) };
}

/** Deeper than any property that names a part. */
const MAX_DEPTH = 30;

/** Calls back for each text with the keys that lead to it, which are joined only where somebody asks for them. */
function eachText(value: unknown, keys: string[], visit: (text: string, keys: readonly string[]) => void): void {
  if (typeof value === 'string') {
    visit(value, keys);
  } else if (value !== null && typeof value === 'object' && keys.length < MAX_DEPTH) {
    for (const [key, item] of Object.entries(value)) {
      keys.push(key);
      eachText(item, keys, visit);
      keys.pop();
    }
  }
}
