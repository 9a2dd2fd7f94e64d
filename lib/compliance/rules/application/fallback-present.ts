import { type GraphResource, Opaque, type TemplateGraph } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ALWAYS_WARNING, type Verdict } from '../../rule';
import { accessOf } from './functions';
import { tasksOf } from './states';

const MACHINE = 'AWS::StepFunctions::StateMachine';

/** Integrations of Step Functions that call a model. */
const CALLS_MODEL = /:(bedrock:invokeModel|aws-sdk:(bedrockruntime|bedrockagentruntime|sagemakerruntime):\w+)/i;

/** A model in one Region, without a profile that leads to others. */
const ONE_MODEL = /:bedrock:[^:*]+::foundation-model\/[^*]+$/;

/** Nothing stands in for a model that makes vectors: those of another cannot be compared with them. */
const MAKES_VECTORS = /foundation-model\/[^/]*embed/;

/** Work goes on when a model is gone: a workflow has a way around it, a function has another model or Region to turn to. */
export const fallbackPresent = rule({
  id: 'FallbackPresent',
  scope: 'ai',
  appliesTo: ['AWS::Lambda::Function', MACHINE],
  level: ALWAYS_WARNING,
  annexA: ['A.10.3', 'A.6.2.6'],
  crosswalk: { nist80053: ['CP-2', 'SA-9'], nistAiRmf: ['GOVERN 6.2', 'MANAGE 3.1'] },
  why: 'When the vendor throttles or retires the model, everything that waits for its answer fails.',
  fix: 'Catch errors of the task that calls the model, or allow the role a second model or a cross-Region inference profile.',
  claims: ['DefinitionString'],
  beyondGuard: 'tasks stand as text inside the definition, and the models of a function in the policies of its role',
  check: (resource, graph) => {
    if (!inProduction.holds(resource)) {
      return undefined;
    }
    return resource.type === MACHINE ? machineFaults(resource) : functionFaults(resource, graph);
  },
  compliant: example([{ ErrorEquals: ['States.ALL'], Next: 'AskPerson' }]),
  nonCompliant: example([]),
});

function machineFaults(machine: GraphResource): Verdict {
  const tasks = tasksOf(machine);
  if (tasks instanceof Opaque) {
    return [unresolved('DefinitionString', tasks)];
  }
  const calls = tasks.filter(({ integration }) => CALLS_MODEL.test(integration));
  return calls.length === 0
    ? undefined
    : calls
        .filter(({ catches }) => !catches)
        .map(({ name }) => violation('DefinitionString', `${name} calls a model and catches no error`));
}

function functionFaults({ properties: { Role } }: GraphResource, graph: TemplateGraph): Verdict {
  const statements = accessOf(graph, Role)?.onModels ?? [];
  const models = new Set(statements.flatMap(({ resources }) => resources).filter((arn) => !MAKES_VECTORS.test(arn)));
  const [model] = models;
  if (model === undefined) {
    return undefined;
  }
  return models.size === 1 && ONE_MODEL.test(model)
    ? [violation('Role', `the role may call ${model.replace(/^.*\//, '')} in one Region, and nothing in its place`)]
    : [];
}

function example(Catch: object[]) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  const Ask = { Type: 'Task', Resource: 'arn:aws:states:::bedrock:invokeModel', Catch, End: true };
  const DefinitionString = JSON.stringify({ StartAt: 'Ask', States: { Ask, AskPerson: { Type: 'Succeed' } } });
  return { Machine: { Type: MACHINE, Properties: { Tags, DefinitionString } } };
}
