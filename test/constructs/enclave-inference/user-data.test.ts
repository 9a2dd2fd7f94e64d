import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { HOST_TYPES } from '../../../constructs/enclave-inference';
import { hostType } from '../../../constructs/enclave-inference/instance-types';
import { parseHostSettings } from '../../../runtime/enclave-host';
import { build, fleet } from './fleet';

/* The user data of a host as CloudFormation hands it over, run in a folder with stand-ins for what it calls. */

/** What EC2 takes, before it is encoded (EC2 User Guide, "User data"). */
const LONGEST_USER_DATA = 16_384;

const SHA256 = createHash('sha256').update('model.sealed').digest('hex');
const RELEASED = ['3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY-_', 'v2', 'v3', SHA256];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) {
    fs.rmSync(folder, { recursive: true });
  }
});

const userData = (props: Parameters<typeof fleet>[0] = {}) => {
  const [host] = Object.values(Template.fromStack(fleet(props).stack).findResources('AWS::EC2::LaunchTemplate'));
  return host.Properties.LaunchTemplateData.UserData['Fn::Base64'];
};
const script = userData();

/** Runs the user data of a host, where the parameter says that `released` is to run. */
function start(released: readonly string[]) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'user-data-'));
  folders.push(root);
  fs.mkdirSync(path.join(root, 'bin'));
  fs.mkdirSync(path.join(root, 'etc'));
  // In the place of the programs: says what it was told.
  const setup =
    'echo "$IMAGE|$PACKAGES|$MODEL|$MODEL_SHA256|$REGION|$KMS_HOST|$ENCLAVE_CPUS|$ENCLAVE_MEMORY_MIB" >told';
  const standIns = { aws: '', python3: `echo '${setup}' >opt/palisade/programs/setup.sh` };
  for (const [name, text] of Object.entries(standIns)) {
    fs.writeFileSync(path.join(root, 'bin', name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  }
  const text = rendered(script, released).replaceAll(/\/(opt|etc)\/palisade/g, `${root}/$1/palisade`);
  const PATH = `${path.join(root, 'bin')}:${process.env.PATH}`;
  const { status } = spawnSync('bash', { input: text, cwd: root, encoding: 'utf8', env: { PATH } });
  const read = (name: string) => {
    const file = path.join(root, name);
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
  };
  return { status, told: read('told')?.trim().split('|'), settings: read('etc/palisade/host.json'), read };
}

test('a host is told the versions that were released', () => {
  const { status, told, settings } = start(RELEASED);
  expect(status).toBe(0);
  expect(told).toEqual([
    expect.stringMatching(/^\S+ image\.eif 3sL4kqtJlcpXroDTDmJ\.rmSpXd3dIbrHY-_$/),
    expect.stringMatching(/^\S+ host-packages\.tar v2$/),
    expect.stringMatching(/^\S+ model\.sealed v3$/),
    SHA256,
    'eu-west-1',
    expect.stringMatching(/^kms\.eu-west-1\./),
    '2',
    '8192',
  ]);
  // The digest of the image follows once it has been fetched.
  const whole = `${settings}`.replace('@IMAGE_SHA256@', 'cd'.repeat(32));
  expect(parseHostSettings(whole, 'host.json').model.sha256).toBe(SHA256);
});

/* Whoever may write the parameter chooses what runs, and must not become root of the hosts by it. */
test.each([
  ['a command, out of its quotes', 3, `${SHA256}'; touch broken-in; echo '`],
  ['a command, out of the text of the settings', 3, `${SHA256}\nEND\ntouch broken-in\n`],
  ['a command that the shell expands', 0, '$(touch broken-in)'],
  ['settings of its own', 3, `${SHA256}"},"records":{"bucket":"elsewhere","prefix":"x/`],
  ['another option', 1, 'v2 --endpoint-url=https://elsewhere'],
  ['nothing', 2, ''],
])('a parameter that holds %s starts nothing', (_what, index, value) => {
  const { status, told, read } = start(RELEASED.map((text, at) => (at === index ? value : text)));
  expect(status).not.toBe(0);
  expect(told).toBeUndefined();
  expect(read('broken-in')).toBeUndefined();
});

/* Otherwise no host of the fleet would ever be healthy, and nothing at synth would say so. */
test('every size that the construct accepts, the programs on the host read', () => {
  const settings = JSON.parse(`${start(RELEASED).settings}`.replace('@IMAGE_SHA256@', SHA256));
  const cpus = fc.oneof(fc.integer({ min: -1, max: 33 }), fc.double({ max: 33 }));
  const memoryMiB = fc.oneof(fc.integer({ min: -1, max: 40_000 }), fc.integer({ max: 70 }), fc.double({ max: 40_000 }));
  let accepted = 0;
  fc.assert(
    fc.property(fc.constantFrom(...HOST_TYPES), cpus, memoryMiB, (type, cpus, memoryMiB) => {
      try {
        hostType(type.name, { cpus, memoryMiB }, 'test');
      } catch (error) {
        expect(error).toMatchObject({ code: 'PALISADE-E452' });
        return;
      }
      accepted += 1;
      const enclave = { ...settings.enclave, cpus, memoryMiB };
      expect(() => parseHostSettings(JSON.stringify({ ...settings, enclave }), 'host.json')).not.toThrow();
    }),
    { numRuns: 2000 },
  );
  expect(accepted).toBeGreaterThan(10);
});

test('fits into what EC2 takes, with as many images as measurements may have', () => {
  const digest = (text: string) => createHash('sha384').update(text).digest('hex');
  const generations = Array.from({ length: 10 }, (_, index) => ({
    ...build(`${index}`.padEnd(64, 'x')),
    image: 'x'.repeat(512),
    pcr8: digest('signer'),
  }));
  const text = rendered(userData({ measurements: { system: 'clinical-notes', generations } }), RELEASED);
  expect(Buffer.byteLength(text)).toBeLessThan(LONGEST_USER_DATA);
});

/** A value of the template as CloudFormation makes it, with names as long as they get for what only a deployment knows. */
function rendered(value: unknown, released: readonly string[]): string {
  if (typeof value === 'string') {
    return value;
  }
  const [[name, inner]] = Object.entries(value as object);
  switch (name) {
    case 'Fn::Base64':
      return Buffer.from(rendered(inner, released)).toString('base64');
    case 'Fn::Join':
      return inner[1].map((part: unknown) => rendered(part, released)).join(inner[0]);
    case 'Fn::Select':
      return released[inner[0]];
    case 'Fn::GetAtt':
      return inner[1] === 'CidrBlock' ? '10.0.0.0/16' : 'a'.repeat(63);
    default:
      return 'a'.repeat(63);
  }
}
