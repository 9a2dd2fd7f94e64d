import type { Detection, GatewayPorts, GatewaySettings } from '../../../runtime/gateway';
import { ATTACK, DOUBTFUL, failing, Outside, openAi, SETTINGS, says } from './outside';

/* A model that was trained to see attacks, beside the rules. This one scores by a number in the text. */

const DETECTION: Detection = { annotateFrom: 0.5, blockFrom: 0.9, timeout: 100, failure: 'rules' };
const MARK = /score (\S+)/;

async function call(
  asked: Parameters<Outside['call']>[0],
  {
    detection,
    ports,
    settings,
  }: Partial<{
    detection: Partial<Detection>;
    ports: (outside: Outside) => Partial<GatewayPorts>;
    settings: Partial<GatewaySettings>;
  }> = {},
) {
  const outside = new Outside();
  const windows: string[] = [];
  const detector = {
    name: 'd1',
    score: async (window: string) => {
      windows.push(window);
      return Number(MARK.exec(window)?.[1] ?? 0);
    },
  };
  const reply = await outside.call(asked, outside.ports({ detector, ...ports?.(outside) }), {
    ...SETTINGS,
    ...settings,
    detection: { ...DETECTION, ...detection },
  });
  const { reasons: all, code } = outside.records[0];
  const reasons = all?.filter((reason) => reason !== 'rule-of-allow');
  return { outside, windows, passed: outside.asked.length > 0, reasons, code, reply };
}

const guarded = (outside: Outside) => ({ guardrail: outside.guardrail() });

test.each([
  ['a low score', '0.49', true, undefined, undefined],
  ['a score between', '0.5', false, 'PALISADE-W003', ['detector:d1']],
  ['a high score', '0.9', false, 'PALISADE-W003', ['detector:d1']],
])('%s alone', async (_, score, passed, code, reasons) => {
  expect(await call(says(`score ${score}`))).toMatchObject({ passed, code, reasons });
});

test('a guardrail is asked about a score between, and not about a high one', async () => {
  const between = await call(says('score 0.6'), { ports: guarded });
  expect([between.passed, between.outside.judged[0], between.reasons]).toEqual([
    true,
    'INPUT score 0.6',
    ['detector:d1'],
  ]);
  const high = await call(says('score 0.95'), { ports: guarded });
  expect([high.passed, high.outside.judged]).toEqual([false, []]);
  const never = await call(says('score 1'), { ports: guarded, detection: { blockFrom: undefined } });
  expect(never.passed).toBe(true);
});

test('a page that scores has no tools called', async () => {
  const page = { role: 'tool', tool_call_id: 't1', content: 'score 0.6' };
  const tools = [{ type: 'function', function: { name: 'pay' } }];
  const { outside } = await call(openAi({ messages: [{ role: 'user', content: 'sum up' }, page], tools }), {
    ports: guarded,
  });
  expect(outside.asked[0]).not.toHaveProperty('tools');
  expect(outside.records[0].toolsWithheld).toBe(true);
});

test('it never says less than the rules, and is not asked about what they block', async () => {
  expect(await call(says(`${DOUBTFUL} score 0`))).toMatchObject({ passed: false, reasons: ['rule-of-annotate'] });
  expect(await call(says(`${ATTACK} score 0`))).toMatchObject({ passed: false, windows: [] });
});

test('it sees what the model would see, in windows that overlap, the newest text first', async () => {
  const { windows } = await call(
    openAi({
      messages: [
        { role: 'user', content: 'fi\u200brst' },
        { role: 'assistant', content: ' ' },
        { role: 'user', content: `${'x'.repeat(950)}MIDDLE${'y'.repeat(1200)}` },
      ],
    }),
  );
  expect(windows.map(({ length }) => length)).toEqual([1000, 1000, 356, 5]);
  expect(windows.filter((window) => window.includes('MIDDLE'))).toHaveLength(2);
  expect(windows.at(-1)).toBe('first');
});

test.each([
  ['fails', 'failed', failing],
  ['gives no number', 'failed', async () => Number.NaN],
  ['gives another number', 'failed', async () => 2],
  ['is late', 'late', () => new Promise<number>(() => {})],
])(
  'a detector that %s is no detector: the rules count, or the call is refused, and the record says so',
  async (_, how, score) => {
    const ports = () => ({ detector: { name: 'd1', score }, timeout: () => AbortSignal.timeout(5) });
    const asked = { path: '/invoke', body: '{"input":"hello"}' };
    // The model answers at once; only the detector is waited for.
    const open = await call(asked, { ports: () => ({ ...ports(), timeout: once(5) }) });
    expect([open.passed, open.reasons]).toEqual([true, [`detector:${how}`]]);
    expect(open.outside.reported).toHaveLength(1);
    const rules = await call(says(DOUBTFUL), { ports: () => ({ ...ports(), timeout: once(5) }) });
    expect(rules.code).toBe('PALISADE-W003');
    const closed = await call(asked, { ports, detection: { failure: 'block' } });
    expect([closed.passed, closed.code, closed.reasons]).toEqual([false, 'PALISADE-W018', [`detector:${how}`]]);
  },
);

/** A timeout for the detector, which is the first that asks for one, and none for the model. */
function once(milliseconds: number): GatewayPorts['timeout'] {
  let asked = false;
  return () => {
    const first = !asked;
    asked = true;
    return first ? AbortSignal.timeout(milliseconds) : new AbortController().signal;
  };
}

test('of more than it can look at, it looks at the newest, and that counts as a failure', async () => {
  const long = 'word '.repeat(20_000);
  const asked = (last: string) =>
    openAi({
      messages: [
        { role: 'user', content: long },
        { role: 'user', content: last },
      ],
    });
  const { windows, passed, reasons } = await call(asked('hello'));
  expect([windows.length, windows[0], passed, reasons]).toEqual([64, 'hello', true, ['detector:too-long']]);
  expect(await call(asked('score 0.95'))).toMatchObject({ passed: false, reasons: ['detector:d1'] });
  expect(await call(asked('score 0.6'))).toMatchObject({ code: 'PALISADE-W003' });
  expect(await call(asked('hello'), { detection: { failure: 'block' } })).toMatchObject({ code: 'PALISADE-W018' });
});
