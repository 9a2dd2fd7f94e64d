import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { AuditTrail, EnclaveRelease, KeyRing, Purpose, ReleasedEnclave } from '../../../constructs';
import { EnclaveInference, type EnclaveInferenceProps } from '../../../constructs/enclave-inference';
import { ENV } from '../dataset-vault/simulate';
import { pipelineIn } from '../enclave-image-pipeline/pipeline';

const pcr = (text: string) => createHash('sha384').update(text).digest('hex');

/** A reviewed build. */
export function build(name: string) {
  const digest = createHash('sha256').update(name).digest('hex');
  const [pcr0, pcr1, pcr2] = ['image', 'kernel', 'application'].map((part) => pcr(`${part} ${name}`));
  return { name, image: `sha256:${digest}`, eifSha256: digest, builtOn: '2026-11-26', pcr0, pcr1, pcr2 };
}

/** A fleet with everything it needs. */
export function fleet(props: Partial<EnclaveInferenceProps> = {}) {
  const { app, stack: builds, keys, pipeline } = pipelineIn();
  const release = new EnclaveRelease(builds, 'Release', { keys, pipeline });
  const platform = new Stack(app, 'Platform', { env: ENV });
  const ring = new KeyRing(platform, 'Keys', {
    system: 'platform',
    stage: 'prod',
    purposes: [Purpose.AUDIT, Purpose.LOGS],
  });
  const audit = new AuditTrail(platform, 'Audit', {
    stage: 'prod',
    auditKey: ring.key(Purpose.AUDIT),
    logKey: ring.key(Purpose.LOGS),
  });
  const stack = new Stack(app, 'Fleet', { env: ENV });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    natGateways: 0,
    subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    restrictDefaultSecurityGroup: false,
  });
  const securityGroup = new ec2.SecurityGroup(stack, 'Tier', { vpc, allowAllOutbound: false });
  const enclaves = new EnclaveInference(stack, 'Enclaves', {
    keys,
    release: new ReleasedEnclave(stack, 'Released', { release }),
    measurements: { system: 'clinical-notes', generations: [build('new'), build('old')] },
    network: { vpc, securityGroup },
    records: audit,
    watch: audit,
    ...props,
  });
  return { app, stack, enclaves, vpc };
}
