import { type GraphResource, Opaque, type TemplateGraph, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, unresolved, valueAt, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { statementsOf } from '../../statements';
import { KEY_TYPES } from '../keys/key-policy';
import { admitsListed, attestationConditions, registerOf } from './attestation';
import { attested, keyWith } from './examples';
import { FLEET, launchesEnclaves } from './fleets';

/** The image that runs, the next one, and the one to go back to. */
const GENERATIONS = 3;

/** Registers that differ from one build to the next. */
const OF_BUILDS = ['pcr0', 'pcr1', 'pcr2'];

/**
 * A rollout has an end at both sides: the key admits few images, and new hosts whose enclaves do not prove themselves give way
 * to the old ones, because an alarm or a missing signal stops the update.
 */
export const enclaveRolloutBounded = rule({
  id: 'EnclaveRolloutBounded',
  appliesTo: [...KEY_TYPES, FLEET],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.5', 'A.6.2.6'],
  crosswalk: {
    nist80053: ['CM-3', 'CP-10', 'SI-2', 'SI-7'],
    nistAiRmf: ['MANAGE 2.4', 'MANAGE 4.1'],
    euAiAct: ['Art. 15'],
  },
  why: 'Images with known holes keep the key for years, or a faulty one replaces every host before anybody notices.',
  fix: 'Remove old measurements from the key policy, and give the group an AutoScalingInstanceRefresh with alarms, or a rolling update that waits for signals.',
  claims: [],
  beyondGuard: 'measurements are counted over statements, and Guard does not read which template a fleet has',
  check: (resource, graph) => (resource.type === FLEET ? judgeFleet(resource, graph) : judgeKey(resource)),
  compliant: keyWith(attested('kms:Decrypt')),
  nonCompliant: keyWith(
    ...['f1', 'f2', 'f3', 'f4'].map((digit) =>
      attested('kms:Decrypt', { 'kms:RecipientAttestation:PCR0': digit.repeat(48) }),
    ),
  ),
});

function judgeKey({ properties: { KeyPolicy } }: GraphResource): Violation[] | undefined {
  const conditions = statementsOf(KeyPolicy)
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(attestationConditions)
    .filter((condition) => admitsListed(condition) && OF_BUILDS.includes(registerOf(condition)));
  const counts = OF_BUILDS.map((register) => {
    const values = conditions.filter((condition) => registerOf(condition) === register).flatMap(({ values }) => values);
    return new Set(values.map((value) => textOf(value).toLowerCase())).size;
  });
  const most = Math.max(...counts);
  if (most === 0) {
    return undefined;
  }
  return most > GENERATIONS
    ? [violation('KeyPolicy', `admits ${most} generations of images, expected at most ${GENERATIONS}`)]
    : [];
}

function judgeFleet(fleet: GraphResource, graph: TemplateGraph): Violation[] | undefined {
  if (!launchesEnclaves(fleet, graph)) {
    return undefined;
  }
  const policy = graph.resolve(fleet.stack, fleet.template.UpdatePolicy);
  if (policy instanceof Opaque) {
    return [unresolved('UpdatePolicy', policy)];
  }
  return rollsBack(policy)
    ? []
    : [violation('UpdatePolicy', 'found nothing that takes a failed replacement of hosts back')];
}

/**
 * An alarm fails an instance refresh, and a missing signal a rolling update; CloudFormation then goes back to the template
 * before (CloudFormation User Guide, "UpdatePolicy attribute").
 */
function rollsBack(policy: unknown): boolean {
  const alarms = valueAt(policy, 'AutoScalingInstanceRefresh.Preferences.AlarmSpecification.Alarms');
  const waits = valueAt(policy, 'AutoScalingRollingUpdate.WaitOnResourceSignals');
  return alarms instanceof Opaque || asList(alarms).length > 0 || textOf(waits) === 'true';
}
