// Runs a training pipeline as it was deployed. moto's Step Functions would run its functions in Docker, so the states are followed here: each gate
// is the deployed function, and SageMaker, which would train, is stood in for. What the pipelines do not use is not known here, and throws.
import { createHash } from 'node:crypto';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { clientSettings } from './environment.mjs';
import { invoke } from './invoke.mjs';
import { resolveProperties } from './resolve-properties.mjs';

const TRAIN = /:states:::sagemaker:createTrainingJob\.sync$/;

/**
 * Runs it. Resolves to the state in which it ended, all that it entered, and what they found.
 *
 * @param train stands where SageMaker would have trained: resolves to name, ARN and artifact of the training job
 */
export async function runPipeline(environment, deployment, input, train) {
  const machine = deployment.resource('credit-scoring-training/Training/Pipeline/StateMachine');
  const { StartAt, States } = await definitionOf(environment, deployment, machine);
  const id = createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 12);
  const values = { $$: { Execution: { Id: `${machine.id}:${id}`, Input: input } }, $: input };
  const perform = async ({ Resource, Parameters }) =>
    TRAIN.test(Resource)
      ? train()
      : invoke(environment, deployment, Resource.split(':')[6], filledIn(Parameters, values));
  const entered = [];
  let name = StartAt;
  while (States[name].Type === 'Task' || States[name].Type === 'Choice') {
    entered.push(name);
    name =
      States[name].Type === 'Task' ? await taskState(States[name], perform, values) : choiceState(States[name], values);
  }
  return { end: name, entered, found: values.$ };
}

/** With the names that the stack's functions and buckets have. */
async function definitionOf(environment, deployment, { stack, template, Properties }) {
  const own = deployment.resources.filter((resource) => resource.stack === stack);
  const resolve = resolveProperties({
    client: new CloudFormationClient(clientSettings(environment)),
    template,
    environment,
    physicalIds: new Map(own.map(({ logicalId, id }) => [logicalId, id])),
    parameters: new Map(),
  });
  return JSON.parse(await resolve(Properties.DefinitionString));
}

/** What the task answers is put where the state says; a failure too, with the way that the state has for it. */
async function taskState(state, perform, values) {
  const keep = (result) => {
    values.$ = { ...values.$, [state.ResultPath.slice('$.'.length)]: result };
  };
  try {
    keep(await perform(state));
    return state.Next;
  } catch ({ name, message }) {
    keep({ Error: name, Cause: message });
    return state.Catch.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL')).Next;
  }
}

function choiceState({ Choices, Default }, values) {
  const holds = ({ Variable, IsPresent, BooleanEquals }) => {
    const value = valueAt(Variable, values);
    return IsPresent === undefined ? value === BooleanEquals : (value !== undefined) === IsPresent;
  };
  return Choices.find(({ And }) => And.every(holds))?.Next ?? Default;
}

/** A path that leads to nothing fails the state, as it does in Step Functions. */
function filledIn(parameters, values) {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, path]) => {
      const value = valueAt(path, values);
      if (value === undefined) {
        throw new Error(`there is nothing at ${path}`);
      }
      return [name.replace(/\.\$$/, ''), value];
    }),
  );
}

/** Of paths such as `$.seal.prefix` and `$$.Execution.Input`. */
function valueAt(path, values) {
  return path.split('.').reduce((value, field) => value?.[field], values);
}
