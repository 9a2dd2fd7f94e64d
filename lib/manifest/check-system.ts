import type { PalisadeError } from '../../runtime/errors';
import type { AiSystem } from './ai-system';
import { daysBetween } from './dates';
import { IMPACT_TIERS } from './fields';
import { classifyImpact } from './impact';
import type { Fault } from './manifest-error';
import { samePerson } from './people';
import { duplicates } from './repeated';

/** Longest time between two impact assessments, in days. Own choice: half-yearly where the harm can be serious. */
const REVIEW_DAYS = { minimal: 365, limited: 365, high: 180 } as const;

/** Which model sources a serving kind can serve. */
const SERVES: Record<AiSystem['serving']['kind'], AiSystem['model']['source']> = {
  'sagemaker-endpoint': 'trained',
  bedrock: 'bedrock',
  enclave: 'trained',
};

/** What must hold inside one AI system's manifest, whatever the organization. `id` is the name of its file. */
export function* checkSystem(system: AiSystem, id: string, asOf: string, fault: Fault): Iterable<PalisadeError> {
  if (system.id !== id) {
    yield fault(
      'PALISADE-M009',
      'id',
      `found ${system.id}, allowed: ${id} (the file name)`,
      'rename the file or the id',
    );
  }
  if (samePerson(system.owner, system.approver)) {
    yield fault('PALISADE-M016', 'approver', `found ${system.approver}, who is the owner`, 'name someone else');
  }
  yield* duplicates(
    'prohibitedUses',
    system.prohibitedUses.map((use) => use.topic),
    fault,
  );
  yield* duplicates('dataClasses', system.dataClasses, fault);
  yield* checkImpact(system, asOf, fault);
  yield* checkDatasets(system, asOf, fault);
  yield* checkModel(system, fault);
  yield* checkServing(system, fault);
  yield* checkMonitoring(system, fault);
  yield* checkApprovals(system, asOf, fault);
}

function* checkImpact({ impact, dataClasses }: AiSystem, asOf: string, fault: Fault): Iterable<PalisadeError> {
  for (const practice of impact.prohibitedPractices) {
    yield fault(
      'PALISADE-M019',
      'impact.prohibitedPractices',
      `found ${practice}, none is allowed (EU AI Act, Article 5)`,
      'do not build it; there is no exception for this',
    );
  }
  const computed = classifyImpact(impact);
  if (IMPACT_TIERS.indexOf(impact.tier) < IMPACT_TIERS.indexOf(computed.tier)) {
    yield fault(
      'PALISADE-M018',
      'impact.tier',
      `found ${impact.tier}, allowed: ${computed.tier} or higher (${computed.reasons.join('; ')})`,
      `write ${computed.tier}, or give other answers in an approved reassessment`,
    );
  }
  if (dataClasses.includes('special-category') !== impact.specialCategoryData) {
    yield fault(
      'PALISADE-M026',
      'impact.specialCategoryData',
      `found ${impact.specialCategoryData}, which contradicts dataClasses`,
      'let both say whether special-category data is processed',
    );
  }
  yield* notAfter('impact.assessedOn', impact.assessedOn, asOf, fault);
  const interval = daysBetween(impact.assessedOn, impact.nextReview);
  const longest = REVIEW_DAYS[impact.tier];
  if (interval <= 0) {
    const problem = `found ${impact.nextReview}, allowed: after assessedOn (${impact.assessedOn})`;
    yield fault('PALISADE-M017', 'impact.nextReview', problem, 'set a later review');
  } else if (interval > longest) {
    yield fault(
      'PALISADE-M034',
      'impact.nextReview',
      `found ${interval} days after assessedOn, allowed for ${impact.tier} impact: ${longest}`,
      'set an earlier review',
    );
  }
}

function* checkDatasets({ datasets, model }: AiSystem, asOf: string, fault: Fault): Iterable<PalisadeError> {
  if (model.source === 'trained' && datasets.length === 0) {
    yield fault('PALISADE-M036', 'datasets', 'found none, a trained model needs at least 1', 'list its datasets');
  }
  yield* duplicates(
    'datasets',
    datasets.map((dataset) => dataset.name),
    fault,
  );
  for (const [index, dataset] of datasets.entries()) {
    yield* notAfter(`datasets[${index}].acquiredOn`, dataset.acquiredOn, asOf, fault);
  }
}

function* checkModel({ model }: AiSystem, fault: Fault): Iterable<PalisadeError> {
  if (model.source === 'trained') {
    yield* duplicates('model.images', model.images, fault);
    yield* duplicates('model.instanceTypes', model.instanceTypes, fault);
    yield* duplicates(
      'model.evaluation',
      model.evaluation.map(({ metric }) => metric),
      fault,
    );
    for (const [index, { minimum, maximum }] of model.evaluation.entries()) {
      if (minimum === undefined && maximum === undefined) {
        const problem = 'found neither minimum nor maximum, so that nothing can fail';
        yield fault('PALISADE-M026', `model.evaluation[${index}]`, problem, 'add a bound');
      }
      yield* ordered(`model.evaluation[${index}]`, { minimum }, { maximum }, fault);
    }
    return;
  }
  const { modelId, inferenceProfile } = model;
  if (inferenceProfile) {
    yield* duplicates('model.inferenceProfile.regions', inferenceProfile.regions, fault);
    const [geography, ...rest] = inferenceProfile.id.split('.');
    if (rest.join('.') !== modelId || geography === 'global') {
      yield fault(
        'PALISADE-M026',
        'model.inferenceProfile.id',
        `found ${inferenceProfile.id}, allowed: a geography other than global, then .${modelId}`,
        geography === 'global' ? 'use a profile whose Regions can be bounded' : 'name a profile of the model',
      );
    }
  }
}

function* checkServing({ model, serving }: AiSystem, fault: Fault): Iterable<PalisadeError> {
  const source = SERVES[serving.kind];
  if (source !== model.source) {
    yield fault(
      'PALISADE-M024',
      'serving.kind',
      `found ${serving.kind}, which serves a ${source} model; model.source is ${model.source}`,
      'change one of the two',
    );
  }
  if (serving.kind === 'bedrock') {
    const { block, anonymize } = serving.guardrail.pii;
    yield* duplicates('serving.guardrail.pii', [...block, ...anonymize], fault);
    return;
  }
  const { minCapacity, maxCapacity } = serving;
  yield* ordered('serving', { minCapacity }, { maxCapacity }, fault);
}

function* checkMonitoring({ impact, serving }: AiSystem, fault: Fault): Iterable<PalisadeError> {
  if (serving.kind !== 'sagemaker-endpoint' || !serving.monitoring) {
    return;
  }
  const { outcomes } = serving.monitoring;
  if (impact.tier === 'high' && !outcomes) {
    yield fault(
      'PALISADE-M037',
      'serving.monitoring',
      'found no outcomes, high impact needs them: quality and bias are measured by what came true',
      'add outcomes: what the model predicts, and after how many days that is known',
    );
  }
  if (outcomes?.probabilityThreshold !== undefined && outcomes.problemType !== 'BinaryClassification') {
    yield fault(
      'PALISADE-M026',
      'serving.monitoring.outcomes.probabilityThreshold',
      `found ${outcomes.probabilityThreshold} with problemType ${outcomes.problemType}, which has no positive answer`,
      'leave it out, or write BinaryClassification',
    );
  }
}

function* checkApprovals({ owner, stages }: AiSystem, asOf: string, fault: Fault): Iterable<PalisadeError> {
  for (const [stage, deployment] of Object.entries(stages)) {
    const path = `stages.${stage}.approvals`;
    for (const [index, { approver, date }] of deployment.approvals.entries()) {
      const place = `${path}[${index}]`;
      if (samePerson(approver, owner)) {
        yield fault('PALISADE-M016', `${place}.approver`, `found ${approver}, who is the owner`, 'ask someone else');
      }
      if (deployment.approvals.slice(0, index).some((earlier) => samePerson(earlier.approver, approver))) {
        yield fault('PALISADE-M015', `${place}.approver`, `found ${approver} twice`, 'a person approves once');
      }
      yield* notAfter(`${place}.date`, date, asOf, fault);
    }
  }
}

/** A fault when something that has happened is dated after today. */
export function* notAfter(path: string, date: string, asOf: string, fault: Fault): Iterable<PalisadeError> {
  if (daysBetween(date, asOf) < 0) {
    yield fault('PALISADE-M017', path, `found ${date}, allowed: ${asOf} (asOf) or earlier`, 'write when it happened');
  }
}

/** A fault when the lower of two bounds is above the upper; each bound is given under its key. */
function* ordered(
  path: string,
  lower: Record<string, number | undefined>,
  upper: Record<string, number | undefined>,
  fault: Fault,
): Iterable<PalisadeError> {
  const [[lowKey, low]] = Object.entries(lower);
  const [[highKey, high]] = Object.entries(upper);
  if (low !== undefined && high !== undefined && low > high) {
    const problem = `found ${lowKey} ${low} above ${highKey} ${high}`;
    yield fault('PALISADE-M026', `${path}.${lowKey}`, problem, 'lower one or raise the other');
  }
}
