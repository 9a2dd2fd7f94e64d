import type { PalisadeError } from '../../runtime/errors';
import { isPrivate, overlaps, parseCidr } from './cidr';
import { IMPACT_TIERS, STAGE_NAMES } from './fields';
import type { Fault } from './manifest-error';
import { NETWORK_KEYS, type Organization, type Stage } from './organization';
import { samePerson } from './people';
import { duplicates } from './repeated';

/** Prefix lengths of a network: smaller than /24 leaves no room for three tiers in three zones, a VPC ends at /16. */
const PREFIXES = { widest: 16, narrowest: 24 };

/** What must hold between the values of `organization.yaml`. */
export function* checkOrganization(organization: Organization, fault: Fault): Iterable<PalisadeError> {
  yield* duplicates('allowedRegions', organization.allowedRegions, fault);
  yield* duplicates(
    'committees',
    organization.committees.map((committee) => committee.name),
    fault,
  );
  yield* checkApprovalPolicy(organization, fault);
  yield* checkStages(organization, fault);
  yield* checkNetworks(organization, fault);
  yield* checkExclusions(organization, fault);
}

function* checkExclusions({ exclusions }: Organization, fault: Fault): Iterable<PalisadeError> {
  yield* duplicates(
    'exclusions',
    exclusions.map(({ control }) => control),
    fault,
  );
  for (const [index, { owner, approver }] of exclusions.entries()) {
    if (samePerson(owner, approver)) {
      const problem = `found ${approver}, who is the owner`;
      yield fault('PALISADE-M016', `exclusions[${index}].approver`, problem, 'name someone else');
    }
  }
}

function* checkApprovalPolicy({ approvalPolicy }: Organization, fault: Fault): Iterable<PalisadeError> {
  for (const [index, tier] of IMPACT_TIERS.slice(1).entries()) {
    const lower = IMPACT_TIERS[index];
    if (approvalPolicy[tier] < approvalPolicy[lower]) {
      yield fault(
        'PALISADE-M026',
        `approvalPolicy.${tier}`,
        `found ${approvalPolicy[tier]}, fewer than approvalPolicy.${lower} (${approvalPolicy[lower]})`,
        'let a higher tier need at least as many approvals',
      );
    }
  }
}

function* checkStages(organization: Organization, fault: Fault): Iterable<PalisadeError> {
  const stages = stagesOf(organization);
  if (stages.length === 0) {
    yield fault('PALISADE-M014', 'stages', 'found none, allowed: at least 1', `add one of ${STAGE_NAMES.join(', ')}`);
  }
  for (const [name, stage] of stages) {
    if (!organization.allowedRegions.includes(stage.region)) {
      yield fault(
        'PALISADE-M021',
        `stages.${name}.region`,
        `found ${stage.region}, allowed: ${organization.allowedRegions.join(', ')} (allowedRegions)`,
        'move the stage, or allow the Region',
      );
    }
    const zones = stage.availabilityZones ?? [];
    yield* duplicates(`stages.${name}.availabilityZones`, zones, fault);
    for (const zone of zones.filter((zone) => zone.slice(0, -1) !== stage.region)) {
      yield fault(
        'PALISADE-M026',
        `stages.${name}.availabilityZones`,
        `found ${zone}, which is not in ${stage.region}`,
        'name zones of the Region of the stage',
      );
    }
  }
  yield* checkProd(organization, fault);
}

function* checkProd({ stages: { prod }, retention }: Organization, fault: Fault): Iterable<PalisadeError> {
  if (!prod) {
    return;
  }
  const where = 'stages.prod';
  if (prod.removal !== 'retain') {
    yield fault('PALISADE-M032', `${where}.removal`, `found ${prod.removal}, allowed: retain`, 'write retain');
  }
  if (prod.objectLock.mode !== 'compliance') {
    const problem = `found ${prod.objectLock.mode}, allowed: compliance`;
    yield fault('PALISADE-M032', `${where}.objectLock.mode`, problem, 'write compliance');
  }
  if (prod.objectLock.days < retention.evidenceDays) {
    yield fault(
      'PALISADE-M032',
      `${where}.objectLock.days`,
      `found ${prod.objectLock.days}, allowed: at least ${retention.evidenceDays} (retention.evidenceDays)`,
      'lock evidence for as long as it is kept',
    );
  }
}

function* checkNetworks(organization: Organization, fault: Fault): Iterable<PalisadeError> {
  const networks = stagesOf(organization).flatMap(([name, stage]) =>
    NETWORK_KEYS.map((key) => ({ place: `stages.${name}.network.${key}`, text: stage.network[key] })),
  );
  const seen: { place: string; range: NonNullable<ReturnType<typeof parseCidr>> }[] = [];
  for (const { place, text } of networks) {
    const range = parseCidr(text);
    const prefix = range && 32 - Math.log2(range.size);
    if (!range || !prefix || !isPrivate(range) || prefix < PREFIXES.widest || prefix > PREFIXES.narrowest) {
      yield fault(
        'PALISADE-M023',
        place,
        `found ${text.slice(0, 40)}, allowed: a private IPv4 range (RFC 1918) from /16 to /24 that starts at its own address`,
        'write a range such as 10.0.0.0/20',
      );
      continue;
    }
    const clash = seen.find((other) => overlaps(other.range, range));
    if (clash) {
      const problem = `found ${text}, which overlaps ${clash.place}`;
      yield fault('PALISADE-M023', place, problem, 'give each network its own range');
    }
    seen.push({ place, range });
  }
}

function stagesOf({ stages }: Organization): [string, Stage][] {
  return STAGE_NAMES.flatMap((name) => {
    const stage = stages[name];
    return stage ? [[name, stage] as [string, Stage]] : [];
  });
}
