import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { DIGEST, DOCKERFILE, sourceWith } from './pipeline';

/*
 * The script of the build, run by bash with stand-ins for docker, nitro-cli and aws on its PATH.
 */

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });

const STAND_INS: Record<string, string> = {
  // Not on every machine that runs the tests.
  unzip: 'mkdir "$4" && cp "$2" "$4/app.cjs"',
  docker:
    'case "$1" in build) ls palisade >"$OUT/context"; shift 5; echo sha256:1d >"$2" ;; login) cat >/dev/null ;; esac',
  'nitro-cli': 'while [ "$1" != --output-file ]; do shift; done; printf image >"$2"; printf %s "$NITRO"',
  aws: `case "$1 $2" in
  "ecr get-login-password") echo password ;;
  "s3 cp") case $3 in *.zip) cp "$OUT/application.zip" "$4" ;; *) printf 'process.stdout.write(process.env.MEASURED)' >"$4" ;; esac ;;
  "kms sign") openssl pkeyutl -sign -inkey "$OUT/key.pem" -in "$(sed 's/.*fileb:..//; s/ .*//' <<<"$*")" | base64 ;;
  "s3api put-object") while [ $# -gt 0 ]; do case "$1" in --key) key=$2 ;; --body) body=$2 ;; esac; shift; done
    cp "$body" "$OUT/published/$key"; echo "$key" >>"$OUT/order"; echo version-of-$key ;;
esac`,
};

type Pcrs = Record<string, string>;
const PCRS: Pcrs = { PCR0: 'a0'.repeat(48), PCR1: 'b1'.repeat(48), PCR2: 'c2'.repeat(48) };
const SIGNED: Pcrs = { ...PCRS, PCR8: 'd8'.repeat(48) };
const SIGNING = { SIGNING_KEY: 'arn:aws:kms:key/signing', SIGNING_CERTIFICATE: 'signer.pem' };

interface Run {
  readonly dockerfile?: string;
  /** What nitro-cli prints. @default - the PCRs */
  readonly nitro?: string;
  /** What palisade prints. @default - the PCRs */
  readonly measured?: string;
  readonly pcrs?: Pcrs;
  readonly environment?: Record<string, string>;
  /** A command that fails: the name of a stand-in, or its first words. */
  readonly fails?: string;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

/** As nitro-cli and palisade print measurements. */
const printed = (pcrs: Pcrs, indent?: string | number) =>
  JSON.stringify({ Measurements: { HashAlgorithm: 'Sha384 { ... }', ...pcrs } }, undefined, indent);

function build({ dockerfile = DOCKERFILE, pcrs = PCRS, environment = {}, fails = '', ...run }: Run = {}) {
  const source = sourceWith({ Dockerfile: dockerfile });
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'enclave-build-'));
  folders.push(source, out);
  fs.mkdirSync(path.join(out, 'published'));
  fs.mkdirSync(path.join(out, 'bin'));
  fs.writeFileSync(path.join(out, 'host-packages.tar'), 'packages');
  fs.writeFileSync(path.join(out, 'application.zip'), 'app');
  fs.writeFileSync(path.join(out, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  for (const [name, script] of Object.entries(STAND_INS)) {
    const refusal = `case "${name} $*" in "$FAILS"*) [ -z "$FAILS" ] || exit 3 ;; esac`;
    const text = `#!/usr/bin/env bash\necho "${name} $*" >>"$OUT/calls"\n${refusal}\n${script}\n`;
    fs.writeFileSync(path.join(out, 'bin', name), text, { mode: 0o755 });
  }
  const { status, stderr } = spawnSync('bash', [path.resolve('enclave/pipeline/build.sh')], {
    cwd: source,
    encoding: 'utf8',
    env: {
      PATH: `${path.join(out, 'bin')}:${process.env.PATH}`,
      TMPDIR: out,
      OUT: out,
      FAILS: fails,
      NITRO: run.nitro ?? printed(pcrs, 2),
      MEASURED: run.measured ?? printed(pcrs),
      SYSTEM: 'clinical-notes',
      GENERATION: 'build-7',
      REGISTRY: '111122223333.dkr.ecr.eu-west-1.amazonaws.com',
      PALISADE: 's3://assets/palisade.js',
      APPLICATION: 's3://assets/application.zip',
      AWS_REGION: 'eu-west-1',
      BUCKET: 'images',
      SEAL_KEY: 'arn:aws:kms:key/seal',
      HOST_PACKAGES: path.join(out, 'host-packages.tar'),
      ...environment,
    },
  });
  const read = (name: string) => (fs.existsSync(path.join(out, name)) ? fs.readFileSync(path.join(out, name)) : '');
  return {
    status,
    stderr,
    calls: String(read('calls')).split('\n'),
    context: String(read('context')).trim(),
    published: fs.readdirSync(path.join(out, 'published')).sort(),
    order: String(read('order')).trim().split('\n'),
    object: (name: string) => read(path.join('published', name)) as Buffer,
  };
}

describe('when both tools measure the same', () => {
  const done = build();

  test('publishes the image, then its measurements, then their signature', () => {
    expect(done.stderr).toBe('');
    expect(done.status).toBe(0);
    expect(done.order).toEqual(['host-packages.tar', 'image.eif', 'measurements.json', 'measurements.json.sig']);
    expect(String(done.object('image.eif'))).toBe('image');
    expect(String(done.object('host-packages.tar'))).toBe('packages');
  });

  test('the measurements are a file of one generation, as a reviewer copies it', () => {
    expect(JSON.parse(String(done.object('measurements.json')))).toEqual({
      system: 'clinical-notes',
      generations: [
        {
          name: 'build-7',
          image: 'sha256:1d',
          eifSha256: createHash('sha256').update('image').digest('hex'),
          builtOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
          ...PCRS,
        },
      ],
    });
  });

  test('the signature is the seal key over the measurements', () => {
    const manifest = done.object('measurements.json');
    const signature = done.object('measurements.json.sig');
    expect(verify('sha384', manifest, publicKey, signature)).toBe(true);
    expect(verify('sha384', Buffer.concat([manifest, Buffer.from(' ')]), publicKey, signature)).toBe(false);
    expect(done.calls).toContainEqual(
      expect.stringMatching(/^aws kms sign --key-id arn:aws:kms:key\/seal .*DIGEST .*ECDSA_SHA_384/),
    );
  });

  test('the image is built from the source with the registry of the account, and not signed', () => {
    expect(done.calls).toContainEqual(
      expect.stringMatching(
        /^docker build --build-arg REGISTRY=111122223333\.dkr\.ecr\.eu-west-1\.amazonaws\.com --build-arg REGION=eu-west-1 .*--tag clinical-notes:build-7 \.$/,
      ),
    );
    expect(done.context).toBe('app.cjs');
    expect(done.calls).toContainEqual(
      expect.stringMatching(
        /^nitro-cli build-enclave --docker-uri clinical-notes:build-7 --output-file \S+image\.eif$/,
      ),
    );
  });
});

describe('nothing is published when', () => {
  const refuse = (run: Run, message: string | RegExp) => {
    const { status, published, stderr } = build(run);
    expect(status).not.toBe(0);
    expect(published).toEqual([]);
    expect(stderr).toMatch(message);
  };

  test.each(['PCR0', 'PCR1', 'PCR2'])('the tools differ in %s', (register) => {
    refuse({ measured: printed({ ...PCRS, [register]: 'e'.repeat(96) }) }, 'measure differently');
    refuse({ nitro: printed({ ...PCRS, [register]: 'e'.repeat(96) }) }, 'measure differently');
  });

  test('the tools differ in one digit anywhere', () => {
    const registers = fc.constantFrom('PCR0', 'PCR1', 'PCR2');
    fc.assert(
      fc.property(registers, fc.nat(95), (register, at) => {
        const value = PCRS[register];
        const other = `${value.slice(0, at)}${value[at] === 'f' ? '0' : 'f'}${value.slice(at + 1)}`;
        refuse({ measured: printed({ ...PCRS, [register]: other }) }, 'measure differently');
      }),
      { numRuns: 10 },
    );
  });

  test('one of them finds a signature and the other does not', () => {
    refuse({ nitro: printed(SIGNED) }, 'measure differently');
    refuse({ measured: printed(SIGNED) }, 'measure differently');
  });

  test('neither measures anything', () => {
    refuse({ nitro: '{}', measured: '{}' }, 'the image has no PCR0');
    refuse({ nitro: '', measured: '' }, 'the image has no PCR0');
    const { PCR2, ...some } = PCRS;
    refuse({ pcrs: some }, 'the image has no PCR2');
  });

  test('the image should be signed and is not: nitro-cli may leave it so without a word', () => {
    refuse({ environment: SIGNING }, 'the image has no PCR8');
  });

  test.each(['aws ecr', 'docker login', 'docker build', 'nitro-cli', 'aws s3 cp', 'aws kms sign'])(
    '%s fails',
    (fails) => {
      refuse({ fails }, '');
    },
  );

  test('palisade refuses the image', () => {
    const { status, published } = build({ environment: { NODE_OPTIONS: '--require /nonexistent' } });
    expect([status === 0, published]).toEqual([false, []]);
  });

  test.each([
    'FROM node:22',
    'FROM node',
    `FROM --platform=linux/amd64 node:22 AS build\nFROM node@${DIGEST}`,
    `FROM node@${DIGEST} AS build\nFROM built`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a Dockerfile's own
    'ARG BASE=node:22\nFROM ${BASE}',
    'from node:latest',
    'FROM \\\n node:22',
    `FROM node@${DIGEST}\nCOPY --from=nginx:latest /a /a`,
    `FROM node@${DIGEST}\nCOPY --chown=1 --from=1 /a /a`,
    `FROM node@${DIGEST}\nRUN --mount=type=bind,from=nginx,target=/a cp /a /b`,
  ])('an image is not pinned: %j', (dockerfile) => {
    const { status, calls, stderr } = build({ dockerfile });
    expect(status).not.toBe(0);
    expect(stderr).toContain('not pinned by digest');
    expect(calls).toEqual(['']);
  });
});

test.each(['image.eif', 'measurements.json'])('a failed upload of %s fails the build', (name) => {
  const { status, published } = build({ fails: `aws s3api put-object --bucket images --key ${name}` });
  expect(status).not.toBe(0);
  expect(published).not.toContain('measurements.json.sig');
});

test('stages that build on pinned images, on each other and on nothing will do', () => {
  const dockerfile = [
    `FROM --platform=linux/amd64 node@${DIGEST} AS build`,
    'FROM build AS tested',
    'FROM scratch',
    'COPY --from=tested / /',
    'COPY --from=0 /a /a',
    `RUN --mount=type=bind,from=node@${DIGEST},target=/a cp /a /b`,
  ].join('\n');
  expect(build({ dockerfile }).status).toBe(0);
});

test('a signed image carries PCR8 into its measurements; the private key stays in KMS', () => {
  const done = build({ pcrs: SIGNED, environment: SIGNING });
  expect(done.status).toBe(0);
  expect(JSON.parse(String(done.object('measurements.json'))).generations[0].PCR8).toBe(SIGNED.PCR8);
  expect(done.calls).toContainEqual(
    expect.stringContaining('--private-key arn:aws:kms:key/signing --signing-certificate signer.pem'),
  );
});
