// npm run bench:ledger: how long it takes to verify 10,000 entries in a folder, as palisade ledger verify does. Goal: under one second.
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const { Ledger, makeCheckpoint } = createRequire(import.meta.url)('../dist/runtime/ledger/index.js');
const ENTRIES = 10_000;
const RUNS = 5;
const folder = mkdtempSync(path.join(tmpdir(), 'bench-ledger-'));
const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const key = {
  keyId: 'bench',
  sign: async (message) => sign('sha384', message, pair.privateKey),
  verify: async (message, signature) => verify('sha384', message, pair.publicKey, signature),
};

try {
  await fill();
  writeFileSync(path.join(folder, 'key.pem'), pair.publicKey.export({ type: 'spki', format: 'pem' }));
  const seconds = Array.from({ length: RUNS }, timed).sort((one, other) => one - other);
  console.log(
    `${ENTRIES} entries, 11 checkpoints: ${seconds[RUNS >> 1].toFixed(2)} s (median of ${RUNS}), start of Node.js included`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

async function fill() {
  const texts = new Map();
  const store = {
    create: async (name, text) => !texts.has(name) && Boolean(texts.set(name, text)),
    read: async (name) => (texts.has(name) ? { text: texts.get(name), tag: '' } : undefined),
    replace: async (name, text) => Boolean(texts.set(name, text)),
    last: async (prefix) =>
      [...texts.keys()]
        .filter((name) => name.startsWith(prefix))
        .sort()
        .at(-1),
  };
  const ledger = new Ledger(store, 'bench', () => Date.UTC(2026, 10, 26));
  for (let index = 0; index < ENTRIES; index += 1) {
    await ledger.append({
      ...{ kind: 'inference', system: 'credit-scoring', stage: 'prod', outcome: 'answered', digest: 'ab'.repeat(32) },
      ...{ subject: `records/credit-scoring/2026/11/26/${index}.json`, request: `${index}` },
    });
    if (index % 1000 === 0 || index === ENTRIES - 1) {
      await makeCheckpoint(store, 'bench', key, new Date(Date.UTC(2026, 10, 26)));
    }
  }
  for (const [name, text] of texts) {
    const file = path.join(folder, 'copy', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function timed() {
  const started = performance.now();
  const command = [
    'dist/bin/palisade.js',
    'ledger',
    'verify',
    path.join(folder, 'copy'),
    '--key',
    path.join(folder, 'key.pem'),
  ];
  const { status, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(stdout);
  }
  return (performance.now() - started) / 1000;
}
