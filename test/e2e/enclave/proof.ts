import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs';
import type * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { EnclaveClient, type EnclaveClientOptions } from '../../../runtime/client';
import type { EnclaveHostSettings } from '../../../runtime/enclave-host';
import { sealModel, tarOf } from '../../../runtime/sealed-model';
import { KeyPolicies } from '../../constructs/attested-key/decide';
import { attestedKey } from '../../constructs/attested-key/key';
import { ENV } from '../../constructs/dataset-vault/simulate';
import { LocalNitro } from '../../support/attestation/local-nitro';
import { KmsStandIn, serverIdentity } from '../../support/kms/stand-in';
import { bundle } from './bundle';
import type { Emulator } from './emulator';
import { buildGuest, type Guest } from './guest';
import type { HostConfiguration } from './host';
import { KeyService } from './key-service';
import { Machine } from './machine';
import { modelFile, train } from './model/train';
import { Recorder } from './recorder';
import { signDocument, signingRelay } from './signer';

export const SYSTEM = 'clinical-notes';
export const PARENT_ROLE = `arn:aws:iam::${ENV.account}:role/clinical-notes-enclave-host`;
const REGION = 'eu-west-1';
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1';
const MODEL_PORT = 8080;
const KOFFI = path.resolve('node_modules/@koromix/koffi-linux-x64/linux_x64/koffi.node');

/** What differs from the usual host. */
export interface HostOptions {
  /** The image that boots. @default - the guest's own, as measured */
  readonly eif?: string;
  /** @default - the role that the key policy names */
  readonly parentRole?: string;
}

/** What differs from the usual image. */
export interface ImageOptions {
  /** Adds a door to the model without any seal, at port 5006. @default false */
  readonly plain?: boolean;
}

/** A parent instance with an enclave in it, all real but for the machine: what `EnclaveInference` deploys, on one computer. */
export class Proof {
  static async prepare(emulator: Emulator, options: ImageOptions = {}): Promise<Proof> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'p-'));
    const now = Date.now();
    const validity = { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 10_800_000) };
    const nitro = await LocalNitro.create(validity);
    const identity = await serverIdentity(`kms.${REGION}.amazonaws.com`);
    const proof = new Proof(emulator, folder, nitro);
    proof.guest = await proof.image(identity.authority, options);
    proof.service = proof.keyService();
    proof.model = await proof.seal();
    const kms = await KmsStandIn.listen(proof.file('kms'), identity, (request) => proof.service.answer(request));
    proof.closing.push(() => kms.stop());
    return proof;
  }

  guest!: Guest;
  service!: KeyService;
  /** SHA-256 of the model's archive: what clients pin. */
  modelDigest = '';
  /** Whether documents are those of a debug enclave. */
  debug = false;
  machine?: Machine;
  /** The process of the agent. */
  host?: ChildProcess;
  /** Everything that it said. */
  hostLog = '';

  private port = 0;
  private model!: string;
  private readonly recorders: Recorder[] = [];
  private readonly carriedBytes: Buffer[] = [];
  private relay?: http.Server;
  private readonly closing: (() => Promise<unknown>)[] = [];

  private constructor(
    private readonly emulator: Emulator,
    readonly folder: string,
    readonly nitro: LocalNitro,
  ) {}

  file(name: string): string {
    return path.join(this.folder, name);
  }

  /** Boots the enclave behind the agent of its parent. */
  async start({ eif = this.guest.eif, parentRole = PARENT_ROLE }: HostOptions = {}): Promise<void> {
    if (!this.host) {
      await this.startHost();
      this.recorders.push(
        await Recorder.listen(this.file('r8000'), this.file('kms')),
        await Recorder.listen(this.file('r8001'), this.file('agent')),
      );
    }
    await this.machine?.kill();
    this.machine = await Machine.boot({
      emulator: this.emulator,
      eif,
      folder: this.file('m'),
      parentRole,
      parentId: 'i-0123456789abcdef0',
      serve: { 8000: this.file('r8000'), 8001: this.file('r8001') },
      ports: [5006],
    });
    this.stopRelay();
    this.relay = signingRelay({ sign: this.sign, door: this.machine.door, carried: this.carriedBytes });
    await new Promise<void>((resolve) => this.relay?.listen(this.file('signed'), resolve));
  }

  /** What the hypervisor would have signed. */
  readonly sign = (document: Uint8Array) => signDocument(this.nitro, document, this.debug);

  /** Everything that passed between the enclave and its parent. */
  get carried(): Buffer {
    return Buffer.concat([...this.carriedBytes, ...this.recorders.flatMap(({ carried }) => carried)]);
  }

  /** What the parent recorded of receipts. */
  get receipts(): { requestId: string; receiptSha256: string }[] {
    const text = fs.existsSync(this.file('receipts')) ? fs.readFileSync(this.file('receipts'), 'utf8') : '';
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** A client as an application has it, of the agent's port. */
  client(options: Partial<EnclaveClientOptions> = {}): EnclaveClient {
    return new EnclaveClient({
      url: this.url,
      system: SYSTEM,
      model: this.modelDigest,
      pcrs: [{ 0: this.guest.measurements.PCR0 }],
      rootForTests: this.nitro.rootDer,
      ...options,
    });
  }

  /** TCP on loopback straight to the enclave, past the agent: `sealed` with signed documents, `plain` to the model server. */
  async doors(): Promise<{ sealed: string; plain: string }> {
    const open = async (door: string) => {
      const relay = signingRelay({ sign: this.sign, door, carried: [] });
      await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
      this.closing.push(async () => {
        relay.closeAllConnections();
        relay.close();
      });
      return `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
    };
    const { door } = this.machine as Machine;
    return { sealed: await open(door), plain: await open(door.replace('5005', '5006')) };
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    await this.machine?.kill();
    this.host?.kill('SIGKILL');
    this.stopRelay();
    for (const recorder of this.recorders) {
      recorder.stop();
    }
    await Promise.all(this.closing.map((close) => close()));
    fs.rmSync(this.folder, { recursive: true });
  }

  /** The agent in a process of its own. */
  private async startHost(): Promise<void> {
    const program = this.file('host.cjs');
    await bundle(path.join(__dirname, 'host.ts'), program);
    fs.copyFileSync(KOFFI, this.file('koffi.node'));
    const configuration: HostConfiguration = {
      settings: this.settings(),
      enclave: this.file('signed'),
      agent: this.file('agent'),
      root: Buffer.from(this.nitro.rootDer).toString('base64'),
      receipts: this.file('receipts'),
    };
    fs.writeFileSync(this.file('host.json'), JSON.stringify(configuration));
    this.host = spawn(process.execPath, [program, this.file('host.json')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const output = this.host.stdout as NonNullable<ChildProcess['stdout']>;
    output.on('data', (piece) => {
      this.hostLog += piece;
    });
    while (!this.hostLog.includes('"listening"')) {
      await once(output, 'data');
    }
    this.port = Number(/"port":(\d+)/.exec(this.hostLog)?.[1]);
  }

  private stopRelay(): void {
    this.relay?.closeAllConnections();
    this.relay?.close();
    fs.rmSync(this.file('signed'), { force: true });
  }

  private settings(): EnclaveHostSettings {
    const { PCR0: pcr0, PCR1: pcr1, PCR2: pcr2 } = this.guest.measurements;
    const eifSha256 = digestOf(this.guest.eif);
    return {
      system: SYSTEM,
      stage: 'prod',
      region: REGION,
      measurements: {
        system: SYSTEM,
        generations: [{ name: 'proof', image: 'sha256:1', eifSha256, builtOn: '2026-11-26', pcr0, pcr1, pcr2 }],
      },
      enclave: { image: this.guest.eif, imageSha256: eifSha256, cpus: 2, memoryMiB: 1024, cid: 16 },
      model: { file: this.model, sha256: digestOf(this.model) },
      keyArn: KEY_ARN,
      port: 0,
      fleet: ['10.0.1.0/24'],
      maximumBody: 4 * 1024 * 1024,
      maximumConcurrency: 64,
      restartBudget: { restarts: 5, seconds: 3600 },
      metricNamespace: 'Palisade/prod/clinical-notes/Enclave',
      autoScaling: { group: 'fleet', terminationHook: 'terminate' },
      logGroup: 'hosts',
      records: { bucket: 'records', prefix: 'records/clinical-notes/' },
    };
  }

  /** The bundle as it ships, a model server, and the authority of the test: all of it is in the image, and measured. */
  private async image(authority: string, { plain = false }: ImageOptions): Promise<Guest> {
    const server = this.file('server.cjs');
    await bundle(path.join(__dirname, 'model', 'server.ts'), server);
    fs.writeFileSync(this.file('authority.pem'), authority);
    const plainDoor = this.file('plain.cjs');
    await bundle(path.join(__dirname, 'plain.ts'), plainDoor);
    const modelCommand = ['/bin/node', '/opt/model/server.cjs', `${MODEL_PORT}`, '/opt/ml/model'];
    return buildGuest({
      emulator: this.emulator,
      folder: this.file('guest'),
      files: {
        'opt/palisade/app.cjs': path.resolve('dist/enclave/app/app.cjs'),
        'opt/palisade/koffi-linux-x64.node': path.resolve('dist/enclave/app/koffi-linux-x64.node'),
        'opt/model/server.cjs': server,
        'opt/model/ort.wasm': require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'),
        'etc/authority.pem': this.file('authority.pem'),
        ...(plain && { 'opt/plain/plain.cjs': plainDoor, 'opt/plain/koffi.node': KOFFI }),
      },
      environment: {
        SYSTEM,
        REGION,
        KEY_ARN,
        MODEL_COMMAND: JSON.stringify(modelCommand),
        NODE_EXTRA_CA_CERTS: '/etc/authority.pem',
      },
      command: ['/bin/node', '/opt/palisade/app.cjs'],
      beside: plain ? ['/bin/node', '/opt/plain/plain.cjs'] : undefined,
    });
  }

  /** Decides by the policies that `AttestedKey` deploys for this image. */
  private keyService(): KeyService {
    const { PCR0: pcr0, PCR1: pcr1, PCR2: pcr2 } = this.guest.measurements;
    const generation = { name: 'proof', image: 'sha256:1', eifSha256: '', builtOn: '2026-11-26', pcr0, pcr1, pcr2 };
    const { app } = attestedKey({ measurements: { system: SYSTEM, generations: [generation] } });
    return new KeyService({
      policies: new KeyPolicies(app),
      callers: { ASIAEXAMPLE: 'parent' },
      root: this.nitro.rootDer,
      sign: this.sign,
    });
  }

  private async seal(): Promise<string> {
    const content = modelFile(train());
    const one = async function* () {
      yield content;
    };
    const archive = () => tarOf([{ name: 'model.onnx', size: content.length, content: one() }]);
    const hash = createHash('sha256');
    for await (const piece of archive()) {
      hash.update(piece);
    }
    this.modelDigest = hash.digest('hex');
    const dataKey = new Uint8Array(randomBytes(32));
    const wrappedKey = this.service.wrap(dataKey, { system: SYSTEM, purpose: 'model' });
    const parts: Uint8Array[] = [];
    for await (const part of sealModel(archive(), { system: SYSTEM, wrappedKey, dataKey })) {
      parts.push(part);
    }
    fs.writeFileSync(this.file('model.sealed'), Buffer.concat(parts));
    return this.file('model.sealed');
  }
}

function digestOf(file: string): string {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}
