import * as z from 'zod';
import { PalisadeError } from '../errors';
import { type ObjectStore, openListed, readAll } from '../training/object-store';
import { CAPTURE_PROFILE, type CaptureProfile, Captures } from './profile';
import { type SampleSize, sampleOf } from './sample';
import { type Comparison, compare } from './stability';

/** What the monitor reads and writes: the bucket of one endpoint. */
export interface ReportStore extends ObjectStore {
  /** Writes one object, or replaces it. */
  write(key: string, body: string): Promise<void>;
}

/** The report of one day. */
export interface CaptureReport {
  readonly schema: 'palisade/capture-report/1';
  /** UTC, as yyyy-mm-dd. */
  readonly day: string;
  /** How much of the day was read. */
  readonly sample: SampleSize;
  readonly profile: CaptureProfile;
  /** Absent where there is no baseline. */
  readonly comparison?: Comparison;
}

/** What the day is compared with: an object with a `profile`, as each report is. */
export const BASELINE_KEY = 'baselines/captures/profile.json';

/** Captures of a busy day: 64 MiB are about 130,000 requests of twenty columns. */
const BOUNDS = { objects: 1000, bytes: 64 * 2 ** 20 };
const MAXIMUM_BASELINE_BYTES = 2 ** 20;

/** More than the profile is not read. */
const BASELINE = z.object({ profile: CAPTURE_PROFILE });

/**
 * Profiles the captures of one UTC day under `prefix` (`captures/<endpoint>/<variant>`), compares them with the baseline
 * where there is one, and writes the report to `monitoring/captures/<day>.json`. The same captures give the same bytes.
 *
 * Throws PALISADE-I007 for a baseline that is none.
 */
export async function reportDay(store: ReportStore, prefix: string, day: string): Promise<CaptureReport> {
  const baseline = await readBaseline(store);
  const { captures, sample } = await gather(store, `${prefix}/${day.replaceAll('-', '/')}/`);
  const report: CaptureReport = {
    schema: 'palisade/capture-report/1',
    day,
    sample,
    profile: captures.profile(),
    ...(baseline && { comparison: compare(baseline, captures) }),
  };
  await store.write(`monitoring/captures/${day}.json`, `${JSON.stringify(report, undefined, 2)}\n`);
  return report;
}

/** The captures under a prefix, within bounds: the same ones whoever asks. */
export async function gather(store: ObjectStore, prefix: string): Promise<{ captures: Captures; sample: SampleSize }> {
  const found = [];
  for await (const object of store.list(prefix)) {
    if (object.key.endsWith('.jsonl')) {
      found.push(object);
    }
  }
  const { chosen, size } = sampleOf(found, BOUNDS);
  const captures = new Captures();
  for (const { key } of chosen) {
    for (const line of await linesOf(store, key)) {
      captures.add(line);
    }
  }
  return { captures, sample: size };
}

async function linesOf(store: ObjectStore, key: string): Promise<string[]> {
  const object = await store.open(key);
  const text = object ? (await readAll(object.body, BOUNDS.bytes)).toString('utf8') : '';
  return text.split('\n').filter((line) => line.trim() !== '');
}

async function readBaseline(store: ObjectStore): Promise<CaptureProfile | undefined> {
  const object = await openListed(store, BASELINE_KEY);
  if (!object) {
    return undefined;
  }
  try {
    return BASELINE.parse(JSON.parse((await readAll(object.body, MAXIMUM_BASELINE_BYTES)).toString('utf8'))).profile;
  } catch (error) {
    throw new PalisadeError({
      code: 'PALISADE-I007',
      where: BASELINE_KEY,
      problem: `not a baseline: ${error instanceof Error ? error.message : error}`,
      fix: 'copy the report of a day that was looked at, or write {"profile": ...} in its form',
    });
  }
}
