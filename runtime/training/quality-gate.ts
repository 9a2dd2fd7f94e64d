import * as z from 'zod';
import type { PinnedModel } from '../bill-of-materials/pin';
import { PalisadeError } from '../errors';
import { profileCsv } from './csv-profile';
import { decide } from './gate';
import { type ObjectStore, openListed, readAll, type StoredObject } from './object-store';
import { judgePretrained, type PretrainedDecision } from './pretrained';
import { judgeQuality, parseQualityReport, type QualityReport, type QualityThresholds } from './quality';

/** File beside the data that states its quality; sealed with it. */
export const QUALITY_REPORT = 'quality-report.json';

const MAXIMUM_REPORT_BYTES = 2 ** 20;

/** How a dataset is judged. */
export interface QualitySettings {
  readonly thresholds: QualityThresholds;
  /** Column with the class of each record. @default - none */
  readonly labelColumn?: string;
  /** Most bytes of CSV that are measured when there is no report. */
  readonly maximumBytes: number;
  /** Models of others that a dataset may hold. @default - none */
  readonly pretrained?: readonly PinnedModel[];
}

/** What the gate decided, and on what. */
export interface QualityDecision extends PretrainedDecision {
  /** Whether the dataset brought a report, or was measured. */
  readonly source: 'report' | 'measurement' | 'none';
  /** Records; 0 when nothing could be measured. */
  readonly rows: number;
}

const PREFIX = z.string().regex(/^[^/].*\/$/, 'not a prefix that ends with a slash');

/**
 * Judges the dataset under `prefix`: by its report where it has one, else by measuring its CSV files; and models of others by their pins.
 *
 * A dataset that cannot be judged fails with the reason; errors of the store are thrown, so that they can be retried.
 */
export async function judgeDataset(
  store: ObjectStore,
  prefix: string,
  settings: QualitySettings,
): Promise<QualityDecision> {
  PREFIX.parse(prefix);
  try {
    const reported = await readReport(store, prefix);
    const report = reported ?? (await measure(store, prefix, settings));
    const quality = judgeQuality(report, settings.thresholds);
    const { pretrained, reasons } = await judgePretrained(store, prefix, settings.pretrained ?? []);
    const decision = { ...decide([...quality.reasons, ...reasons]), pretrained };
    return { ...decision, source: reported ? 'report' : 'measurement', rows: report.rows };
  } catch (error) {
    if (error instanceof PalisadeError) {
      const reasons = [{ code: error.code, problem: error.problem }];
      return { passed: false, reasons, pretrained: [], source: 'none', rows: 0 };
    }
    throw error;
  }
}

async function readReport(store: ObjectStore, prefix: string): Promise<QualityReport | undefined> {
  const object = await openListed(store, `${prefix}${QUALITY_REPORT}`);
  if (!object) {
    return undefined;
  }
  if (object.bytes > MAXIMUM_REPORT_BYTES) {
    throw unmeasurable(prefix, `the report is larger than ${MAXIMUM_REPORT_BYTES} bytes`);
  }
  return parseQualityReport((await readAll(object.body, MAXIMUM_REPORT_BYTES)).toString('utf8'), QUALITY_REPORT);
}

async function measure(store: ObjectStore, prefix: string, settings: QualitySettings): Promise<QualityReport> {
  const tables: StoredObject[] = [];
  let bytes = 0;
  for await (const object of store.list(prefix)) {
    if (object.key.endsWith('.csv')) {
      tables.push(object);
      bytes += object.bytes;
    }
    if (bytes > settings.maximumBytes) {
      throw unmeasurable(prefix, `more than ${settings.maximumBytes} bytes of CSV and no ${QUALITY_REPORT}`);
    }
  }
  if (tables.length === 0) {
    throw unmeasurable(prefix, `neither CSV nor a ${QUALITY_REPORT}`);
  }
  return profileCsv(bodies(store, tables), { labelColumn: settings.labelColumn, where: prefix });
}

async function* bodies(store: ObjectStore, tables: StoredObject[]): AsyncGenerator<AsyncIterable<Uint8Array>> {
  for (const { key } of tables) {
    const object = await store.open(key);
    if (!object) {
      throw unmeasurable(key, 'it went away while it was measured');
    }
    yield object.body;
  }
}

function unmeasurable(where: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-T024',
    where,
    problem: `cannot be measured: ${problem}`,
    fix: `seal the dataset with a ${QUALITY_REPORT}`,
  });
}
