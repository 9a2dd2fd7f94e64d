import * as z from 'zod';
import { PalisadeError } from '../errors';
import { decide, type GateDecision, type GateReason } from './gate';

/** What is known of a dataset's quality: counts only, never a value of a record. */
export interface QualityReport {
  /** Records, without a header. */
  readonly rows: number;
  /** Records equal to an earlier one in every field. */
  readonly duplicates: number;
  /** Records in which a field is empty, by column. */
  readonly missing: Readonly<Record<string, number>>;
  /** Records by value of the label column; absent when the dataset has none. */
  readonly classes?: Readonly<Record<string, number>>;
}

/** What a dataset must reach before anything is trained on it. */
export interface QualityThresholds {
  /** Least number of records. */
  readonly minimumRows: number;
  /** Least share of filled fields in every column, 0 to 1. */
  readonly completeness: number;
  /** Least share of records that are not duplicates, 0 to 1. */
  readonly uniqueness: number;
  /** Least share of records that the rarest class has, 0 to 0.5; 0 asks for no balance and needs no label. */
  readonly classBalance: number;
}

const count = z.int().min(0);
const REPORT = z
  .strictObject({
    rows: count,
    duplicates: count,
    missing: z.record(z.string(), count),
    classes: z.record(z.string(), count).optional(),
  })
  .refine(
    (report) => [report.duplicates, ...Object.values(report.missing)].every((part) => part <= report.rows),
    'a count exceeds the number of rows',
  )
  .refine(
    (report) => !report.classes || Object.values(report.classes).reduce((a, b) => a + b, 0) === report.rows,
    'the classes do not add up to the number of rows',
  );

/** Reads a quality report from JSON. Throws PALISADE-T011 when it is not one. */
export function parseQualityReport(text: string, where: string): QualityReport {
  try {
    return REPORT.parse(JSON.parse(text));
  } catch (error) {
    throw new PalisadeError({
      code: 'PALISADE-T011',
      where,
      problem: `not a quality report: ${error instanceof Error ? error.message : error}`,
      fix: 'write {"rows", "duplicates", "missing": {column: count}, "classes"?: {label: count}} when sealing',
    });
  }
}

/** Compares a report with the thresholds. An empty dataset never passes. */
export function judgeQuality(report: QualityReport, thresholds: QualityThresholds): GateDecision {
  return decide([
    rows(report, thresholds.minimumRows),
    ...completeness(report, thresholds.completeness),
    uniqueness(report, thresholds.uniqueness),
    classBalance(report, thresholds.classBalance),
  ]);
}

function rows(report: QualityReport, least: number): GateReason | undefined {
  const needed = Math.max(1, least);
  return report.rows < needed ? reason('T020', `${report.rows} records, at least ${needed} are needed`) : undefined;
}

function completeness(report: QualityReport, least: number): (GateReason | undefined)[] {
  return Object.entries(report.missing)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([column, missing]) =>
      below('T021', `completeness of '${column}'`, report.rows - missing, report.rows, least),
    );
}

function uniqueness(report: QualityReport, least: number): GateReason | undefined {
  return below('T022', 'uniqueness', report.rows - report.duplicates, report.rows, least);
}

function classBalance(report: QualityReport, least: number): GateReason | undefined {
  if (least === 0) {
    return undefined;
  }
  const sizes = Object.values(report.classes ?? {});
  if (sizes.length < 2) {
    return reason('T023', `${sizes.length} classes, class balance needs at least 2`);
  }
  return below('T023', 'share of the rarest class', Math.min(...sizes), report.rows, least);
}

function below(code: string, what: string, part: number, whole: number, least: number): GateReason | undefined {
  const share = whole === 0 ? 0 : part / whole;
  return share < least ? reason(code, `${what} is ${share.toFixed(4)}, at least ${least} is needed`) : undefined;
}

function reason(number: string, problem: string): GateReason {
  return { code: `PALISADE-${number}`, problem };
}
