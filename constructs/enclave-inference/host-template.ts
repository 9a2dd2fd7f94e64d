import * as fs from 'node:fs';
import * as path from 'node:path';
import { Fn, Stack, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import type { EnclaveHostSettings } from '../../runtime/enclave-host';
import { PalisadeError } from '../../runtime/errors';
import { type EnclaveMeasurements, measurementsText } from '../../runtime/measurements';
import type { ReleasedArtifact, ReleasedEnclave } from '../enclave-release';
import type { IRecordStore } from '../inference-environment';
import type { KeyRing } from '../key-ring';
import { type FunctionNetwork, packageRoot } from '../workload';
import { TERMINATION_HOOK } from './enclave-fleet';
import type { EnclaveSize, HostType } from './instance-types';

/** Properties of a host template. */
interface HostTemplateProps {
  readonly type: HostType;
  readonly enclave: EnclaveSize;
  /** Images that hosts may run. */
  readonly measurements: EnclaveMeasurements;
  readonly release: ReleasedEnclave;
  readonly role: iam.IRole;
  readonly network: FunctionNetwork;
  readonly keys: KeyRing;
  readonly keyArn: string;
  readonly volumeKey: kms.IKey;
  readonly hostGroup: ec2.ISecurityGroup;
  /** Where the agent listens. */
  readonly port: number;
  readonly logGroup: logs.ILogGroup;
  readonly records: IRecordStore;
  readonly fleetName: string;
  readonly metricNamespace: string;
}

/** Context of every enclave on its host: above those that vsock reserves. */
const CID = 16;

/** Longest body that gateways pass on (`MAXIMUM_SEALED` of the gateway). */
const MAXIMUM_BODY = 4 * 1024 * 1024;

/** In GiB: the system, packages, an image and a model on their way into memory. */
const VOLUME_SIZE = 64;

/** What was released: three versions (URL-safe by Amazon S3 User Guide, "Version IDs") and the SHA-256 of the model. */
const RELEASED = `^${'([A-Za-z0-9._-]+) '.repeat(3)}([0-9a-f]{64})$`;

/** Stand in the settings for what is only known to be a SHA-256 on the host; of the image, `setup.sh` finds it. */
const MODEL_SHA256 = '@MODEL_SHA256@';
const IMAGE_SHA256 = '@IMAGE_SHA256@';

/** What each host is like: an instance without a way in, whose user data makes it a host. */
export class HostTemplate extends Construct {
  readonly launchTemplate: ec2.LaunchTemplate;

  constructor(scope: Construct, id: string, props: HostTemplateProps) {
    super(scope, id);
    const { type, network, hostGroup, volumeKey, role } = props;
    const folder = path.join(packageRoot(), 'dist', 'enclave', 'parent');
    this.requireNative(folder, type);
    const programs = new Asset(this, 'Programs', { path: folder });
    iam.Grant.addToPrincipal({
      grantee: role,
      actions: ['s3:GetObject'],
      resourceArns: [programs.bucket.arnForObjects(programs.s3ObjectKey)],
    });
    this.launchTemplate = new ec2.LaunchTemplate(this, 'Template', {
      instanceType: new ec2.InstanceType(type.name),
      // The newest at each deployment: hosts are patched by being replaced.
      machineImage: ec2.MachineImage.latestAmazonLinux2023({
        cpuType: type.architecture === 'arm64' ? ec2.AmazonLinuxCpuType.ARM_64 : ec2.AmazonLinuxCpuType.X86_64,
      }),
      nitroEnclaveEnabled: true,
      hibernationConfigured: false,
      detailedMonitoring: true,
      ebsOptimized: true,
      httpEndpoint: true,
      httpTokens: ec2.LaunchTemplateHttpTokens.REQUIRED,
      // Answers reach no container, and no enclave either.
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: false,
      role,
      securityGroup: network.securityGroup,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: ec2.BlockDeviceVolume.ebs(VOLUME_SIZE, {
            encrypted: true,
            kmsKey: volumeKey,
            volumeType: ec2.EbsDeviceVolumeType.GP3,
            deleteOnTermination: true,
          }),
        },
      ],
      userData: ec2.UserData.custom(this.userData(props, programs)),
    });
    this.launchTemplate.addSecurityGroup(hostGroup);
    Tags.of(this.launchTemplate).add('ai:tee', 'nitro');
  }

  /** koffi's native part is one file per architecture, and the package has that of the machine that built it. */
  private requireNative(folder: string, { architecture, name }: HostType): void {
    const file = `koffi-linux-${architecture === 'arm64' ? 'arm64' : 'x64'}.node`;
    if (!fs.existsSync(path.join(folder, file))) {
      throw new PalisadeError({
        code: 'PALISADE-E455',
        where: this.node.path,
        problem: `${file}, which the agent needs on ${name}, is not in ${folder}`,
        fix: 'put it there and beside the enclave app (docs/enclave-app.md), or choose a type of the other architecture',
      });
    }
  }

  private userData(props: HostTemplateProps, programs: Asset): string {
    const { release, enclave } = props;
    const { region, urlSuffix } = Stack.of(this);
    const { image, packages, model, modelSha256 } = release;
    const released = [image.versionId, packages.versionId, model.versionId, modelSha256].join(' ');
    const variables = {
      REGION: region,
      IMAGE: object(image, 1),
      PACKAGES: object(packages, 2),
      MODEL: object(model, 3),
      MODEL_SHA256: word(4),
      ENCLAVE_CPUS: `${enclave.cpus}`,
      ENCLAVE_MEMORY_MIB: `${enclave.memoryMiB}`,
      KMS_HOST: `kms.${region}.${urlSuffix}`,
    };
    return [
      '#!/bin/bash',
      'set -euo pipefail',
      'umask 022',
      // Encoded, because it comes from a parameter: who writes that chooses what runs, and gets no shell.
      `released=$(base64 --decode <<<'${Fn.base64(released)}')`,
      `form='${RELEASED}'`,
      '[[ $released =~ $form ]]',
      ...Object.entries(variables).map(([name, value]) => `export ${name}="${value}"`),
      'mkdir -p /opt/palisade/programs /etc/palisade',
      // Read with a quoted mark: nothing in it is expanded.
      `cat >/etc/palisade/host.json <<'END'\n${Stack.of(this).toJsonString(this.settings(props), 1)}\nEND`,
      `sed -i "s/${MODEL_SHA256}/$MODEL_SHA256/" /etc/palisade/host.json`,
      `aws s3 cp --region ${region} '${programs.s3ObjectUrl}' /opt/palisade/programs.zip`,
      'python3 -m zipfile -e /opt/palisade/programs.zip /opt/palisade/programs',
      'exec bash /opt/palisade/programs/setup.sh',
    ].join('\n');
  }

  private settings(props: HostTemplateProps): Omit<EnclaveHostSettings, 'measurements'> & { measurements: unknown } {
    const { keys, enclave, measurements, records } = props;
    return {
      system: keys.system,
      stage: keys.stage,
      region: Stack.of(this).region,
      measurements: JSON.parse(measurementsText(measurements)),
      enclave: { ...enclave, image: '/opt/palisade/image.eif', imageSha256: IMAGE_SHA256, cid: CID },
      model: { file: '/opt/palisade/model.sealed', sha256: MODEL_SHA256 },
      keyArn: props.keyArn,
      port: props.port,
      fleet: [props.network.vpc.vpcCidrBlock],
      maximumBody: MAXIMUM_BODY,
      maximumConcurrency: 64,
      restartBudget: { restarts: 5, seconds: 3600 },
      metricNamespace: props.metricNamespace,
      autoScaling: { group: props.fleetName, terminationHook: TERMINATION_HOOK },
      logGroup: props.logGroup.logGroupName,
      records: { bucket: records.bucket.bucketName, prefix: `records/${keys.system}/` },
    };
  }
}

/** Bucket, key and version, as the script reads them; the version is the word at `index`. */
function object({ bucket, key }: ReleasedArtifact, index: number): string {
  return [bucket.bucketName, key, word(index)].join(' ');
}

/** A word of what was released, once it is known to be one. */
function word(index: number): string {
  return `\${BASH_REMATCH[${index}]}`;
}
