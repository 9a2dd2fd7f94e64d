import { Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, unresolved, valueAt, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { PIPELINE_BODY, type PipelineDefinition, type PipelineStep, pipelineDefinition } from './pipeline-definition';
import { pipeline } from './samples';

/** A pipeline registers models for a person to approve. A model package without a status is not approved. */
export const sageMakerPipelineManualApproval = rule({
  id: 'SageMakerPipelineManualApproval',
  appliesTo: ['AWS::SageMaker::Pipeline'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.5'],
  crosswalk: { nist80053: ['AC-5', 'CM-3'], nistAiRmf: ['MANAGE 1.1'], euAiAct: ['Art. 14'] },
  why: 'A model that its own pipeline approves is deployed without anybody having looked at it.',
  fix: 'Set ModelApprovalStatus of RegisterModel to PendingManualApproval, as a constant.',
  claims: [`${PIPELINE_BODY}.ModelApprovalStatus`],
  beyondGuard: 'the steps stand as text inside the definition',
  check: (resource) => {
    const definition = pipelineDefinition(resource);
    if (definition instanceof Opaque) {
      return [unresolved(PIPELINE_BODY, definition)];
    }
    const registrations = definition.steps.filter(({ type }) => type === 'RegisterModel');
    return registrations.length === 0 ? undefined : registrations.flatMap((step) => faults(step, definition));
  },
  compliant: pipeline(registration('PendingManualApproval')),
  nonCompliant: pipeline(registration('Approved')),
});

function registration(ModelApprovalStatus: string) {
  return { Name: 'Register', Type: 'RegisterModel', Arguments: { ModelApprovalStatus } };
}

function faults({ name, arguments: given }: PipelineStep, definition: PipelineDefinition): Violation[] {
  const status = valueAt(given, 'ModelApprovalStatus');
  const source = valueAt(status, 'Get');
  if (source === undefined) {
    return textOf(status) === 'Approved' ? [approved(name)] : [];
  }
  return faultsOfParameter(name, textOf(source).replace(/^Parameters\./, ''), definition);
}

/** A status that the start of the pipeline may set: whoever starts it may approve, unless the parameter forbids it. */
function faultsOfParameter(step: string, parameter: string, { parameters }: PipelineDefinition): Violation[] {
  const { DefaultValue, EnumValues } = parameters.get(parameter) ?? {};
  if (EnumValues !== undefined && !asList(EnumValues).map(textOf).includes('Approved')) {
    return [];
  }
  return textOf(DefaultValue) === 'Approved'
    ? [approved(step)]
    : [unresolved(PIPELINE_BODY, new Opaque(`${step}: whoever starts the pipeline chooses ModelApprovalStatus`))];
}

function approved(step: string): Violation {
  return violation(PIPELINE_BODY, `${step}: found ModelApprovalStatus Approved, expected PendingManualApproval`);
}
