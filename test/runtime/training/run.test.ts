import fc from 'fast-check';
import { parseRunRequest, type RunLock, readRunLock, writeRunLock } from '../../../runtime/training';

const LOCK: Omit<RunLock, 'schema'> = {
  commit: 'a'.repeat(40),
  image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/xgboost@sha256:${'b'.repeat(64)}`,
  datasets: [{ name: 'applications', version: '2026-11', manifestRoot: 'c'.repeat(96) }],
  seeds: { numpy: 7 },
  hyperparameters: { max_depth: '6', eta: '0.2' },
  run: {
    trainingJob: 'arn:aws:sagemaker:eu-west-1:111122223333:training-job/x',
    instanceType: 'ml.m5.xlarge',
    instanceCount: 1,
  },
  artifact: { sha256: 'd'.repeat(64), bytes: 10 },
};

describe('run lock', () => {
  test('is written in one form, whatever the order of its members, and read back', () => {
    const { text, sha256 } = writeRunLock(LOCK);
    const reversed = Object.fromEntries(Object.entries(LOCK).reverse()) as typeof LOCK;
    expect(writeRunLock({ ...reversed, hyperparameters: { eta: '0.2', max_depth: '6' } })).toEqual({ text, sha256 });
    expect(text.endsWith('\n')).toBe(true);
    expect(readRunLock(text)).toEqual({ ...LOCK, schema: 'palisade/run-lock/1' });
  });

  test('any change of a value changes the hash', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (seed, other) => {
        const hash = (value: number) => writeRunLock({ ...LOCK, seeds: { numpy: value } }).sha256;
        expect(hash(seed) === hash(other)).toBe(seed === other);
      }),
    );
  });

  test.each([
    ['a short commit', { commit: 'abc1234' }],
    ['an image by tag', { image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/xgboost:latest' }],
    ['no dataset', { datasets: [] }],
    ['no seed', { seeds: {} }],
    ['an empty artifact', { artifact: { sha256: 'd'.repeat(64), bytes: 0 } }],
  ])('refuses %s', (_, change) => {
    expect(() => writeRunLock({ ...LOCK, ...change })).toThrow(expect.objectContaining({ code: 'PALISADE-T010' }));
  });

  test.each([
    ['not JSON', () => '{'],
    ['white space', (text: string) => text.replace(',', ', ')],
    ['an added member', (text: string) => text.replace('{', '{"x":1,')],
    ['no line feed', (text: string) => text.trimEnd()],
  ])('does not read a lock with %s', (_, change) => {
    const text = change(writeRunLock(LOCK).text);
    expect(() => readRunLock(text)).toThrow(expect.objectContaining({ code: 'PALISADE-T010' }));
  });
});

describe('run request', () => {
  const REQUEST = {
    dataset: { name: 'applications', version: '2026-11' },
    commit: 'a'.repeat(40),
    seeds: { numpy: 7 },
    hyperparameters: { eta: '0.2' },
    requestedBy: 'arn:aws:iam::111122223333:role/DataScientist',
  };

  test('is taken as it is', () => {
    expect(parseRunRequest(REQUEST)).toEqual(REQUEST);
  });

  test.each([
    ['nothing', undefined],
    ['an unknown member', { ...REQUEST, image: 'mine' }],
    ['a branch for a commit', { ...REQUEST, commit: 'main' }],
    ['a hyperparameter that is no string', { ...REQUEST, hyperparameters: { eta: 0.2 } }],
    [
      'too many hyperparameters',
      { ...REQUEST, hyperparameters: Object.fromEntries([...Array(101).keys()].map((key) => [`p${key}`, '1'])) },
    ],
    ['seeds that the environment cannot hold', { ...REQUEST, seeds: { ['s'.repeat(510)]: 1 } }],
    ['nobody who asks', { ...REQUEST, requestedBy: '' }],
    ['a name that metadata cannot hold', { ...REQUEST, requestedBy: 'role/<x>' }],
  ])('refuses %s', (_, value) => {
    expect(() => parseRunRequest(value)).toThrow(expect.objectContaining({ code: 'PALISADE-T013' }));
  });
});
