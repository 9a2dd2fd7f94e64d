import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { restartsIn, Starts } from '../../../enclave/parent/starts';
import { SILENCE_LIMIT, START_LIMIT, Watchdog, type WatchdogPorts } from '../../../enclave/parent/watchdog';
import type { EnclaveHostSettings } from '../../../runtime/enclave-host';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watchdog-'));
const image = path.join(folder, 'image.eif');
fs.writeFileSync(image, 'image');
afterAll(() => fs.rmSync(folder, { recursive: true }));
const digest = createHash('sha256').update('image').digest('hex');

const settings = (changes: Partial<EnclaveHostSettings['enclave']> = {}, reviewed = digest) =>
  ({
    enclave: { image, imageSha256: digest, cpus: 2, memoryMiB: 4096, cid: 16, ...changes },
    measurements: { system: 'x', generations: [{ eifSha256: reviewed }] },
    restartBudget: { restarts: 2, seconds: 3600 },
  }) as unknown as EnclaveHostSettings;

/** A world in which time passes only while somebody waits. `alive` and `proved` say how the enclave is at a time. */
function world(alive: (now: number, started: number) => boolean, proved: (now: number, started: number) => boolean) {
  let time = 1_000_000_000;
  let started = 0;
  let kept: number[] = [];
  const calls: string[] = [];
  const ports: WatchdogPorts = {
    run: async (program, args) => {
      calls.push([program, ...args].join(' '));
      if (args[0] === 'run-enclave') {
        started = time;
      }
      return args[0] === 'describe-enclaves' ? JSON.stringify(alive(time, started) ? [{ State: 'RUNNING' }] : []) : '';
    },
    proved: async () => proved(time, started),
    starts: {
      read: () => kept,
      write: (times) => {
        kept = [...times];
      },
    },
    wait: async (milliseconds) => {
      time += milliseconds;
    },
    now: () => time,
    log: () => {},
  };
  return { ports, calls, starts: () => calls.filter((call) => call.includes('run-enclave')), at: () => time };
}

const refused = (code: string) => expect.objectContaining({ code: `PALISADE-${code}` });

test('starts the reviewed image with its cores and memory, never with a console, and after what was left', async () => {
  const { ports, calls } = world(
    () => false,
    () => false,
  );
  await expect(new Watchdog(settings(), ports).guard()).rejects.toEqual(refused('E387'));
  expect(calls.slice(0, 2)).toEqual([
    'nitro-cli terminate-enclave --all',
    `nitro-cli run-enclave --eif-path ${image} --cpu-count 2 --memory 4096 --enclave-cid 16`,
  ]);
  expect(calls.join()).not.toContain('debug');
});

test('an enclave that crashes is started anew, within the budget, and then no more', async () => {
  const { ports, starts } = world(
    () => false,
    () => false,
  );
  await expect(new Watchdog(settings(), ports).guard()).rejects.toEqual(refused('E387'));
  expect(starts()).toHaveLength(3);
});

test('a crash now and then is no reason to give up', async () => {
  // It lives for an hour each time; the world ends after ten lives.
  const hour = 3_600_000;
  const made = world(
    (now, started) => now - started < hour,
    () => {
      if (made.starts().length > 10) {
        throw new Error('enough');
      }
      return true;
    },
  );
  await expect(new Watchdog(settings(), made.ports).guard()).rejects.toThrow('enough');
});

test('one that never proves itself is started anew after its start limit, one that falls silent sooner', async () => {
  const never = world(
    () => true,
    () => false,
  );
  const begun = never.at();
  await expect(new Watchdog(settings(), never.ports).guard()).rejects.toEqual(refused('E387'));
  expect(never.at() - begun).toBeGreaterThan(3 * START_LIMIT);
  const silent = world(
    () => true,
    (now, started) => now - started < 10_000,
  );
  const start = silent.at();
  await expect(new Watchdog(settings(), silent.ports).guard()).rejects.toEqual(refused('E387'));
  expect(silent.at() - start).toBeLessThan(3 * (SILENCE_LIMIT + 30_000));
});

describe('nitro-cli that fails', () => {
  /** Fails so many times for one command. */
  function failing(command: string, times: number, made: ReturnType<typeof world>): WatchdogPorts {
    let left = times;
    return {
      ...made.ports,
      run: async (program, args) => {
        if (args[0] === command && left > 0) {
          left -= 1;
          throw Object.assign(new Error('E36'), { code: 1 });
        }
        return made.ports.run(program, args);
      },
    };
  }
  /** Lives for an hour, and then the world ends. */
  const hourLong = () => {
    const made = world(
      (_, started) => started > 0,
      (now, started) => {
        if (now - started > 3_600_000) {
          throw new Error('enough');
        }
        return true;
      },
    );
    return made;
  };

  test('to start is tried again, within the budget', async () => {
    const made = hourLong();
    await expect(new Watchdog(settings(), failing('run-enclave', 2, made)).guard()).rejects.toThrow('enough');
    expect(made.starts()).toHaveLength(1);
    const never = hourLong();
    await expect(new Watchdog(settings(), failing('run-enclave', 3, never)).guard()).rejects.toEqual(refused('E387'));
    expect(never.starts()).toEqual([]);
  });

  test.each(['describe-enclaves', 'terminate-enclave'])(
    '%s does not end an enclave that proves itself',
    async (command) => {
      const made = hourLong();
      await expect(new Watchdog(settings(), failing(command, 100, made)).guard()).rejects.toThrow('enough');
      expect(made.starts()).toHaveLength(1);
    },
  );

  test('describe-enclaves does not keep one that is silent', async () => {
    const made = world(
      () => true,
      () => false,
    );
    const ports = failing('describe-enclaves', Number.POSITIVE_INFINITY, made);
    await expect(new Watchdog(settings(), ports).guard()).rejects.toEqual(refused('E387'));
    expect(made.starts()).toHaveLength(3);
  });
});

describe('starts', () => {
  const starts = () => new Starts(path.join(fs.mkdtempSync(path.join(folder, 'starts-')), 'starts.json'));

  test('are kept in a file, and there are none before', () => {
    const made = starts();
    expect(made.read()).toEqual([]);
    made.write([1, 2]);
    expect(made.read()).toEqual([1, 2]);
  });

  test('count as restarts but for the first, also where the list forgets', () => {
    const made = starts();
    const restarts = restartsIn(made);
    expect(restarts()).toBe(0);
    made.write([1000]);
    expect([restarts(), restarts()]).toEqual([0, 0]);
    made.write([2000]);
    expect(restarts()).toBe(1);
    made.write([2000, 3000, 4000]);
    expect(restarts()).toBe(3);
    const later = restartsIn(made);
    made.write([2000, 3000, 4000, 5000]);
    expect(later()).toBe(1);
  });
});

test('a watchdog that is started anew knows what its predecessor spent', async () => {
  const { ports } = world(
    () => false,
    () => false,
  );
  ports.starts.write([ports.now() - 1000, ports.now() - 900, ports.now() - 800]);
  await expect(new Watchdog(settings(), ports).guard()).rejects.toEqual(refused('E387'));
});

test('an image that nobody reviewed, or that is not the one, is not started', async () => {
  const { ports, calls } = world(
    () => true,
    () => true,
  );
  await expect(new Watchdog(settings({}, 'ff'.repeat(32)), ports).guard()).rejects.toEqual(refused('E388'));
  const other = 'ee'.repeat(32);
  await expect(new Watchdog(settings({ imageSha256: other }, other), ports).guard()).rejects.toEqual(refused('E386'));
  await expect(new Watchdog(settings({ image: '/nowhere' }), ports).guard()).rejects.toEqual(refused('E386'));
  expect(calls).toEqual([]);
});
