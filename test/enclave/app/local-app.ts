import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { type EnclaveSettings, type RunningEnclave, startEnclave } from '../../../enclave/app';
import type { Nsm } from '../../../enclave/nsm';
import { sealModel, tarOf } from '../../../runtime/sealed-model';
import { LocalNitro, usualPcrs } from '../../support/attestation/local-nitro';
import { ciphertextForRecipient } from '../../support/kms/envelope';
import { type KmsAnswer, type KmsRequest, KmsStandIn, serverIdentity } from '../../support/kms/stand-in';

export const SYSTEM = 'clinical-notes';
export const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1';
export const DATA_KEY = new Uint8Array(32).fill(7);

/** What a test changes of the surroundings. */
export interface Surroundings {
  readonly settings?: Partial<EnclaveSettings>;
  /** The archive that is sealed, by name. @default - `weights.txt` */
  readonly files?: Readonly<Record<string, string>>;
  /** Changes the sealed model on its way. */
  readonly tamper?: (sealed: Buffer) => Buffer;
  readonly kms?: (request: KmsRequest) => KmsAnswer;
  /** Answer to a receipt. @default 204 */
  readonly recordStatus?: number;
  /** What the enclave's clock is ahead, in milliseconds. */
  readonly drift?: number;
}

/** The whole app in this process, with unix sockets where vsock is, a parent and a KMS of the test. */
export class LocalApp {
  static async start(surroundings: Surroundings = {}): Promise<LocalApp> {
    const app = new LocalApp(surroundings, await nitro());
    try {
      await app.open();
    } catch (error) {
      await app.stop();
      throw error;
    }
    return app;
  }

  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'enclave-app-'));
  readonly logged: string[] = [];
  readonly receipts: Record<string, string>[] = [];
  readonly asked: KmsRequest[] = [];
  /** Everything that passed between client and enclave, and between enclave and parent. */
  readonly carried: Buffer[] = [];
  readonly failures: Error[] = [];
  url = '';

  private readonly closing: (() => Promise<unknown>)[] = [];
  private running?: RunningEnclave;

  private constructor(
    private readonly surroundings: Surroundings,
    readonly nitro: LocalNitro,
  ) {}

  get modelDirectory(): string {
    return this.file('model');
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    await Promise.all(this.closing.map((close) => close()));
    fs.rmSync(this.folder, { recursive: true });
  }

  private async open(): Promise<void> {
    const identity = await serverIdentity('kms.eu-west-1.amazonaws.com');
    const kms = await KmsStandIn.listen(this.file('kms'), identity, (request) => {
      this.asked.push(request);
      return (this.surroundings.kms ?? (({ body }) => unwrapped(body)))(request);
    });
    this.closing.push(() => kms.stop());
    await this.parent();
    this.running = await startEnclave(await this.settings(), {
      nsm: this.nsm(),
      log: (event, fields) => this.logged.push(JSON.stringify({ event, ...fields })),
      seedKernel: () => this.logged.push('seeded'),
      now: () => Date.now() + (this.surroundings.drift ?? 0),
      fail: (error) => this.failures.push(error),
      authorities: [identity.authority],
    });
    await this.door();
  }

  private async settings(): Promise<EnclaveSettings> {
    const modelPort = await freePort();
    const command = [process.execPath, path.join(__dirname, 'model-server.cjs'), `${modelPort}`];
    return {
      system: SYSTEM,
      region: 'eu-west-1',
      keyArn: KEY_ARN,
      modelCommand: [...command, path.join(this.modelDirectory, 'weights.txt')],
      modelDirectory: this.modelDirectory,
      modelPort,
      modelUser: process.getuid?.() ?? 0,
      modelStartSeconds: 10,
      listen: { kind: 'unix', path: this.file('enclave') },
      kmsProxy: { kind: 'unix', path: this.file('kms') },
      agent: { kind: 'unix', path: this.file('agent') },
      maximumRequest: 1024 * 1024,
      maximumConcurrency: 8,
      answerSeconds: 10,
      ...this.surroundings.settings,
    };
  }

  private nsm(): Nsm {
    const pcrs = usualPcrs();
    return {
      attestation: (fields) => this.nitro.document({ pcrs, timestamp: new Date(), ...fields }),
      random: () => new Uint8Array(256),
      describe: () => ({ moduleId: 'i-0-enc0', digest: 'SHA384', maximumPcrs: 32, lockedPcrs: [] }),
      describePcr: (index) => ({ locked: true, value: pcrs[index] }),
      extendPcr: () => new Uint8Array(48),
      lockPcr: () => {},
    };
  }

  private async parent(): Promise<void> {
    const { files = { 'weights.txt': 'WEIGHTS' }, tamper = (sealed) => sealed } = this.surroundings;
    const sealed = tamper(await sealedModel(files));
    const server = http.createServer(async (request, response) => {
      if (request.url === '/credentials') {
        response.end(JSON.stringify({ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 's', sessionToken: 't' }));
      } else if (request.url === '/model') {
        response.end(sealed);
      } else {
        const pieces: Buffer[] = [];
        for await (const piece of request) {
          pieces.push(piece);
        }
        this.receipts.push(JSON.parse(String(Buffer.concat(pieces))));
        response.writeHead(this.surroundings.recordStatus ?? 204).end();
      }
    });
    server.on('connection', (socket) => socket.on('data', (piece) => this.carried.push(piece)));
    await new Promise<void>((resolve) => server.listen(this.file('agent'), resolve));
    this.closing.push(() => closed(server));
  }

  /** TCP on loopback in front of the enclave's socket, as the parent has it. */
  private async door(): Promise<void> {
    const sockets = new Set<net.Socket>();
    const server = net.createServer((client) => {
      const inside = net.connect(this.file('enclave'));
      for (const [from, to] of [
        [client, inside],
        [inside, client],
      ]) {
        sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('data', (piece) => this.carried.push(piece));
        from.pipe(to);
        from.on('close', () => to.destroy());
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
    this.closing.push(() => {
      for (const socket of sockets) {
        socket.destroy();
      }
      return closed(server);
    });
  }
}

/** What KMS does for an enclave that it trusts. */
export function unwrapped({ Recipient }: KmsRequest['body']): KmsAnswer {
  const document = Buffer.from(Recipient?.AttestationDocument ?? '', 'base64');
  const start = document.indexOf(Buffer.from('30820122300d06092a864886f70d0101010500', 'hex'));
  const envelope = ciphertextForRecipient(DATA_KEY, document.subarray(start, start + 294));
  return { CiphertextForRecipient: Buffer.from(envelope).toString('base64') };
}

/** A model of these files, sealed under `DATA_KEY`. */
export async function sealedModel(files: Readonly<Record<string, string>>, system = SYSTEM): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const options = { system, wrappedKey: Buffer.from('wrapped'), dataKey: Uint8Array.from(DATA_KEY) };
  for await (const part of sealModel(archive(files), options)) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The digest by which clients pin the model of these files. */
export async function digestOf(files: Readonly<Record<string, string>>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of archive(files)) {
    hash.update(piece);
  }
  return hash.digest('hex');
}

function archive(files: Readonly<Record<string, string>>): AsyncGenerator<Uint8Array> {
  return tarOf(
    Object.entries(files).map(([name, text]) => ({
      name,
      size: Buffer.byteLength(text),
      content: (async function* () {
        yield Buffer.from(text);
      })(),
    })),
  );
}

let made: Promise<LocalNitro> | undefined;

function nitro(): Promise<LocalNitro> {
  made ??= LocalNitro.create({
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 3_600_000),
  });
  return made;
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await closed(server);
  return port;
}

function closed(server: net.Server): Promise<unknown> {
  return new Promise((resolve) => server.close(resolve));
}
