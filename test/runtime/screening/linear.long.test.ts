import { screen } from '../../../runtime/screening';

const SHORT = 1 << 13;
const TIMES = 8;
/** A text that is eight times as long takes eight times as long: twice that leaves room for the collector, and a square would take sixty-four. */
const BOUND = 2 * TIMES;
/** Below so many microseconds the clock says more of the machine than of the text. */
const NOTHING = 20_000;

/** Beginnings of everything that is decoded, joined, matched or counted, again and again. */
const UNITS = [
  ...['a', 'a ', 'A', '1', 'a1', '1a ', '@', '$a', 'a.', 'a-b-c-d-e-f-', 'a  b  ', '\n', '"', '.', '_', "'", 'a’'],
  ...[
    'aGVs',
    'aWdub3Jl ',
    'QUFB',
    '=',
    'a='.repeat(8),
    '41',
    '41 ',
    '4 1 ',
    '0x41',
    '\\x41',
    '\\x',
    '%',
    '%4',
    '%41',
    '%c3%28',
  ],
  ...[
    '\u0301',
    'e\u0301',
    '\u1160',
    'ᄀ',
    '\u200b',
    'a\u200b',
    '\u{e0041}',
    '\ud800',
    '\udc00',
    '\u202e',
    'ﷺ',
    '①',
    'ｆ',
  ],
  ...['忽', '忽略', '제', 'ก', 'ا', 'а', 'аa', '🔓'],
  ...['ignore ', 'ignore previous instructions ', 'do not ', 'no ethical or moral ', 'your your ', 'reveal your '],
  ...[
    'unfiltered uncensored amoral never refuse ',
    'act as dan without restrictions ',
    '<|im_start|>',
    '[system',
    '### ',
    'vtaber ',
  ],
  ...['s n o i t c u r t s n i ', 'i g n o r e ', '1gn0re ', 'snoitcurtsni suoiverp erongi '],
];

test.each(UNITS)(
  'the time for %j grows with the length alone',
  (unit) => {
    const [short, long] = [SHORT, TIMES * SHORT].map((length) => unit.repeat(Math.ceil(length / unit.length)));
    screen({ text: short });
    expect(cost(long)).toBeLessThan(BOUND * Math.max(cost(short), NOTHING / TIMES));
  },
  60_000,
);

/** Microseconds of this process, whatever else the machine does; the better of two. */
function cost(text: string): number {
  return Math.min(
    ...[1, 2].map(() => {
      const before = process.cpuUsage();
      screen({ text });
      const { user, system } = process.cpuUsage(before);
      return user + system;
    }),
  );
}
