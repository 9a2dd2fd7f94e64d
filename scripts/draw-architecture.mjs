// Draws docs/architecture.svg from a synthesized assembly: one box per stack of the dev stage with the constructs in it,
// one arrow per dependency. Run after `npm start`; `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ASSEMBLY = 'cdk.out';
const FILE = 'docs/architecture.svg';
const STAGE = 'dev/';
const BOX = { width: 250, line: 18, pad: 12 };
const GAP = { x: 70, y: 30 };

const { artifacts } = JSON.parse(readFileSync(path.join(ASSEMBLY, 'manifest.json'), 'utf8'));
const svg = draw(place(stacks()));
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, svg);
} else if (readFileSync(FILE, 'utf8') !== svg) {
  console.error(`${FILE} is not current: run npm start, then node scripts/draw-architecture.mjs`);
  process.exitCode = 1;
}

function stacks() {
  return Object.entries(artifacts)
    .filter(([, { type, displayName }]) => type === 'aws:cloudformation:stack' && displayName.startsWith(STAGE))
    .map(([id, { displayName, dependencies = [], properties }]) => ({
      id,
      name: displayName.slice(STAGE.length),
      dependencies: dependencies.filter((dependency) => artifacts[dependency].type === 'aws:cloudformation:stack'),
      constructs: constructsOf(properties.templateFile),
    }));
}

/** Constructs directly below a stack, with the number of resources in each. */
function constructsOf(templateFile) {
  const { Resources } = JSON.parse(readFileSync(path.join(ASSEMBLY, templateFile), 'utf8'));
  const counts = new Map();
  for (const { Metadata } of Object.values(Resources)) {
    const construct = Metadata?.['aws:cdk:path']?.split('/')[2];
    if (construct && !construct.includes(':')) {
      counts.set(construct, (counts.get(construct) ?? 0) + 1);
    }
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Each stack stands one column behind the last that it depends on. */
function place(boxes) {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const column = (box) => (box.column ??= Math.max(-1, ...box.dependencies.map((id) => column(byId.get(id)))) + 1);
  const heights = [];
  for (const box of [...boxes].sort((a, b) => column(a) - column(b) || (a.name < b.name ? -1 : 1))) {
    box.height = BOX.pad * 2 + BOX.line * (box.constructs.length + 1);
    box.x = 20 + box.column * (BOX.width + GAP.x);
    box.y = heights[box.column] ?? 20;
    heights[box.column] = box.y + box.height + GAP.y;
  }
  return { boxes, byId, width: 20 + heights.length * (BOX.width + GAP.x), height: Math.max(...heights) };
}

function draw({ boxes, byId, width, height }) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">',
    '<path d="M0 0 8 4 0 8z" fill="#888"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...boxes.flatMap((box) => needed(box, byId).map((other) => arrow(other, box))),
    ...boxes.map(boxOf),
    '</svg>',
    '',
  ].join('\n');
}

/** Dependencies that no other dependency brings along. */
function needed(box, byId) {
  const direct = box.dependencies.map((id) => byId.get(id));
  const behind = (other) => other.dependencies.flatMap((id) => [id, ...behind(byId.get(id))]);
  const implied = new Set(direct.flatMap(behind));
  return direct.filter(({ id }) => !implied.has(id));
}

function arrow(from, to) {
  const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + from.height / 2, to.x, to.y + to.height / 2];
  const bend = (x1 + x2) / 2;
  return `<path d="M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}" fill="none" stroke="#888" marker-end="url(#arrow)"/>`;
}

function boxOf({ x, y, height, name, constructs }) {
  const line = (text, index, extra = '') =>
    `<text x="${x + BOX.pad}" y="${y + BOX.pad + 12 + BOX.line * index}"${extra}>${text}</text>`;
  return [
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${height}" rx="6" fill="#eef3f8" stroke="#3b6ea5"/>`,
    line(name, 0, ' font-weight="bold"'),
    ...constructs.map(([construct, count], index) => line(`${construct} (${count})`, index + 1)),
  ].join('\n');
}
