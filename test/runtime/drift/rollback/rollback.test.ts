import fc from 'fast-check';
import {
  answersAsExpected,
  type Candidate,
  type DriftEvent,
  nextStep,
  parseSmokeSet,
  type RollbackDecision,
  type RollbackPorts,
  rollBack,
} from '../../../../runtime/drift/rollback';

const arn = (version: number) => `arn:aws:sagemaker:eu-west-1:111122223333:model-package/prod-scoring/${version}`;
const of = (version: number, approved = true): Candidate => ({
  packageArn: arn(version),
  configuration: `config-${version}`,
  approved,
});

const DRIFT: DriftEvent = {
  endpointName: 'prod-scoring',
  configuration: 'config-3',
  window: '2026-11-25T10:00:00.000Z',
  answer: { direction: 'up', windows: 4 },
  columns: [],
};

/** An account with an endpoint that has served versions, the last of which serves. Fails at the n-th call, if told to. */
class World implements RollbackPorts {
  configuration = 'config-3';
  status = 'InService';
  versions = [of(1), of(2), of(3)];
  readonly quarantine_ = new Set<string>();
  hasSmokeSet = true;
  failing = new Set<string>();
  /** Configurations whose canary raises an alarm: SageMaker goes back by itself. */
  refused = new Set<string>();
  stopped = 0;
  switches: string[] = [];
  decisions = new Map<string, RollbackDecision>();
  calls = 0;
  crashAt = Number.POSITIVE_INFINITY;
  private stored?: { body: string; etag: string };
  private before = '';

  /** A crash before the call, or after it was done. */
  private async call<T>(work: () => T): Promise<T> {
    this.calls += 1;
    if (this.calls === this.crashAt) {
      throw new Error('crash before');
    }
    const result = work();
    this.calls += 1;
    if (this.calls === this.crashAt) {
      throw new Error('crash after');
    }
    return result;
  }

  serving = () =>
    this.call(() => ({ configuration: this.configuration, status: this.status, since: new Date('2026-11-01') }));
  deployed = () => this.call(() => this.versions.map(({ configuration }) => configuration));
  candidate = (name: string) => this.call(() => this.versions.find(({ configuration }) => configuration === name));
  quarantined = () => this.call(() => new Set(this.quarantine_));
  quarantine = (packageArn: string) => this.call(() => void this.quarantine_.add(packageArn));
  provable = () => this.call(() => this.hasSmokeSet);
  smoke = () => this.call(() => (this.failing.has(this.configuration) ? 'failed' : 'passed') as 'failed' | 'passed');
  fallBack = () =>
    this.call(() => {
      this.stopped += 1;
    });
  load = () => this.call(() => this.stored);
  save = (body: string, replacing?: string) =>
    this.call(() => {
      if (this.stored?.etag !== replacing) {
        throw new Error('PALISADE-F101');
      }
      this.stored = { body, etag: `${Number(this.stored?.etag ?? 0) + 1}` };
    });
  recordDecision = (decision: RollbackDecision) =>
    this.call(() => {
      const known = this.decisions.get(decision.id);
      // The same decision twice is one; another one under its name would rewrite what was recorded.
      expect(known ?? decision).toEqual(decision);
      this.decisions.set(decision.id, decision);
    });
  switchTo = (configuration: string) =>
    this.call(() => {
      if (this.status !== 'InService') {
        throw new Error('Cannot update in-progress endpoint');
      }
      this.switches.push(configuration);
      this.before = this.configuration;
      this.status = 'Updating';
      this.configuration = configuration;
    });

  /** The endpoint has changed, or has gone back. */
  settle(): void {
    if (this.status === 'Updating') {
      this.configuration = this.refused.has(this.configuration) ? this.before : this.configuration;
      this.status = 'InService';
    }
  }

  /** Delivers the event, and then a change of the endpoint as long as there is one. Each delivery is repeated after a crash. */
  async run(drift = DRIFT) {
    let event: DriftEvent | undefined = drift;
    for (let delivery = 0; delivery < 60; delivery++) {
      try {
        const outcome = await rollBack(this, event);
        if (outcome) {
          return outcome;
        }
        event = undefined;
      } catch (error) {
        if (!/crash/.test(String(error))) {
          throw error;
        }
        this.crashAt = Number.POSITIVE_INFINITY;
        // Lambda repeats the event that failed.
        continue;
      }
      this.settle();
    }
    throw new Error('no end');
  }

  get steps() {
    return [...this.decisions.values()].map(({ step }) => step);
  }
}

const world = (change: (world: World) => void = () => undefined) => {
  const made = new World();
  change(made);
  return made;
};

const STORIES: [string, (world: World) => void, string, string[], number][] = [
  ['the version before serves', () => undefined, 'rolled-back', ['config-2'], 0],
  [
    'the newest approved one, not the one before',
    (w) => {
      w.versions = [of(1), of(2, false), of(3)];
    },
    'rolled-back',
    ['config-1'],
    0,
  ],
  ['not one in quarantine', (w) => w.quarantine_.add(arn(2)), 'rolled-back', ['config-1'], 0],
  [
    'not one whose configuration is gone',
    (w) => {
      w.versions = [of(1), of(3)];
    },
    'rolled-back',
    ['config-1'],
    0,
  ],
  ['the next where the smoke set fails', (w) => w.failing.add('config-2'), 'rolled-back', ['config-2', 'config-1'], 0],
  ['the next where the canary fails', (w) => w.refused.add('config-2'), 'rolled-back', ['config-2', 'config-1'], 0],
  [
    'nothing where none passes',
    (w) => {
      w.failing = new Set(['config-1', 'config-2']);
    },
    'fallen-back',
    ['config-2', 'config-1'],
    1,
  ],
  [
    'nothing where there is no other',
    (w) => {
      w.versions = [of(3)];
    },
    'fallen-back',
    [],
    1,
  ],
  [
    'nothing where nothing could be proven',
    (w) => {
      w.hasSmokeSet = false;
    },
    'fallen-back',
    [],
    1,
  ],
];

describe('of a model whose answers drifted', () => {
  test.each(STORIES)('%s', async (_, change, outcome, switches, stopped) => {
    const made = world(change);
    expect(await made.run()).toBe(outcome);
    expect(made.switches).toEqual(switches);
    expect(made.stopped).toBe(stopped);
    expect(made.quarantine_).toContain(arn(3));
    expect([...made.decisions.values()].at(-1)).toMatchObject({
      outcome,
      endpointName: 'prod-scoring',
      incident: DRIFT.window,
    });
  });

  test.each(STORIES)('%s: a crash at any call changes nothing of it', async (_, change, outcome, switches, stopped) => {
    const whole = world(change);
    await whole.run();
    for (let crashAt = 1; crashAt <= whole.calls; crashAt++) {
      const made = world(change);
      made.crashAt = crashAt;
      expect(await made.run()).toBe(outcome);
      expect({ crashAt, configuration: made.configuration }).toEqual({ crashAt, configuration: whole.configuration });
      expect(made.quarantine_).toEqual(whole.quarantine_);
      // A crash just after a switch that the canary undoes tries it once more.
      expect([...new Set(made.switches)]).toEqual(switches);
      expect(made.switches.length).toBeLessThanOrEqual(switches.length + 1);
      expect(made.stopped > 0).toBe(stopped > 0);
    }
  });

  test('the same drift told again does nothing more', async () => {
    const made = world();
    await made.run();
    const { switches, calls } = made;
    expect(await rollBack(made, DRIFT)).toBe('rolled-back');
    expect(made.calls).toBe(calls + 2);
    expect(made.switches).toBe(switches);
  });

  test('a later drift opens another incident, and the version that drifted first is not gone back to', async () => {
    const made = world();
    await made.run();
    const later = { ...DRIFT, window: '2026-11-28T10:00:00.000Z', configuration: 'config-2' };
    expect(await made.run(later)).toBe('rolled-back');
    expect(made.configuration).toBe('config-1');
    expect(await made.run({ ...later, window: '2026-11-29T10:00:00.000Z', configuration: 'config-1' })).toBe(
      'fallen-back',
    );
  });

  test('a version that was deployed meanwhile stays', async () => {
    const made = world((w) => w.refused.add('config-2'));
    expect(await rollBack(made, DRIFT)).toBeUndefined();
    made.versions.push(of(4));
    [made.status, made.configuration] = ['InService', 'config-4'];
    expect(await rollBack(made)).toBe('superseded');
    expect([made.configuration, made.stopped]).toEqual(['config-4', 0]);
  });

  test('a version whose approval is withdrawn while it is switched to does not stay', async () => {
    const made = world();
    await rollBack(made, DRIFT);
    made.settle();
    made.versions[1] = of(2, false);
    expect(await made.run()).toBe('rolled-back');
    expect(made.configuration).toBe('config-1');
  });

  test('an endpoint that failed is stopped', async () => {
    const made = world();
    await rollBack(made, DRIFT);
    made.status = 'UpdateRollbackFailed';
    expect(await rollBack(made)).toBe('fallen-back');
    expect(made.stopped).toBe(1);
  });
});

test('where only requests drifted, or another version serves, nothing is touched', async () => {
  for (const [drift, outcome] of [
    [{ ...DRIFT, answer: undefined }, 'requests-only'],
    [{ ...DRIFT, configuration: 'config-2' }, 'stale'],
  ] as const) {
    const made = world();
    expect(await made.run(drift)).toBe(outcome);
    expect([made.switches, made.stopped, made.quarantine_.size, made.steps]).toEqual([[], 0, 0, ['ignore']]);
  }
});

test('a change of the endpoint without an incident is nothing', async () => {
  const made = world();
  expect(await rollBack(made)).toBeUndefined();
  expect(made.decisions.size).toBe(0);
});

test('an incident that nobody wrote is refused', async () => {
  const made = world();
  await made.save('{"schema":"palisade/rollback/1"}');
  await expect(rollBack(made, DRIFT)).rejects.toMatchObject({ code: 'PALISADE-F102' });
});

test('whatever is the case, no step goes to what is not approved, is in quarantine, or was tried', () => {
  const candidate = fc.record({ version: fc.integer({ min: 1, max: 6 }), approved: fc.boolean() });
  const versions = fc.subarray([1, 2, 3, 4, 5, 6]);
  fc.assert(
    fc.property(
      candidate,
      fc.array(candidate),
      versions,
      versions,
      fc.option(fc.constantFrom('passed', 'failed')),
      (now, all, bad, tried, smoke) => {
        const quarantined = new Set(bad.map(arn));
        const decided = nextStep({
          serving: of(now.version, now.approved),
          candidates: all.map(({ version, approved }) => of(version, approved)),
          quarantined,
          provable: true,
          chosen: tried.map((version) => `config-${version}`),
          tried: tried.map((version) => `config-${version}`),
          smoke: (smoke ?? undefined) as 'passed' | 'failed' | undefined,
        });
        if (decided.step === 'switch') {
          expect(decided.to.approved).toBe(true);
          expect(quarantined.has(decided.to.packageArn)).toBe(false);
          expect(tried.map((version) => `config-${version}`)).not.toContain(decided.to.configuration);
        }
        if (decided.step === 'done' && decided.outcome === 'rolled-back') {
          expect([now.approved, smoke, quarantined.has(arn(now.version))]).toEqual([true, 'passed', false]);
        }
      },
    ),
  );
});

describe('a smoke set', () => {
  test('is lines of questions, and refused otherwise with the line', () => {
    const line = JSON.stringify({ input: '1,2', expected: [0.5], tolerance: 0.1 });
    expect(parseSmokeSet(`${line}\n\n${line}\n`, 'set')).toHaveLength(2);
    for (const [text, where] of [
      ['', 'set'],
      [`${line}\n{}`, 'set:2'],
      ['no', 'set:1'],
      [JSON.stringify({ input: '1', expected: [], tolerance: 0 }), 'set:1'],
      [JSON.stringify({ input: '1', expected: [1], tolerance: -1 }), 'set:1'],
      [Array(51).fill(line).join('\n'), 'set'],
    ]) {
      expect(() => parseSmokeSet(text, 'set')).toThrow(`PALISADE-F104 ${where}\n`);
    }
  });

  test.each([
    ['0.55', true],
    ['0.61', false],
    ['', false],
    [' 0.5\n', true],
    ['0.5,0.5', false],
    ['NaN', false],
    ['yes', false],
  ])('%j answers 0.5 within 0.1: %s', (answer, expected) => {
    expect(answersAsExpected({ input: '1', expected: [0.5], tolerance: 0.1 }, answer)).toBe(expected);
  });

  test('an answer of nothing is not zero', () => {
    expect(answersAsExpected({ input: '1', expected: [0], tolerance: 0.1 }, '')).toBe(false);
    expect(answersAsExpected({ input: '1', expected: [0, 0], tolerance: 0.1 }, '0,')).toBe(false);
  });
});
