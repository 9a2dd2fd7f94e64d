import type { ObjectStore } from '../../training/object-store';
import type { Captures } from '../profile';
import { gather } from '../report';
import { cusumLimitFor } from '../run-length/estimated';
import type { SampleSize } from '../sample';
import { type ColumnDesign, type ColumnStep, K, stepColumn } from './column';
import { driftChart } from './drift-chart';
import { type ColumnState, type DriftState, MOST_COLUMNS, parseState, UNKNOWN_COLUMN } from './state';
import { before, completeUntil, firstAfter, following, windowAt } from './window';

/** Which deployment of a model serves. */
export interface Serving {
  /** Name of the endpoint configuration. */
  readonly configuration: string;
  /** When the endpoint changed last. */
  readonly since: Date;
  /** As SageMaker calls it: `InService`, `Updating`, ... */
  readonly status: string;
}

/** An object, and the version that a write replaces. */
export interface Versioned {
  readonly body: string;
  readonly etag: string;
}

/** What the monitor reads and writes. */
export interface MonitorPorts {
  /** Captured requests. */
  readonly captures: ObjectStore;
  /** What serves; undefined without an endpoint. */
  serving(): Promise<Serving | undefined>;
  /** Reads an object of the monitor's own bucket. */
  read(key: string): Promise<Versioned | undefined>;
  /**
   * Writes one, if it still is the version that was read, or still is not there. Throws PALISADE-F101 otherwise: another run
   * was faster.
   */
  write(key: string, body: string, replacing: string | undefined): Promise<void>;
  /** Writes a chart, or replaces it. */
  draw(key: string, svg: string): Promise<void>;
  /** Tells of one window: metrics. */
  report(window: WindowReport): void;
  /** Raises the event that starts a rollback. */
  raise(drift: DriftDetected): Promise<void>;
}

/** What the monitor is set up with. */
export interface MonitorSettings {
  readonly endpointName: string;
  /** Prefix of the captures of a variant: `captures/<endpoint>/<variant>`. */
  readonly captures: string;
  /** Windows of the baseline. */
  readonly baselineWindows: number;
  /** Fewest rows of a window that is judged. */
  readonly minimumRows: number;
  /** Windows between two false alarms, on average, of all charts together. */
  readonly arl0: number;
}

/** What one window was like. */
export interface WindowReport {
  /** Start. */
  readonly window: string;
  readonly requests: number;
  /** Whether all captures of the window were read. */
  readonly complete: boolean;
  /** Statistic of the answers as a share of its limit, without sign; absent where they were not judged. */
  readonly answer?: number;
  /** The largest of the columns of the requests. */
  readonly worstColumn?: number;
  /** Population stability index of the answers, where it is significant. */
  readonly answerPsi?: number;
  /** Charts that judged the window. */
  readonly judged: number;
}

/** The detail of the event `Model Drift Detected`. */
export interface DriftDetected {
  readonly endpointName: string;
  /** Endpoint configuration whose answers drifted. */
  readonly configuration: string;
  /** Start of the window that alarmed: names the incident, whoever tells it twice. */
  readonly window: string;
  /** Where the answers went. Absent where only requests drifted, which another model would be asked as well. */
  readonly answer?: Drifted;
  /** Columns of the requests, from 0. */
  readonly columns: readonly (Drifted & { readonly column: number })[];
}

/** How a series drifted. */
export interface Drifted {
  readonly direction: string;
  /** Windows since the change began. */
  readonly windows: number;
}

/** Where the state of a deployment is kept. One that is gone back to finds its baseline again. */
export function stateKey(configuration: string): string {
  return `state/drift/${configuration}.json`;
}

/** Where the chart is. */
export const CHART_KEY = 'charts/drift.svg';
/** Windows that one run takes, and that are caught up with: what a day without the monitor left behind. */
const MOST_WINDOWS = 24;

/**
 * Takes the windows that became complete since the last run, one after the other: each moves the state on, and only once that is
 * written is it told of. So a run that ends anywhere is repeated without counting a window twice; an event may be raised twice,
 * which its receiver knows by the window.
 *
 * Answers how many windows were taken.
 */
export async function monitor(ports: MonitorPorts, settings: MonitorSettings, now: Date): Promise<number> {
  const serving = await ports.serving();
  if (serving?.status !== 'InService') {
    return 0;
  }
  const key = stateKey(serving.configuration);
  const until = completeUntil(now);
  let taken = 0;
  for (; taken < MOST_WINDOWS; taken++) {
    const stored = await ports.read(key);
    const state = current(stored && parseState(stored.body, key), serving, until);
    if (state.next >= until) {
      break;
    }
    await take(ports, settings, state, stored?.etag);
  }
  return taken;
}

/**
 * The state to go on with. Hours in which the deployment did not serve, or that are too long ago, are left out; what was summed up
 * before such a gap says nothing of after it.
 */
function current(state: DriftState | undefined, { configuration, since }: Serving, until: string): DriftState {
  const earliest = firstAfter(new Date(Math.max(since.getTime(), Date.parse(before(until, MOST_WINDOWS)))));
  if (!state) {
    return { schema: 'palisade/drift-state/1', configuration, next: earliest, answer: UNKNOWN_COLUMN, columns: [] };
  }
  if (state.next >= earliest) {
    return state;
  }
  const restarted = (column: ColumnState): ColumnState => ({ ...column, cusum: UNKNOWN_COLUMN.cusum });
  return { ...state, next: earliest, answer: restarted(state.answer), columns: state.columns.map(restarted) };
}

async function take(
  ports: MonitorPorts,
  settings: MonitorSettings,
  state: DriftState,
  etag: string | undefined,
): Promise<void> {
  const { start, folder } = windowAt(state.next);
  const { captures, sample } = await gather(ports.captures, `${settings.captures}/${folder}`);
  const { answer, columns, after } = step(state, captures, settings);
  const drift = driftOf(settings, state.configuration, start, answer, columns);
  // First, because a state that is written is never told of again.
  if (drift) {
    await ports.raise(drift);
  }
  await ports.draw(CHART_KEY, driftChart(after, settings.endpointName));
  await ports.write(stateKey(state.configuration), JSON.stringify(after), etag);
  ports.report(reportOf(start, captures, sample, answer, columns));
}

interface Step {
  readonly after: DriftState;
  readonly answer: ColumnStep;
  readonly columns: readonly ColumnStep[];
}

/** Moves the state on by one window. */
function step(state: DriftState, captures: Captures, settings: MonitorSettings): Step {
  const width = Math.min(MOST_COLUMNS, Math.max(state.columns.length, captures.columns.length));
  const design: ColumnDesign = {
    windows: settings.baselineWindows,
    rows: settings.minimumRows,
    // Each chart may alarm as much more seldom as there are charts.
    h: cusumLimitFor(settings.arl0 * (width + 1), K, settings.baselineWindows),
  };
  const answer = stepColumn(state.answer, state.next, captures.answer.numbers, design);
  const columns = Array.from({ length: width }, (_, index) =>
    stepColumn(state.columns[index] ?? UNKNOWN_COLUMN, state.next, captures.columns[index]?.numbers ?? [], design),
  );
  return {
    after: {
      ...state,
      next: following(state.next),
      answer: answer.state,
      columns: columns.map((column) => column.state),
    },
    answer,
    columns,
  };
}

function driftOf(
  { endpointName }: MonitorSettings,
  configuration: string,
  window: string,
  answer: ColumnStep,
  columns: readonly ColumnStep[],
): DriftDetected | undefined {
  const drifted = columns.flatMap(({ alarm }, column) => (alarm ? [{ column, ...alarm }] : []));
  return answer.alarm || drifted.length > 0
    ? { endpointName, configuration, window, ...(answer.alarm && { answer: answer.alarm }), columns: drifted }
    : undefined;
}

function reportOf(
  window: string,
  { requests }: Captures,
  { complete }: SampleSize,
  answer: ColumnStep,
  columns: readonly ColumnStep[],
): WindowReport {
  const ratios = columns.flatMap(({ ratio }) => (ratio === undefined ? [] : [Math.abs(ratio)]));
  return {
    window,
    requests,
    complete,
    answer: answer.ratio === undefined ? undefined : Math.abs(answer.ratio),
    worstColumn: ratios.length > 0 ? Math.max(...ratios) : undefined,
    answerPsi: answer.psi,
    judged: [answer, ...columns].filter(({ judged }) => judged).length,
  };
}
