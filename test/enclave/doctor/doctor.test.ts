import { createHash } from 'node:crypto';
import { Template } from 'aws-cdk-lib/assertions';
import { type AttestedKeyProps, EnclavePin } from '../../../constructs/attested-key';
import { diagnose, type HostPorts } from '../../../enclave/doctor';
import { type Generation, measurementsText } from '../../../runtime/measurements';
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

interface Statement {
  Sid: string;
  Resource: string;
  Condition: Record<string, Record<string, unknown>>;
}

/** The policy that `AttestedKey` deploys. */
function policyOf(props: Partial<AttestedKeyProps> = {}): { Statement: Statement[] } {
  const { stack } = attestedKey({ measurements: MEASUREMENTS, ...props });
  const keys = Object.entries(Template.fromStack(stack).findResources('AWS::KMS::Key'));
  const policy = keys.find(([id]) => id.startsWith('Attested'))?.[1].Properties.KeyPolicy;
  // What CloudFormation makes of it.
  return JSON.parse(
    JSON.stringify(policy),
    (_, value) => value?.['Fn::Sub']?.replace(/\$\{AWS::Partition\}/, 'aws') ?? value,
  );
}

const POLICY = policyOf();

/** As chronyd 4.3 answers to `chronyc -c tracking`. */
const tracking = ({ reference = 'A9FEA97B,169.254.169.123', offset = '-0.000004', dispersion = '0.0001' } = {}) =>
  `${reference},4,1732622400.0,${offset},0.1,0.1,-17.0,0.0,0.01,0.0003,${dispersion},16.1,Normal\n`;
/** The same while it has no source: everything is zero. */
const NO_SOURCE = `00000000,,0,${'0.000000000,'.repeat(10)}Not synchronised\n`;

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
    'chronyc -c': tracking(),
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
  image: imageOf(GENERATION),
});

function imageOf({ eifSha256, pcr0, pcr1, pcr2, pcr8 }: Generation): Host['image'] {
  return { sha256: eifSha256, measurements: { PCR0: pcr0, PCR1: pcr1, PCR2: pcr2, PCR8: pcr8 } };
}

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

const withPolicy = (policy: object) => (host: Host) => {
  host.answers['aws kms get-key-policy'] = JSON.stringify({ Policy: JSON.stringify(policy) });
};

const policyWithout = (sid: string) => {
  const Statement = POLICY.Statement.filter(({ Sid }) => Sid !== sid);
  expect(Statement.length).toBe(POLICY.Statement.length - 1);
  return withPolicy({ ...POLICY, Statement });
};

const policyWith = (sid: string, change: (statement: Statement) => void, policy = POLICY) => {
  const changed = structuredClone(policy);
  change(changed.Statement.find(({ Sid }) => Sid === sid) as Statement);
  return withPolicy(changed);
};

const IMAGE = 'kms:RecipientAttestation:ImageSha384';
const ADMINISTRATOR = 'arn:aws:iam::111122223333:role/Administrator';
/** The gate of the policy asks for these values of PCR0. */
const gateOf = (...values: string[]) =>
  policyWith('OnlyMeasuredImages', ({ Condition }) => (Condition.StringNotEqualsIgnoreCase[IMAGE] = values));

test('a host that is well has nothing to say', async () => {
  const findings = await look();
  expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(findings.map(({ name }) => name)).toHaveLength(16);
  expect(findings.every(({ fix }) => fix === undefined)).toBe(true);
});

test.each<[string, (host: Host) => void, string?]>([
  ['nitro enclaves device', (host) => (host.answers['test -c'] = new Error('no device'))],
  ['allocator', (host) => (host.files['/etc/nitro_enclaves/allocator.yaml'] = 'memory_mib: 512\ncpu_count: 2\n')],
  ['allocator', (host) => delete host.files['/etc/nitro_enclaves/allocator.yaml'], 'unknown'],
  ['huge pages', (host) => (host.files['/proc/meminfo'] = 'Hugetlb: 1048576 kB\n')],
  ['units', (host) => (host.answers['systemctl show'] = 'failed\n')],
  ['clock', (host) => (host.answers['chronyc -c'] = tracking({ offset: '3.5' }))],
  ['clock', (host) => (host.answers['chronyc -c'] = tracking({ dispersion: '7.25' }))],
  ['clock', (host) => (host.answers['chronyc -c'] = NO_SOURCE)],
  ['clock', (host) => (host.answers['chronyc -c'] = tracking({ reference: '7F7F0101,' }))],
  ['clock', (host) => (host.answers['chronyc -c'] = 'nothing\n')],
  [
    'ways out of the enclave',
    (host) => (host.files['/etc/palisade/vsock-proxy.yaml'] += '- {address: evil.example, port: 443}\n'),
  ],
  ...['kms.eu-west-1.evil.example, port: 443', 'kms.eu-west-1.amazonaws.com, port: 22'].map(
    (entry): [string, (host: Host) => void] => [
      'ways out of the enclave',
      (host) => (host.files['/etc/palisade/vsock-proxy.yaml'] = `allowlist:\n- {address: ${entry}}\n`),
    ],
  ),
  ['ways out of the enclave', (host) => (host.files['/etc/palisade/vsock-proxy.yaml'] = '')],
  ['image', (host) => (host.image = { ...host.image, sha256: 'ee'.repeat(32) })],
  [
    'image',
    // Reviewed, but not what was released.
    (host) =>
      (host.files['/etc/palisade/host.json'] = JSON.stringify({
        ...SETTINGS,
        enclave: { ...SETTINGS.enclave, imageSha256: 'ee'.repeat(32) },
      })),
  ],
  ...['PCR0', 'PCR1', 'PCR2', 'PCR8'].map((register): [string, (host: Host) => void] => [
    'image',
    ({ image }) => Object.assign(image.measurements, { [register]: 'ee'.repeat(48) }),
  ]),
  ['signer of the image', (host) => (host.image = { ...host.image, signerExpires: new Date(NOW - 1) })],
  [
    'signer of the image',
    (host) => (host.image = { ...host.image, signerExpires: new Date(NOW + 86_400_000) }),
    'warn',
  ],
  ['attested challenge', (host) => (host.proved = 503)],
  ['endpoint of KMS', (host) => (host.addresses = ['52.1.2.3'])],
  ['endpoint of KMS', (host) => (host.answers['curl --silent'] = new Error('timed out'))],
  ...['OnlyMeasuredImages', 'NoSideDoor', 'OnlyInContext1', 'OnlyInContext2', 'OnlyDeploymentsChangePolicy'].map(
    (sid): [string, (host: Host) => void] => ['key policy', policyWithout(sid)],
  ),
  // A second condition makes a denial narrower: it lets through whom the first would stop.
  [
    'key policy',
    policyWith(
      'OnlyMeasuredImages',
      ({ Condition }) => (Condition.ArnNotEquals = { 'aws:PrincipalArn': ADMINISTRATOR }),
    ),
  ],
  [
    'key policy',
    policyWith(
      'OnlyMeasuredImages',
      ({ Condition }) => (Condition.StringNotEqualsIgnoreCase['aws:PrincipalTag/team'] = 'platform'),
    ),
  ],
  [
    'key policy',
    policyWith(
      'NoSideDoor',
      (statement) => (statement.Condition = { ArnNotEquals: { 'aws:PrincipalArn': ADMINISTRATOR } }),
    ),
  ],
  [
    'key policy',
    policyWith('NoSideDoor', (statement) => (statement.Resource = 'arn:aws:kms:eu-west-1:111122223333:key/2')),
  ],
  [
    'key policy',
    policyWith(
      'OnlyDeploymentsChangePolicy',
      ({ Condition }) => (Condition.ArnNotEquals = { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' }),
    ),
  ],
  ['measurements in the key policy', gateOf('ee'.repeat(48))],
  ['measurements in the key policy', gateOf(GENERATION.pcr0, 'ee'.repeat(48))],
  // Every debug enclave.
  ['measurements in the key policy', gateOf(GENERATION.pcr0, '0'.repeat(96))],
  ['measurements in the key policy', policyWithout('Generation1')],
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
  [
    'role',
    // The beginning of the right one, on a key that asks for no PCR3.
    (host) => {
      withPolicy(policyOf({ bindParentRole: false }))(host);
      host.answers['aws sts get-caller-identity'] =
        '{"Arn":"arn:aws:sts::111122223333:assumed-role/clinical-notes-enclave/i-0"}';
    },
  ],
  [
    'role',
    policyWith(
      'OnlyOnParentRole',
      ({ Condition }) => (Condition.StringNotEqualsIgnoreCase['kms:RecipientAttestation:PCR3'] = 'ee'.repeat(48)),
    ),
  ],
])('finds what is wrong with: %s', async (name, change, state = 'fail') => {
  const finding = (await look(change)).find((one) => one.name === name);
  expect(finding).toMatchObject({ state, fix: expect.any(String) });
});

describe('a key that asks for the signer', () => {
  const signed: Generation = { ...GENERATION, pcr8: 'ab'.repeat(48) };
  const measurements = { system: 'clinical-notes', generations: [signed] };
  const policy = policyOf({ measurements, pin: EnclavePin.SIGNER });
  const signedHost = (change: (host: Host) => void) => (host: Host) => {
    const settings = { ...SETTINGS, measurements: JSON.parse(measurementsText(measurements)) };
    host.files['/etc/palisade/host.json'] = JSON.stringify(settings);
    host.image = imageOf(signed);
    withPolicy(policy)(host);
    change(host);
  };
  const wrong = async (change: (host: Host) => void) =>
    (await look(signedHost(change))).filter(({ state }) => state !== 'ok').map(({ name }) => name);

  test('is well with signer, kernel and application', async () => {
    expect(await wrong(() => {})).toEqual([]);
  });

  test('is open when the signer alone is asked for: it signed old images too', async () => {
    for (const sid of ['OnlyMeasuredKernels', 'OnlyMeasuredApplications', 'OnlyKnownSigners']) {
      const Statement = policy.Statement.filter(({ Sid }) => Sid !== sid);
      expect(await wrong(withPolicy({ ...policy, Statement }))).toEqual(['key policy']);
    }
  });

  test('does not open to an image of another signer', async () => {
    const other = policyWith(
      'OnlyKnownSigners',
      ({ Condition }) => (Condition.StringNotEqualsIgnoreCase['kms:RecipientAttestation:PCR8'] = 'ee'.repeat(48)),
      policy,
    );
    expect(await wrong(other)).toEqual(['measurements in the key policy']);
  });
});

test('who may change the key policy is named: the policy cannot say whether they are the right ones', async () => {
  const finding = (await look()).find(({ name }) => name === 'key policy');
  expect(finding?.found).toMatch(/changed by \S*role\/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1 alone$/);
});

test('what a program complained of is said, in one line', async () => {
  const refused = new Error('An error occurred (AccessDeniedException)\nmore');
  const findings = await look((host) => (host.answers['aws kms list-grants'] = refused));
  expect(findings.find(({ name }) => name === 'grants')).toMatchObject({
    state: 'unknown',
    found: 'An error occurred (AccessDeniedException)',
  });
});

test('settings that cannot be read say so, and nothing else is looked at', async () => {
  for (const text of ['{', '{}']) {
    const findings = await look((host) => (host.files['/etc/palisade/host.json'] = text));
    expect(findings).toEqual([expect.objectContaining({ name: 'settings', state: 'fail' })]);
    expect(findings[0].found).toMatch(/^PALISADE-E450 \S.*: ./);
  }
});

test('PCR3 of the role is the one that the policy names', () => {
  const pcr3 = createHash('sha384').update(Buffer.alloc(48)).update(ROLE).digest('hex');
  expect(JSON.stringify(POLICY)).toContain(pcr3);
});
