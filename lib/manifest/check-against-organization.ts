import type { PalisadeError } from '../../runtime/errors';
import type { AiSystem } from './ai-system';
import { STAGE_NAMES } from './fields';
import type { Fault } from './manifest-error';
import type { Organization } from './organization';
import { isServiceAbsent, partitionOf, type RegionalService } from './regions';

/** EU AI Act, Article 18: the provider keeps the documentation of a high-risk AI system for ten years. */
const HIGH_IMPACT_RECORD_DAYS = 3650;

/** The service that makes or serves the model. */
const SERVICE_OF: Record<AiSystem['model']['source'], RegionalService> = { trained: 'sagemaker', bedrock: 'bedrock' };

/** What must hold between an AI system and its organization. */
export function* checkAgainstOrganization(
  system: AiSystem,
  organization: Organization,
  fault: Fault,
): Iterable<PalisadeError> {
  yield* checkStages(system, organization, fault);
  yield* checkProfileRegions(system, organization, fault);
  yield* checkProfilePartition(system, organization, fault);
  yield* checkApprovalCount(system, organization, fault);
  if (system.impact.tier === 'high') {
    yield* checkOversight(organization, fault);
  }
}

function* checkStages(system: AiSystem, organization: Organization, fault: Fault): Iterable<PalisadeError> {
  const service = SERVICE_OF[system.model.source];
  for (const name of STAGE_NAMES.filter((name) => system.stages[name])) {
    const stage = organization.stages[name];
    if (!stage) {
      const known = Object.keys(organization.stages).join(', ');
      const problem = `unknown stage, allowed: ${known} (organization.yaml: stages)`;
      yield fault(
        'PALISADE-M020',
        `stages.${name}`,
        problem,
        'add the stage to organization.yaml, or leave it out here',
      );
    } else if (isServiceAbsent(service, stage.region)) {
      yield fault(
        'PALISADE-M022',
        `stages.${name}`,
        `${stage.region} has no ${service} (organization.yaml: stages.${name}.region)`,
        'deploy to a stage in another Region',
      );
    }
  }
}

function* checkProfileRegions({ model }: AiSystem, organization: Organization, fault: Fault): Iterable<PalisadeError> {
  const regions = model.source === 'bedrock' ? (model.inferenceProfile?.regions ?? []) : [];
  for (const [index, region] of regions.entries()) {
    if (!organization.allowedRegions.includes(region)) {
      yield fault(
        'PALISADE-M021',
        `model.inferenceProfile.regions[${index}]`,
        `found ${region}, allowed: ${organization.allowedRegions.join(', ')} (organization.yaml: allowedRegions)`,
        'use a profile that stays within them, or allow the Region',
      );
    }
  }
}

/** A profile exists, and routes, within one partition (Amazon Bedrock User Guide, "Geographic cross-Region inference"). */
function* checkProfilePartition(
  { model, stages }: AiSystem,
  organization: Organization,
  fault: Fault,
): Iterable<PalisadeError> {
  const partitions = new Set(
    model.source === 'bedrock' ? (model.inferenceProfile?.regions ?? []).map(partitionOf) : [],
  );
  for (const name of STAGE_NAMES.filter((name) => stages[name] && partitions.size > 0)) {
    const region = organization.stages[name]?.region;
    if (region && !isServiceAbsent('bedrock', region) && !partitions.has(partitionOf(region))) {
      yield fault(
        'PALISADE-M026',
        `stages.${name}`,
        `${region} is in ${partitionOf(region)}, the inference profile routes within ${[...partitions].join(', ')}`,
        'use a profile of that partition (model.inferenceProfile), or deploy to a stage in another Region',
      );
    }
  }
}

function* checkApprovalCount(system: AiSystem, organization: Organization, fault: Fault): Iterable<PalisadeError> {
  const { tier } = system.impact;
  const found = system.stages.prod?.approvals.length ?? 0;
  const needed = organization.approvalPolicy[tier];
  if (system.stages.prod && found < needed) {
    yield fault(
      'PALISADE-M012',
      'stages.prod.approvals',
      `found ${found}, a ${tier}-impact system needs at least ${needed} (organization.yaml: approvalPolicy.${tier})`,
      'add the missing approvals, or lower the impact with an approved reassessment',
    );
  }
}

function* checkOversight(organization: Organization, fault: Fault): Iterable<PalisadeError> {
  if (organization.committees.length === 0) {
    const problem = 'high impact needs a committee, found none (organization.yaml: committees)';
    yield fault('PALISADE-M031', 'impact.tier', problem, 'add the committee that oversees the AI system');
  }
  const { recordDays } = organization.retention;
  if (recordDays < HIGH_IMPACT_RECORD_DAYS) {
    yield fault(
      'PALISADE-M033',
      'impact.tier',
      `high impact needs records for ${HIGH_IMPACT_RECORD_DAYS} days, found ${recordDays} (organization.yaml: retention.recordDays)`,
      'keep records for ten years (EU AI Act, Article 18)',
    );
  }
}
