import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { isAiType } from '../../conditions';
import { rule } from '../../define-rule';
import { asList, mustExist, propertyOf, unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';

const GROUP = 'RecordingGroup';
const EXCLUDED = `${GROUP}.ExclusionByResourceTypes.ResourceTypes`;
/** Services whose types AWS Config records. */
const SERVICES = ['SageMaker', 'Bedrock'];
const Model = { Type: 'AWS::SageMaker::Model' };

/**
 * A recorder of AWS Config leaves out nothing that AI systems are made of. Without a recording group it records every type
 * (AWS Config API Reference, `RecordingGroup`). A recorder is made once for an account, so it is judged where it is.
 */
export const configRecorderCovers = rule({
  id: 'ConfigRecorderCovers',
  appliesTo: ['AWS::Config::ConfigurationRecorder'],
  scope: 'ai',
  detects: true,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.6', 'A.4.5'],
  crosswalk: { securityHub: ['Config.1'], nist80053: ['CM-2', 'CM-3', 'CM-8'], euAiAct: ['Art. 72'] },
  why: 'An endpoint that somebody changes by hand is neither recorded nor judged by the rules of the account.',
  fix: 'Set RecordingGroup.AllSupported to true, or name the types of SageMaker and Bedrock that are in use.',
  claims: ['RoleARN', `${GROUP}.AllSupported`, `${GROUP}.ResourceTypes`, EXCLUDED],
  beyondGuard: 'which types must be recorded depends on what the assembly makes',
  check: (recorder, graph) => {
    const group = recorder.properties[GROUP];
    if (group instanceof Opaque) {
      return [unresolved(GROUP, group)];
    }
    return [
      ...mustExist(recorder, 'RoleARN'),
      ...(group === undefined ? [] : [...excluded(recorder), ...notIncluded(recorder, graph)]),
    ];
  },
  compliant: { Recorder: { Type: 'AWS::Config::ConfigurationRecorder', Properties: { RoleARN: 'role' } }, Model },
  nonCompliant: {
    Recorder: {
      Type: 'AWS::Config::ConfigurationRecorder',
      Properties: { RoleARN: 'role', [GROUP]: { AllSupported: false, ResourceTypes: ['AWS::EC2::Instance'] } },
    },
    Model,
  },
});

function excluded(recorder: GraphResource): Violation[] {
  return asList(propertyOf(recorder, EXCLUDED))
    .map(textOf)
    .filter(isAiType)
    .map((type) => violation(EXCLUDED, `found ${type}, expected no type of an AI service`));
}

/** What is not recorded as a whole or by exclusion is recorded by name. */
function notIncluded(recorder: GraphResource, graph: TemplateGraph): Violation[] {
  const everything = textOf(propertyOf(recorder, `${GROUP}.AllSupported`)) === 'true';
  const byExclusion =
    propertyOf(recorder, `${GROUP}.RecordingStrategy.UseOnly`) === 'EXCLUSION_BY_RESOURCE_TYPES' ||
    asList(propertyOf(recorder, EXCLUDED)).length > 0;
  const named = asList(propertyOf(recorder, `${GROUP}.ResourceTypes`)).map(textOf);
  if (everything || byExclusion) {
    return [];
  }
  return named.length === 0
    ? [violation(`${GROUP}.AllSupported`, 'found no types to record, expected true')]
    : servicesIn(graph)
        .filter((service) => !named.some((type) => type.startsWith(`AWS::${service}::`)))
        .map((service) => violation(`${GROUP}.ResourceTypes`, `found no type of ${service}, which is in use`));
}

function servicesIn(graph: TemplateGraph): readonly string[] {
  return graph.once('services to record', () =>
    SERVICES.filter((service) => graph.resources.some(({ type }) => type.startsWith(`AWS::${service}::`))),
  );
}
