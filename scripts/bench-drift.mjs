// npm run bench:drift: what the charts find on the Turing Change Point Dataset (../shared/data/tcpd), by the measures of its paper,
// beside simple detectors of the kinds that ruptures and river have; and delays and false alarms on simulated series.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PageHinkley } from '../dist/runtime/drift/charts/page-hinkley.js';
import { detector } from '../dist/runtime/drift/detection/index.js';
import { adwin, binarySegmentation, pelt } from './bench-drift-peers.mjs';

const FOLDER = path.resolve('../shared/data/tcpd');
/** Rows that a change point may be off, as in the paper (arXiv:2003.06222). */
const MARGIN = 5;
const CHARTS = ['cusum', 'ewma', 'shewhart', 'psi', 'ks'];
/** Baseline of a short series, as `palisade drift` has it. */
const baselineOf = (rows) => (rows < 50 ? Math.max(8, Math.floor(rows / 3)) : 50);

const ONLINE = {
  ...Object.fromEntries(CHARTS.map((chart) => [chart, (values) => alarms(values, { chart })])),
  'Page-Hinkley': pageHinkley,
  ADWIN: adwin,
};
const OFFLINE = { PELT: pelt, 'binary segmentation': binarySegmentation, 'no change': () => [] };

if (existsSync(FOLDER)) {
  labelled();
} else {
  console.log(`no labelled series at ${FOLDER}: simulated ones only\n`);
}
simulated();

function alarms(values, options) {
  const watch = detector({ baseline: baselineOf(values.length), ...options });
  return values.flatMap((value) => watch.next(value) ?? []).map(({ index, since }) => ({ index, change: since }));
}

/** On values in sigmas of their first third, with a delta and a lambda like the CUSUM's k and h, begun anew at each alarm. */
function pageHinkley(values) {
  const baseline = values.slice(0, baselineOf(values.length)).filter(Number.isFinite);
  const mean = baseline.reduce((sum, value) => sum + value, 0) / baseline.length;
  const sigma = Math.sqrt(baseline.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (baseline.length - 1)) || 1;
  const chart = new PageHinkley(0.5, 5.757);
  return values.flatMap((value, index) => {
    const signal = Number.isFinite(value) ? chart.next((value - mean) / sigma) : undefined;
    if (!signal) {
      return [];
    }
    chart.reset();
    return [{ index, change: index - signal.since }];
  });
}

function labelled() {
  const annotations = JSON.parse(readFileSync(path.join(FOLDER, 'annotations.json'), 'utf8'));
  const names = readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const ways = { ...ONLINE, ...OFFLINE };
  const rows = names.map((name) => {
    const { n_obs: length, series } = JSON.parse(readFileSync(path.join(FOLDER, name, `${name}.json`), 'utf8'));
    const columns = series.map(({ raw }) => raw.map((value) => value ?? Number.NaN));
    const annotators = Object.values(annotations[name]);
    const scores = Object.values(ways).map((way) => {
      const found = columns.flatMap((column) => way(column).map(({ change }) => change));
      return { f1: f1(annotators, found), covering: covering(annotators, found, length) };
    });
    return { name, length, scores };
  });
  table(
    ['Series', 'Rows', ...Object.keys(ways)],
    [
      ...rows.map(({ name, length, scores }) => [name, length, ...scores.map(pair)]),
      ['mean', '', ...Object.keys(ways).map((_, way) => pair(mean(rows.map(({ scores }) => scores[way]))))],
    ],
    'F1 / covering by series',
  );
}

function pair({ f1, covering }) {
  return `${f1.toFixed(2)} / ${covering.toFixed(2)}`;
}

function mean(scores) {
  const of = (measure) => scores.reduce((sum, score) => sum + score[measure], 0) / scores.length;
  return { f1: of('f1'), covering: of('covering') };
}

/** Recall is the mean over annotators, precision is against all of them together; the start counts as a change, as in the paper. */
function f1(annotators, found) {
  const detected = [...new Set([0, ...found])];
  const marked = annotators.map((points) => [...new Set([0, ...points])]);
  const all = [...new Set(marked.flat())];
  const precision = hits(all, detected) / detected.length;
  const recall = marked.reduce((sum, points) => sum + hits(points, detected) / points.length, 0) / marked.length;
  return (2 * precision * recall) / (precision + recall);
}

/** Marked points that have a detected one of their own within the margin. */
function hits(marked, detected) {
  const free = new Set(detected);
  let count = 0;
  for (const point of [...marked].sort((one, other) => one - other)) {
    const near = [...free].filter((other) => Math.abs(other - point) <= MARGIN);
    near.sort((one, other) => Math.abs(one - point) - Math.abs(other - point));
    if (near.length > 0) {
      free.delete(near[0]);
      count += 1;
    }
  }
  return count;
}

/** How well segments overlap with those of each annotator, on average. */
function covering(annotators, found, length) {
  const own = segments(found, length);
  const of = (points) =>
    segments(points, length).reduce((sum, segment) => {
      const best = Math.max(...own.map((other) => overlap(segment, other)));
      return sum + ((segment[1] - segment[0]) / length) * best;
    }, 0);
  return annotators.reduce((sum, points) => sum + of(points), 0) / annotators.length;
}

function segments(points, length) {
  const edges = [...new Set([0, ...points, length])].sort((one, other) => one - other);
  return edges.slice(1).map((end, index) => [edges[index], end]);
}

function overlap([start, end], [from, to]) {
  const both = Math.max(0, Math.min(end, to) - Math.max(start, from));
  return both / (end - start + to - from - both);
}

function simulated() {
  const SERIES = 200;
  const [QUIET, AFTER] = [150, 100];
  const shifts = [0.5, 1, 1.5, 2, 3];
  const kinds = { independent: 0, 'autocorrelated 0.3': 0.3, 'autocorrelated 0.6': 0.6 };
  for (const [kind, dependence] of Object.entries(kinds)) {
    const rows = Object.entries(ONLINE).map(([name, way]) => {
      let falseAlarms = 0;
      for (let seed = 1; seed <= SERIES; seed++) {
        falseAlarms += way(series(seed, 1050, dependence)).length;
      }
      const delays = shifts.map((shift) => {
        const found = Array.from({ length: SERIES }, (_, seed) => {
          const values = series(seed + 10_000, QUIET + AFTER, dependence);
          const moved = values.map((value, index) => value + (index >= QUIET ? shift : 0));
          return way(moved).find(({ index }) => index >= QUIET)?.index;
        }).filter((index) => index !== undefined);
        const sorted = found.map((index) => index - QUIET + 1).sort((one, other) => one - other);
        return `${sorted[Math.floor(sorted.length / 2)] ?? '-'} (${Math.round((100 * sorted.length) / SERIES)} %)`;
      });
      return [name, (falseAlarms / SERIES).toFixed(2), ...delays];
    });
    table(
      ['Detector', 'False alarms in 1,000 rows', ...shifts.map((shift) => `${shift} sigma`)],
      rows,
      `${kind}: median rows until a shift is found (found within ${AFTER})`,
    );
  }
}

function series(seed, rows, dependence) {
  const next = normal(seed * 7919);
  let value = next();
  return Array.from({ length: rows }, () => {
    value = dependence * value + Math.sqrt(1 - dependence ** 2) * next();
    return value;
  });
}

function normal(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

function table(header, rows, title) {
  console.log(`${title}\n\n| ${header.join(' | ')} |\n|${header.map(() => '---').join('|')}|`);
  console.log(`${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
}
