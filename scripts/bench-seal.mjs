// npm run bench:seal: what the seal of an enclave costs without an emulator, network or model: processor time of opening a
// request and sealing its answer of the same length, with the enclave's primitives and with WebCrypto's, and of the client. All
// threads count. Of several rounds the quickest counts.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const CALLS = Number(process.env.BENCH_CALLS ?? 500);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
const SIZES = [100, 65_536];
const SYSTEM = 'bench';
const HEAD = { method: 'POST', path: '/invocations', headers: { 'content-type': 'application/json' } };

const folder = mkdtempSync(path.join(tmpdir(), 'bench-seal-'));
try {
  const { EnclaveResponder, sealRequest, nodeSuite } = await channel();
  const rows = [];
  for (const bytes of SIZES) {
    for (const [primitives, suite] of Object.entries({ 'node:crypto': nodeSuite, WebCrypto: undefined })) {
      const options = { system: SYSTEM, clock: Date.now, replayCapacity: 1e7, suite };
      const responder = await EnclaveResponder.create(options);
      rows.push({ bytes, primitives, ...(await best(responder, sealRequest, new Uint8Array(bytes))) });
    }
  }
  console.table(rows);
} finally {
  rmSync(folder, { recursive: true });
}

async function channel() {
  const outfile = path.join(folder, 'channel.cjs');
  await build({
    stdin: {
      contents: "export * from './runtime/enclave-channel'; export { nodeSuite } from './enclave/app/hpke';",
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    outfile,
  });
  return createRequire(import.meta.url)(outfile);
}

async function best(responder, sealRequest, body) {
  const found = { 'enclave (µs)': Infinity, 'client (µs)': Infinity };
  for (let round = 0; round < ROUNDS; round += 1) {
    const sealed = [];
    const answers = [];
    const times = [
      ['client (µs)', async () => sealed.push(await sealRequest({ ...asked(responder), body }))],
      ['enclave (µs)', async (at) => answers.push(await answer(responder, sealed[at].bytes, body))],
      ['client (µs)', async (at) => read(await sealed[at].open(answers[at]))],
    ];
    const spent = { 'enclave (µs)': 0, 'client (µs)': 0 };
    for (const [who, step] of times) {
      const before = process.cpuUsage();
      for (let at = 0; at < CALLS; at += 1) {
        await step(at);
      }
      const { user, system } = process.cpuUsage(before);
      spent[who] += (user + system) / CALLS;
    }
    for (const who of Object.keys(found)) {
      found[who] = Math.min(found[who], Math.round(spent[who]));
    }
  }
  return found;
}

function asked({ publicKey }) {
  return { publicKey, system: SYSTEM, head: HEAD, time: Date.now() };
}

async function answer(responder, bytes, body) {
  const opened = await responder.open(bytes);
  const pieces = [];
  for await (const piece of opened.reply({ status: 200, headers: {} }, body)) {
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function read({ body }) {
  for await (const _piece of body);
}
