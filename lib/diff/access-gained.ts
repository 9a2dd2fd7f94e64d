import { type AccessModel, accessModel, type PolicyDocument, type TemplateGraph } from '../analysis';
import { actionCovers, resourceCovers, type Statement, statementsOf } from '../compliance/statements';

/** Somebody who may do something now that the old templates did not allow. */
export interface AccessGained {
  /** Construct path of a role, or the principal as the policy names it. */
  readonly who: string;
  /** What it may do: actions of IAM. */
  readonly actions: readonly string[];
  /** On what: names as the policy gives them, or the construct path of the resource that carries it. */
  readonly on: string;
  /** Conditions that still hold it back. */
  readonly conditions: readonly string[];
}

/** A Deny, or a permissions boundary, that the new templates no longer have. */
export interface DenialLost {
  /** Construct path of the role or resource that it protected. */
  readonly where: string;
  readonly what: string;
}

/** Who gained access, and which denials went, between two assemblies. */
export interface AccessChange {
  readonly gained: readonly AccessGained[];
  readonly denialsLost: readonly DenialLost[];
}

interface Grant {
  readonly who: string;
  readonly action: string;
  readonly on: string;
  readonly conditions: Statement['conditions'];
}

/** Compares every policy of two assemblies. A grant that an old one with wildcards covered is no gain. */
export function accessChange(before: TemplateGraph, after: TemplateGraph): AccessChange {
  const [old, now] = [accessModel(before), accessModel(after)];
  const known = byHolder(grantsOf(old));
  const gained = grantsOf(now).filter((grant) => !(known.get(grant.who) ?? []).some((other) => covers(other, grant)));
  return { gained: joined(gained), denialsLost: lost(denialsOf(old), denialsOf(now), now) };
}

function grantsOf({ principals, resources }: AccessModel): Grant[] {
  return [
    ...principals.flatMap(({ role, identityPolicies, trustPolicy }) => [
      ...identityPolicies.flatMap(({ policy }) => identityGrants(role.path, policy)),
      ...resourceGrants(role.path, trustPolicy),
    ]),
    ...resources.flatMap(({ resource, policy }) => resourceGrants(resource.path, policy)),
  ];
}

function allowed(policy: PolicyDocument): Statement[] {
  return statementsOf(policy).filter(({ effect }) => effect === 'Allow');
}

function identityGrants(who: string, policy: PolicyDocument): Grant[] {
  return allowed(policy).flatMap(({ actions, resources, conditions, inverted }) =>
    (inverted ? ['everything but a list'] : actions).flatMap((action) =>
      resources.map((on) => ({ who, action, on, conditions })),
    ),
  );
}

function resourceGrants(on: string, policy: PolicyDocument): Grant[] {
  return allowed(policy).flatMap(({ actions, principals, conditions, inverted }) =>
    (inverted ? ['everyone but a list'] : principals).flatMap((who) =>
      actions.map((action) => ({ who, action, on, conditions })),
    ),
  );
}

/** An old grant covers a new one if it reaches as far and holds back no less. */
function covers(old: Grant, now: Grant): boolean {
  const unconditional = Object.keys(old.conditions).length === 0;
  const same = JSON.stringify(old.conditions) === JSON.stringify(now.conditions);
  return (unconditional || same) && actionCovers(old.action, now.action) && resourceCovers(old.on, now.on);
}

function byHolder(grants: readonly Grant[]): Map<string, Grant[]> {
  const holders = new Map<string, Grant[]>();
  for (const grant of grants) {
    const own = holders.get(grant.who);
    own ? own.push(grant) : holders.set(grant.who, [grant]);
  }
  return holders;
}

/** One entry for each holder, resource and set of conditions. */
function joined(grants: readonly Grant[]): AccessGained[] {
  const entries = new Map<string, AccessGained>();
  for (const { who, action, on, conditions } of grants) {
    const key = JSON.stringify([who, on, conditions]);
    const entry = entries.get(key) ?? { who, actions: [], on, conditions: conditionTexts(conditions) };
    entries.set(key, { ...entry, actions: [...new Set([...entry.actions, action])] });
  }
  return [...entries.values()];
}

function conditionTexts(conditions: Statement['conditions']): string[] {
  return Object.entries(conditions).flatMap(([operator, block]) =>
    Object.entries(block).map(([key, value]) => `${operator} ${key} ${JSON.stringify(value)}`),
  );
}

interface Denials {
  readonly where: string;
  readonly what: string;
}

function denialsOf({ principals, resources }: AccessModel): Denials[] {
  return [
    ...principals.flatMap(({ role, identityPolicies, boundaries }) => [
      ...identityPolicies.flatMap(({ policy }) => denials(role.path, policy)),
      ...(boundaries.length > 0 ? [{ where: role.path, what: 'permissions boundary' }] : []),
    ]),
    ...resources.flatMap(({ resource, policy }) => denials(resource.path, policy)),
  ];
}

function denials(where: string, policy: PolicyDocument): Denials[] {
  return statementsOf(policy)
    .filter(({ effect }) => effect === 'Deny')
    .map(({ actions, principals, resources, conditions }) => ({
      where,
      what: [
        `Deny ${actions.join(', ')}`,
        ...conditionTexts(conditions),
        ...(principals.length > 0 ? [`to ${principals.join(', ')}`] : [`on ${resources.join(', ')}`]),
      ].join(' '),
    }));
}

/** A role or resource that is gone needs no denial. */
function lost(before: readonly Denials[], after: readonly Denials[], now: AccessModel): DenialLost[] {
  const kept = new Set(after.map(({ where, what }) => `${where} ${what}`));
  const there = new Set([
    ...now.principals.map(({ role }) => role.path),
    ...now.resources.map(({ resource }) => resource.path),
  ]);
  return before.filter(({ where, what }) => there.has(where) && !kept.has(`${where} ${what}`));
}
