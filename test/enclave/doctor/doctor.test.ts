import { createHash } from 'node:crypto';
import { Template } from 'aws-cdk-lib/assertions';
import { diagnose, type HostPorts } from '../../../enclave/doctor';
import { measurementsText } from '../../../runtime/measurements';
import { attestedKey } from '../../constructs/attested-key/key';
import { build } from '../../constructs/enclave-inference/fleet';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const GENERATION = build('new');
const ROLE = 'arn:aws:iam::111122223333:role/clinical-notes-enclave-host';
const MEASUREMENTS = { system: 'clinical-notes', generations: [GENERATION] };

const SETTINGS = {
  system: 'clinical-notes',
  stage: 'prod',
  region: 'eu-west-1',
  measurements: JSON.parse(measurementsText(MEASUREMENTS)),
  enclave: { image: '/opt/palisade/image.eif', imageSha256: GENERATION.eifSha256, cpus: 2, memoryMiB: 4096, cid: 16 },
  model: { file: '/opt/palisade/model.sealed', sha256: 'ab'.repeat(32) },
  keyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1',
  port: 8080,
  fleet: ['10.0.0.0/16'],
  maximumBody: 4_194_304,
  maximumConcurrency: 64,
  restartBudget: { restarts: 5, seconds: 3600 },
  metricNamespace: 'x',
  autoScaling: { group: 'fleet', terminationHook: 'drain' },
  logGroup: 'hosts',
  records: { bucket: 'records', prefix: 'records/clinical-notes/' },
};

/** The policy that `AttestedKey` deploys for this image. */
const { stack } = attestedKey({ measurements: MEASUREMENTS });
const keys = Object.entries(Template.fromStack(stack).findResources('AWS::KMS::Key'));
const POLICY = keys.find(([id]) => id.startsWith('Attested'))?.[1].Properties.KeyPolicy as {
  Statement: { Sid: string; Effect: string; Action: unknown; Condition?: object }[];
};

interface Host {
  files: Record<string, string>;
  answers: Record<string, string | Error>;
  addresses: string[];
  proved: number;
  image: Awaited<ReturnType<HostPorts['image']>>;
}

const HEALTHY = (): Host => ({
  files: {
    '/etc/palisade/host.json': JSON.stringify(SETTINGS),
    '/etc/nitro_enclaves/allocator.yaml': '---\nmemory_mib: 4096\ncpu_count: 2\n',
    '/proc/meminfo': 'MemTotal: 16000000 kB\nHugetlb:        4194304 kB\n',
    '/etc/palisade/vsock-proxy.yaml': 'allowlist:\n- {address: kms.eu-west-1.amazonaws.com, port: 443}\n',
  },
  answers: {
    'test -c': '',
    'systemctl show': 'active\n',
    'chronyc -c': 'A9FEA97B,169.254.169.123,4,1732622400.0,-0.000004,0.1\n',
    'curl --silent': '',
    'aws kms get-key-policy': JSON.stringify({ Policy: JSON.stringify(POLICY) }),
    'aws kms list-grants': '{"Grants":[]}',
    'aws kms describe-key': '{"KeyMetadata":{"KeyState":"Enabled","MultiRegion":false}}',
    'aws sts get-caller-identity': JSON.stringify({
      Arn: 'arn:aws:sts::111122223333:assumed-role/clinical-notes-enclave-host/i-0123456789abcdef0',
    }),
  },
  addresses: ['10.0.1.9'],
  proved: 200,
  image: { sha256: GENERATION.eifSha256, pcr0: GENERATION.pcr0 },
});

function look(change: (host: Host) => void = () => {}) {
  const host = HEALTHY();
  change(host);
  return diagnose({
    read: (file) => {
      if (!(file in host.files)) {
        throw new Error(`no ${file}`);
      }
      return host.files[file];
    },
    run: async (program, args) => {
      const called = [program, ...args].join(' ');
      const found = Object.entries(host.answers).find(([start]) => called.startsWith(start));
      if (!found || found[1] instanceof Error) {
        throw found?.[1] ?? new Error(`${called} is not expected`);
      }
      return found[1] as string;
    },
    resolve: async () => host.addresses,
    status: async () => host.proved,
    image: async () => host.image,
    now: () => NOW,
  });
}

const policyWithout = (sid: string) => (host: Host) => {
  const Statement = POLICY.Statement.filter(({ Sid }) => Sid !== sid);
  expect(Statement.length).toBe(POLICY.Statement.length - 1);
  host.answers['aws kms get-key-policy'] = JSON.stringify({ Policy: JSON.stringify({ ...POLICY, Statement }) });
};

test('a host that is well has nothing to say', async () => {
  const findings = await look();
  expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(findings.map(({ name }) => name)).toHaveLength(16);
  expect(findings.every(({ fix }) => fix === undefined)).toBe(true);
});

test.each<[string, (host: Host) => void, string?]>([
  ['nitro enclaves device', (host) => (host.answers['test -c'] = new Error('no device')), 'unknown'],
  ['allocator', (host) => (host.files['/etc/nitro_enclaves/allocator.yaml'] = 'memory_mib: 512\ncpu_count: 2\n')],
  ['allocator', (host) => delete host.files['/etc/nitro_enclaves/allocator.yaml'], 'unknown'],
  ['huge pages', (host) => (host.files['/proc/meminfo'] = 'Hugetlb: 1048576 kB\n')],
  ['units', (host) => (host.answers['systemctl show'] = 'failed\n')],
  ['clock', (host) => (host.answers['chronyc -c'] = 'A,B,4,1.0,3.5,0.1\n')],
  [
    'ways out of the enclave',
    (host) => (host.files['/etc/palisade/vsock-proxy.yaml'] += '- {address: evil.example, port: 443}\n'),
  ],
  ['image', (host) => (host.image = { ...host.image, sha256: 'ee'.repeat(32) })],
  ['image', (host) => (host.image = { ...host.image, pcr0: 'ee'.repeat(48) })],
  ['signer of the image', (host) => (host.image = { ...host.image, signerExpires: new Date(NOW - 1) })],
  [
    'signer of the image',
    (host) => (host.image = { ...host.image, signerExpires: new Date(NOW + 86_400_000) }),
    'warn',
  ],
  ['attested challenge', (host) => (host.proved = 503)],
  ['endpoint of KMS', (host) => (host.addresses = ['52.1.2.3'])],
  ['endpoint of KMS', (host) => (host.answers['curl --silent'] = new Error('timed out')), 'unknown'],
  ['key policy', policyWithout('OnlyMeasuredImages')],
  ['key policy', policyWithout('NoSideDoor')],
  ['measurements in the key policy', (host) => (host.image = { ...host.image, pcr0: 'ee'.repeat(48) })],
  ['grants', (host) => (host.answers['aws kms list-grants'] = '{"Grants":[{}]}')],
  [
    'key',
    (host) =>
      (host.answers['aws kms describe-key'] = '{"KeyMetadata":{"KeyState":"PendingDeletion","MultiRegion":false}}'),
  ],
  [
    'key',
    (host) => (host.answers['aws kms describe-key'] = '{"KeyMetadata":{"KeyState":"Enabled","MultiRegion":true}}'),
  ],
  [
    'role',
    (host) =>
      (host.answers['aws sts get-caller-identity'] = '{"Arn":"arn:aws:sts::111122223333:assumed-role/other/i-0"}'),
  ],
])('finds what is wrong with: %s', async (name, change, state = 'fail') => {
  const finding = (await look(change)).find((one) => one.name === name);
  expect(finding).toMatchObject({ state, fix: expect.any(String) });
});

test('settings that cannot be read say so, and nothing else is looked at', async () => {
  for (const text of ['{', '{}']) {
    const findings = await look((host) => (host.files['/etc/palisade/host.json'] = text));
    expect(findings).toEqual([expect.objectContaining({ name: 'settings', state: 'fail' })]);
  }
});

test('PCR3 of the role is the one that the policy names', () => {
  const pcr3 = createHash('sha384').update(Buffer.alloc(48)).update(ROLE).digest('hex');
  expect(JSON.stringify(POLICY)).toContain(pcr3);
});
