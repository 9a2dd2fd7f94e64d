import { createHash } from 'node:crypto';
import { type App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AuditTrail, KeyRing, Purpose, WorkloadRole } from '../../../constructs';
import { AttestedKey, type AttestedKeyProps } from '../../../constructs/attested-key';
import { appWith } from '../audit-trail/app';
import { ENV } from '../dataset-vault/simulate';

type Generation = AttestedKeyProps['measurements']['generations'][number];

/** A measurement: what enclaves attest of `text`. */
export const measure = (text: string) => createHash('sha384').update(text).digest('hex');

/** A generation of images with its own measurements, signed by the same signer as all. */
export function generation(name: string): Generation {
  const [pcr0, pcr1, pcr2] = ['image', 'kernel', 'application'].map((part) => measure(`${part} ${name}`));
  return { name, pcr0, pcr1, pcr2, pcr8: measure('signer') } as Generation;
}

/** The measurements of some generations. */
export const measurements = (...names: string[]): AttestedKeyProps['measurements'] => ({
  system: 'clinical-notes',
  generations: names.map(generation),
});

/** A parent role, a publisher and the attested key, with a trail that watches it; one stack each for parent and key. */
export function attestedKey(props: Partial<AttestedKeyProps> = {}, app: App = appWith()) {
  const stack = new Stack(app, 'Keys', { env: ENV });
  const ring = new KeyRing(stack, 'Ring', {
    system: 'clinical-notes',
    stage: 'prod',
    purposes: [Purpose.AUDIT, Purpose.LOGS],
  });
  const watch = new AuditTrail(stack, 'Audit', {
    stage: 'prod',
    auditKey: ring.key(Purpose.AUDIT),
    logKey: ring.key(Purpose.LOGS),
  });
  const fleet = new Stack(app, 'Fleet', { env: ENV });
  const parentRole = hostRole(fleet, 'Parent', 'clinical-notes-enclave-host');
  const key = new AttestedKey(stack, 'Attested', {
    system: 'clinical-notes',
    stage: 'prod',
    purpose: 'model',
    measurements: measurements('old', 'new'),
    parentRole,
    watch,
    ...props,
  });
  const publisher = new WorkloadRole(fleet, 'Publisher', {
    assumedBy: new iam.AccountRootPrincipal(),
    description: 'Seals weights',
  });
  key.grantEncrypt(publisher);
  return { app, stack, fleet, key, parentRole, publisher };
}

/** A role of instances, under a fixed name. */
export function hostRole(stack: Stack, id: string, name?: string): WorkloadRole {
  const role = new WorkloadRole(stack, id, {
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    description: 'Runs enclaves',
  });
  (role.node.defaultChild as iam.CfnRole).roleName = name;
  return role;
}
