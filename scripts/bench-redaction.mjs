// npm run bench:redaction: what redaction finds of labelled sentences, type by type, and what redaction and output checks cost. Prints
// tables, and fails when less than 97 % is masked, an entity-free sentence is changed, 4 KiB of any kind take 0.3 ms (output checks: 0.8 ms)
// or more at the 99th percentile, the cost is not linear, or both libraries together are larger than 40 KB.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { seeded } from './screening/corpus/grammar.mjs';

/** Kept beside the project: presidio-research's synthetic sentences. */
const DATA = path.resolve('../shared/data/pii/presidio-synth-dev.json');
const STRUCTURED = new Set(
  'CREDIT_CARD DOMAIN_NAME EMAIL_ADDRESS IBAN_CODE IP_ADDRESS PHONE_NUMBER US_DRIVER_LICENSE US_SSN'.split(' '),
);
const SIZE = 4096;
const TEXTS = 300;
/** Each text is timed so often, and its best time counts: what else runs on the machine is not ours. */
const REPEATS = 7;
const LONG = 1 << 20;
const CANARY = '9f3ac81be07d6254aa1c0de7';

const folder = mkdtempSync(path.join(tmpdir(), 'bench-redaction-'));
try {
  const outfile = path.join(folder, 'bundle.cjs');
  await build({
    stdin: {
      contents: "export * from './runtime/redaction'; export * from './runtime/output-checks';",
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  const { redact, checkOutput } = createRequire(import.meta.url)(outfile);
  const bytes = statSync(outfile).size;
  console.log(`minified: ${bytes} bytes`);
  expect(bytes < 40_000, 'the bundle is larger than 40 KB');
  quality(redact);
  cost('redact', redact, 0.3);
  cost('checkOutput', (text) => checkOutput(text, { canary: CANARY }), 0.8);
} finally {
  rmSync(folder, { recursive: true });
}

function expect(holds, otherwise) {
  if (!holds) {
    console.error(otherwise);
    process.exitCode = 1;
  }
}

function quality(redact) {
  if (!existsSync(DATA)) {
    console.log(`no labelled sentences in ${DATA}`);
    return;
  }
  const sentences = JSON.parse(readFileSync(DATA, 'utf8'));
  const counts = {};
  let [free, changed] = [0, 0];
  for (const { full_text, spans } of sentences) {
    const { text, entities } = redact(full_text);
    if (spans.length === 0) {
      free += 1;
      changed += text === full_text ? 0 : 1;
    }
    for (const { entity_type, start_position, end_position } of spans.filter((span) =>
      STRUCTURED.has(span.entity_type),
    )) {
      const masked = entities.some(({ start, end }) => start <= start_position && end >= end_position);
      for (const type of [entity_type, 'all']) {
        counts[type] ??= { n: 0, masked: 0 };
        counts[type].n += 1;
        counts[type].masked += masked ? 1 : 0;
      }
    }
  }
  console.table(
    Object.fromEntries(
      Object.entries(counts)
        .sort()
        .map(([type, { n, masked }]) => [
          type,
          { n, masked, 'masked %': percent(masked / n), '95 % interval': wilson(masked, n) },
        ]),
    ),
  );
  console.log(`entity-free sentences changed: ${changed} of ${free} (95 % interval ${wilson(changed, free)} %)`);
  expect(counts.all.masked / counts.all.n >= 0.97, 'less than 97 % is masked');
  expect(changed === 0, 'an entity-free sentence was changed');
}

function percent(share) {
  return (100 * share).toFixed(1);
}

/** Wilson's score interval (1927), in percent. */
function wilson(hits, n) {
  const z = 1.959964;
  const [share, spread] = [hits / n, (z * z) / n];
  const middle = (share + spread / 2) / (1 + spread);
  const half = (z * Math.sqrt((share * (1 - share)) / n + spread / (4 * n))) / (1 + spread);
  return `${percent(Math.max(0, middle - half))} to ${percent(Math.min(1, middle + half))}`;
}

/** Kinds of text, each a generator of pieces. */
function kinds() {
  const random = seeded(5);
  const number = (below) => Math.floor(random() * below);
  const words =
    'the of and to in for on that with this we you are from about report customer account please explain summary number table value price delivery contract payment insurance policy question answer region country quarter result compare product service support detail example translate letter meeting project schedule'.split(
      ' ',
    );
  const word = () => words[number(words.length)];
  const entities = [
    () => `+41 44 ${100 + number(900)} ${10 + number(90)} ${10 + number(90)}`,
    () => `${word()}.${word()}@acme.org`,
    () => '4111 1111 1111 1111',
    () => '123e4567-e89b-12d3-a456-426614174000',
    () => `10.${number(250)}.${number(250)}.${1 + number(250)}`,
  ];
  return {
    prose: () => `${word()}${random() < 0.06 ? '. ' : ' '}`,
    'prose with entities': () => (random() < 0.04 ? `${entities[number(entities.length)]()} ` : `${word()} `),
    'log lines': () =>
      `2026-11-${10 + number(20)}T12:${10 + number(50)}:10.${100 + number(900)}Z INFO [svc-${number(99)}] ${word()} ${number(2 ** 31).toString(16)} took ${(random() * 100).toFixed(2)} ms status=200 bytes=${number(1e6)}\n`,
    CSV: () => `${number(1e5)},${(random() * 100).toFixed(3)},${number(1e9)},${(random() * 1e4).toFixed(1)}\n`,
  };
}

function cost(name, work, bound) {
  const rows = {};
  for (const [kind, piece] of Object.entries(kinds())) {
    const texts = Array.from({ length: TEXTS }, () => textOf(piece, SIZE));
    const times = texts.map(() => Infinity);
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      texts.forEach((text, index) => {
        times[index] = Math.min(
          times[index],
          timed(() => work(text)),
        );
      });
    }
    times.sort((one, other) => one - other);
    const at = (share) => times[Math.floor(share * TEXTS)];
    const long = textOf(piece, LONG);
    const whole = Math.min(...Array.from({ length: 3 }, () => timed(() => work(long))));
    const [small, large] = [(at(0.5) / SIZE) * 1e6, (whole / LONG) * 1e6];
    rows[kind] = {
      'p50 ms': at(0.5).toFixed(3),
      'p99 ms': at(0.99).toFixed(3),
      'ns a character': small.toFixed(0),
      'at 1 MiB': large.toFixed(0),
    };
    expect(at(0.99) < bound, `${name}, ${kind}: 4 KiB take ${at(0.99).toFixed(3)} ms at the 99th percentile`);
    expect(large < 4 * small, `${name}, ${kind}: the cost grows faster than the text`);
  }
  console.log(`${name}, 4 KiB:`);
  console.table(rows);
}

function textOf(piece, length) {
  let text = '';
  while (text.length < length) {
    text += piece();
  }
  return Buffer.from(text.slice(0, length)).toString();
}

function timed(work) {
  const started = performance.now();
  work();
  return performance.now() - started;
}
