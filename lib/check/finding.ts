import type { GraphResource } from '../analysis';
import type { AnnexAId } from '../compliance/annex-a';
import type { RuleFinding } from '../compliance/engine';
import type { Level } from '../compliance/rule';

/** A place in a file, both numbers from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One way in which one resource breaks one rule, as every report shows it. */
export interface Finding {
  /** Id of the rule, as `palisade rules` lists it. */
  readonly rule: string;
  readonly level: Level;
  /** The template, as it was named on the command line. */
  readonly file: string;
  /** Where the property stands in the template, or the nearest of its parents that does. @default - not known */
  readonly line?: number;
  readonly column?: number;
  readonly stack: string;
  /** Logical id. */
  readonly resource: string;
  readonly type: string;
  /** Construct path; `stack/logicalId` where no construct made the resource. */
  readonly path: string;
  /** Dotted path of the property; items of lists by number. */
  readonly property: string;
  readonly message: string;
  readonly annexA: readonly AnnexAId[];
  /** Only a deployment knows the value: neither broken nor proven. */
  readonly unresolved?: true;
  /** Line of the program that made the resource, where CDK recorded it. @default - not known */
  readonly source?: Place;
  /** Why it is accepted, by whom and until when. @default - it is not */
  readonly accepted?: string;
}

/** What identifies a finding from one run to the next: lines move, and so do positions in lists. */
export function fingerprint({ rule, stack, resource, property, message }: Finding): string {
  const withoutPositions = property.replace(/\.\d+(?=\.|$)/g, '');
  return [rule, stack, resource, withoutPositions, message].join(' | ');
}

/** Whether it counts: nobody accepted it. */
export function isOpen({ accepted }: Finding): boolean {
  return accepted === undefined;
}

/** A finding of the engine, at its place. */
export function findingOf(
  { rule, resource, property, message, level, unresolved }: RuleFinding,
  place?: Place,
): Finding {
  return {
    rule: rule.id,
    level,
    file: resource.file,
    ...(place && { line: place.line, column: place.column }),
    ...named(resource),
    property,
    message,
    annexA: rule.annexA,
    ...(unresolved && { unresolved: true as const }),
  };
}

function named({ stack, logicalId, type, path }: GraphResource) {
  return { stack, resource: logicalId, type, path };
}
