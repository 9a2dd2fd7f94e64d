import { FLAG_AGES, StopFlag } from '../../../runtime/gateway';

function flag() {
  const state = { now: 1_000_000, looks: 0, said: false as boolean | undefined | Error };
  const subject = new StopFlag(
    async () => {
      state.looks += 1;
      if (state.said instanceof Error) {
        throw state.said;
      }
      return state.said;
    },
    () => {},
    () => state.now,
  );
  return { state, subject };
}

test('is looked at once for calls that come together, and not again for a while', async () => {
  const { state, subject } = flag();
  expect(await Promise.all([subject.stopped(), subject.stopped(), subject.stopped()])).toEqual([false, false, false]);
  state.now += FLAG_AGES.refreshAfter - 1;
  await subject.stopped();
  expect(state.looks).toBe(1);
});

test('is seen when it is set, and when it is taken back, after its age at most', async () => {
  const { state, subject } = flag();
  await subject.stopped();
  state.said = true;
  state.now += FLAG_AGES.refreshAfter;
  expect(await subject.stopped()).toBe(true);
  state.said = undefined;
  state.now += FLAG_AGES.refreshAfter;
  expect(await subject.stopped()).toBe(true);
  state.said = false;
  state.now += FLAG_AGES.refreshAfter;
  expect(await subject.stopped()).toBe(false);
});

test('counts as set when nobody has ever seen it, and is looked for with each call', async () => {
  const { state, subject } = flag();
  state.said = new Error('no network');
  expect([await subject.stopped(), await subject.stopped()]).toEqual([true, true]);
  expect(state.looks).toBe(2);
  state.said = false;
  expect(await subject.stopped()).toBe(false);
});

test('is trusted for a minute while it cannot be seen, and then counts as set', async () => {
  const { state, subject } = flag();
  await subject.stopped();
  state.said = new Error('no network');
  state.now += FLAG_AGES.trustFor - 1;
  expect(await subject.stopped()).toBe(false);
  state.now += 1;
  expect(await subject.stopped()).toBe(true);
});
