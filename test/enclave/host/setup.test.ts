import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/* What user data runs on a host, in a folder instead of the root, with stand-ins for what it calls. */

const HOST = path.resolve('enclave/host');
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) {
    fs.rmSync(folder, { recursive: true });
  }
});

const STAND_INS: Record<string, string> = {
  aws: `case "$*" in *"$FAILS"*) [ -z "$FAILS" ] || exit 254 ;; esac
for last; do :; done
case "$*" in *host-packages.tar*) cp "$OUT/packages.tar" "$last" ;; *) echo "$*" | sed 's/.*--key \\([^ ]*\\).*/\\1/' | tr -d '\\n' >"$last" ;; esac`,
  dnf: '',
  useradd: '',
  systemctl: '',
};

const IMAGE = createHash('sha256').update('image.eif').digest('hex');

function setUp(environment: Record<string, string> = {}, reviewed = IMAGE) {
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'host-'));
  folders.push(out);
  const programs = path.join(out, 'programs');
  fs.cpSync(HOST, programs, { recursive: true });
  fs.writeFileSync(path.join(programs, 'parent.cjs'), '');
  fs.writeFileSync(path.join(programs, 'koffi-linux-x64.node'), '');
  fs.mkdirSync(path.join(out, 'root/etc/systemd/system'), { recursive: true });
  fs.mkdirSync(path.join(out, 'root/etc/palisade'));
  fs.writeFileSync(
    path.join(out, 'root/etc/palisade/host.json'),
    JSON.stringify({ eifSha256: reviewed, imageSha256: '@IMAGE_SHA256@' }, undefined, 1),
  );
  fs.mkdirSync(path.join(out, 'bin'));
  spawnSync('tar', ['-cf', path.join(out, 'packages.tar'), '-C', HOST, '.']);
  for (const [name, script] of Object.entries(STAND_INS)) {
    const text = `#!/usr/bin/env bash\necho "${name} $*" >>"$OUT/calls"\n${script}\n`;
    fs.writeFileSync(path.join(out, 'bin', name), text, { mode: 0o755 });
  }
  const { status, stderr } = spawnSync('bash', [path.join(programs, 'setup.sh')], {
    encoding: 'utf8',
    env: {
      PATH: `${path.join(out, 'bin')}:${process.env.PATH}`,
      OUT: out,
      FAILS: '',
      ROOT: path.join(out, 'root'),
      REGION: 'eu-west-1',
      IMAGE: 'images image.eif v1',
      PACKAGES: 'images host-packages.tar v2',
      MODEL: 'models model.sealed v3',
      MODEL_SHA256: createHash('sha256').update('model.sealed').digest('hex'),
      ENCLAVE_CPUS: '2',
      ENCLAVE_MEMORY_MIB: '4096',
      KMS_HOST: 'kms.eu-west-1.amazonaws.com',
      ...environment,
    },
  });
  const read = (name: string) => fs.readFileSync(path.join(out, name), 'utf8');
  return { status, stderr, calls: read('calls').trim().split('\n'), file: (name: string) => read(`root/${name}`) };
}

describe('a host that is set up', () => {
  const done = setUp();

  test('fetches the versions that were released, by the endpoint', () => {
    expect(done.stderr).toBe('');
    expect(done.status).toBe(0);
    const fetched = done.calls.filter((call) => call.startsWith('aws'));
    expect(fetched.map((call) => /--bucket (\S+) --key (\S+) --version-id (\S+)/.exec(call)?.slice(1))).toEqual([
      ['images', 'host-packages.tar', 'v2'],
      ['images', 'image.eif', 'v1'],
      ['models', 'model.sealed', 'v3'],
    ]);
  });

  test('notes which of the reviewed images it runs', () => {
    expect(JSON.parse(done.file('etc/palisade/host.json')).imageSha256).toBe(IMAGE);
  });

  test('installs from its own packages alone, and checks their signatures', () => {
    const [install] = done.calls.filter((call) => call.startsWith('dnf'));
    expect(install).toMatch(
      /--repo=palisade .*gpgcheck=1 .*RPM-GPG-KEY-amazon-linux-2023 aws-nitro-enclaves-cli nodejs22$/,
    );
  });

  test('gives the enclave its cores and memory, and one way out', () => {
    expect(done.file('etc/nitro_enclaves/allocator.yaml')).toBe('---\nmemory_mib: 4096\ncpu_count: 2\n');
    expect(done.file('etc/palisade/vsock-proxy.yaml')).toBe(
      'allowlist:\n- {address: kms.eu-west-1.amazonaws.com, port: 443}\n',
    );
  });

  test('starts its units last', () => {
    expect(done.calls.at(-1)).toBe(
      'systemctl enable --now nitro-enclaves-allocator.service palisade-vsock-proxy.service palisade-agent.service palisade-enclave.service',
    );
  });
});

test.each<[string, Record<string, string>, string?]>([
  ['an object is not to be had', { FAILS: 'image.eif' }],
  ['the model is another', { MODEL_SHA256: 'ab'.repeat(32) }],
  ['nobody has reviewed the image', {}, 'ab'.repeat(32)],
])('nothing starts when %s', (_why, environment, reviewed = IMAGE) => {
  const { status, calls } = setUp(environment, reviewed);
  expect(status).not.toBe(0);
  expect(calls.join('\n')).not.toContain('systemctl');
});

test('the agent is no root, and no unit of ours can gain rights', () => {
  const unit = (name: string) => fs.readFileSync(path.join(HOST, `palisade-${name}.service`), 'utf8');
  expect(unit('agent')).toMatch(/^User=palisade$/m);
  expect(unit('vsock-proxy')).toMatch(/^DynamicUser=yes$/m);
  for (const name of ['agent', 'enclave', 'vsock-proxy']) {
    expect(unit(name)).toMatch(/^NoNewPrivileges=yes$/m);
  }
  // Its exits are decisions: the budget of starts must not begin anew.
  expect(unit('enclave')).toMatch(/^Restart=on-abnormal$/m);
});
