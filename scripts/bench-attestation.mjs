// npm run bench:attestation: documents per second of the verifier, beside the bound that its signature checks set, and beside
// the one package on npm that checks the same chain and signature in JavaScript. In turn, in one process; prints a table.
import { execFileSync } from 'node:child_process';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { verifyAttestation } from '../dist/runtime/attestation/index.js';
import { decodeCbor, encodeCbor } from '../dist/runtime/cbor/index.js';

const FOLDER = path.resolve('../shared/data/attestation');
const PEER = '@turnkey/crypto@2.13.2';
const RUNS = Number(process.env.BENCH_RUNS ?? 15);
const ROUNDS = 4;

if (!existsSync(FOLDER)) {
  console.log(`no real documents at ${FOLDER}: nothing to measure with`);
  process.exit();
}

const documents = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.bin'))
  .map((name) => new Uint8Array(readFileSync(path.join(FOLDER, name))))
  .map((bytes) => ({ bytes, ...parts(bytes) }));

const peer = await loadPeer();
const ways = {
  'palisade-cdk/attestation': ({ bytes, time }) => verifyAttestation(bytes, { pcrs: 'any', allowDebug: true }, time),
  'its five signature checks alone': signatures,
  ...(peer && { [`${PEER}, chain and signature`]: peer }),
};
const rates = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
for (let run = -1; run < RUNS; run += 1) {
  for (const [name, way] of Object.entries(ways)) {
    const start = performance.now();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const document of documents) {
        await way(document);
      }
    }
    const rate = (1000 * ROUNDS * documents.length) / (performance.now() - start);
    // The first run warms up.
    if (run >= 0) {
      rates[name].push(rate);
    }
  }
}

const [ours] = Object.values(rates);
console.log(
  `${documents.length} real documents, ${RUNS} paired runs\n\n| | documents per second | ours beside it |\n|---|---|---|`,
);
for (const [name, values] of Object.entries(rates)) {
  const ratio = median(values.map((value, index) => ours[index] / value));
  console.log(`| ${name} | ${median(values).toFixed(0)} | ${ratio.toFixed(2)} |`);
}

function parts(bytes) {
  const [header, , payload, signature] = decodeCbor(bytes);
  const claims = decodeCbor(payload, { indefiniteOutermostMap: true });
  const chain = [...claims.get('cabundle'), claims.get('certificate')].map((der) => new X509Certificate(der));
  return {
    time: new Date(Number(claims.get('timestamp'))),
    signed: encodeCbor(['Signature1', header, new Uint8Array(), payload]),
    signature,
    checks: chain.slice(1).map((certificate, index) => [certificate, chain[index].publicKey]),
    leaf: createPublicKey(chain.at(-1).publicKey.export({ type: 'spki', format: 'pem' })),
  };
}

function signatures({ checks, signed, signature, leaf }) {
  const good = checks.every(([certificate, key]) => certificate.verify(key));
  if (!good || !verify('sha384', signed, { key: leaf, dsaEncoding: 'ieee-p1363' }, signature)) {
    throw new Error('a signature does not hold');
  }
}

/** Installed on demand, outside of the project. */
async function loadPeer() {
  const folder = path.join(tmpdir(), 'palisade-bench-attestation');
  try {
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--silent'];
    execFileSync('npm', ['install', '--prefix', folder, ...options, PEER], { stdio: 'ignore' });
  } catch {
    console.log(`${PEER} cannot be installed: no comparison with it`);
    return undefined;
  }
  const require = createRequire(path.join(folder, 'x.js'));
  const { verifyCertificateChain, verifyCoseSign1Sig } = require('@turnkey/crypto');
  const cbor = require('cbor-js');
  const root = new X509Certificate(
    decodeCbor(decodeCbor(documents[0].bytes)[2], { indefiniteOutermostMap: true }).get('cabundle')[0],
  );
  return async ({ bytes, time }) => {
    const cose = cbor.decode(Uint8Array.from(bytes).buffer);
    const claims = cbor.decode(new Uint8Array(cose[2]).buffer);
    await verifyCertificateChain(claims.cabundle, root.toString(), claims.certificate, time.getTime());
    await verifyCoseSign1Sig(cose, claims.certificate);
  };
}

function median(values) {
  return [...values].sort((one, other) => one - other)[values.length >> 1];
}
