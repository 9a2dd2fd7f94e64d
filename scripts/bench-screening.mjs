// npm run bench:screening: how long screening and redaction take, and whether the time grows with the length alone. Goal: p99 under 1 ms for
// 4 KB together with the rest of the gateway's chain (npm run bench:gateway), and linear to 1 MB. Quality: node scripts/screening/train.mjs --evaluate.
import { createRequire } from 'node:module';
import { attacks } from './screening/corpus/attacks.mjs';
import { seeded } from './screening/corpus/grammar.mjs';
import { ordinary } from './screening/corpus/ordinary.mjs';

const require = createRequire(import.meta.url);
const { screen } = require('../dist/runtime/screening/index.js');
const { redact } = require('../dist/runtime/redaction/index.js');
const SIZE = 4096;
const ROUNDS = 5;
const LONG = [64 * 1024, 256 * 1024, 1024 * 1024];

const all = [...ordinary(seeded(1)), ...attacks(seeded(2))].map(({ text }) => text);
shuffle(all, seeded(3));
const text = all.join('\n').repeat(8);
const pieces = Array.from({ length: 200 }, (_, index) => text.slice(index * SIZE, (index + 1) * SIZE));

for (const [name, work] of [
  ['screen', (piece) => screen({ text: piece })],
  ['redact', redact],
]) {
  for (const piece of pieces) {
    work(piece);
  }
  const times = Array.from({ length: ROUNDS }, () => pieces.map((piece) => timed(() => work(piece))))
    .flat()
    .sort((one, other) => one - other);
  const at = (share) => times[Math.floor(share * times.length)].toFixed(2);
  console.log(`${name}: 4 KB, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
  const long = LONG.map((length) =>
    Math.min(...Array.from({ length: 3 }, () => timed(() => work(text.slice(0, length))))),
  );
  const rates = long.map((time, index) => (time / LONG[index]) * 1e6);
  console.log(
    `${name}: ${rates.map((rate, index) => `${LONG[index] / 1024} KB ${rate.toFixed(0)} ns a character`).join(', ')}`,
  );
}

function timed(work) {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function shuffle(list, random) {
  for (let index = list.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [list[index], list[other]] = [list[other], list[index]];
  }
}
