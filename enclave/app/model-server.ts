import { type ChildProcess, spawn } from 'node:child_process';
import * as http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { ANSWER_HEADERS, type AnswerHead, passing, type RequestHead } from '../../runtime/enclave-channel';
import { PalisadeError } from '../../runtime/errors';

/** How a model server is started. */
export interface ModelServerOptions {
  readonly command: readonly string[];
  /** User id that it runs as, group id too. */
  readonly user: number;
  /** On loopback. */
  readonly port: number;
  /** Longest wait for it. */
  readonly startSeconds: number;
  /** Called when it ends, whatever the reason. */
  readonly onExit: (code: number | null) => void;
}

/** What the model says, while it says it. */
export interface ModelAnswer extends AnswerHead {
  readonly body: AsyncIterable<Uint8Array>;
}

/** The model server beside the app: SageMaker's container contract, `GET /ping` and `POST /invocations`. */
export class ModelServer {
  /**
   * Starts it and waits until it answers.
   *
   * What it prints goes nowhere: it may be content. It runs as a user of its own, so that only the app reaches the NSM, whose
   * documents speak for the enclave. Rejects with PALISADE-E353 where it does not come up.
   */
  static async start(options: ModelServerOptions): Promise<ModelServer> {
    const [program, ...args] = options.command;
    const child = spawn(program, args, { stdio: 'ignore', uid: options.user, gid: options.user });
    const server = new ModelServer(options, child);
    const gone = new Promise<never>((_resolve, reject) => {
      child.once('error', () => reject(fault('it cannot be started')));
      child.once('exit', (code) => reject(fault(`it ended with ${code}`)));
    });
    await Promise.race([server.ready(), gone]);
    gone.catch(() => {});
    child.once('exit', options.onExit);
    return server;
  }

  /** One connection a request: a server may close an idle one just when it is asked, and to ask twice is not ours. */
  private readonly agent = new http.Agent({ keepAlive: false });

  private constructor(
    private readonly options: ModelServerOptions,
    private readonly child: ChildProcess,
  ) {}

  /** Asks the model. Rejects with PALISADE-E354 where it does not answer. */
  async invoke({ method, path, headers }: RequestHead, body: Uint8Array, signal: AbortSignal): Promise<ModelAnswer> {
    const length = { 'content-length': body.length };
    const answer = await this.request({ method, path, headers: { ...headers, ...length }, signal }, body);
    const { statusCode: status = 0 } = answer;
    const flat = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
    return { status, headers: passing(flat, ANSWER_HEADERS), body: answer };
  }

  /** Ends it. */
  stop(): void {
    this.child.kill('SIGKILL');
    this.agent.destroy();
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + this.options.startSeconds * 1000;
    while (!(await this.answersPing())) {
      if (Date.now() > deadline || this.child.exitCode !== null) {
        this.stop();
        throw fault(`it does not answer after ${this.options.startSeconds} seconds`);
      }
      await wait(50);
    }
  }

  private async answersPing(): Promise<boolean> {
    try {
      const answer = await this.request({ method: 'GET', path: '/ping', signal: AbortSignal.timeout(5_000) });
      answer.resume();
      return answer.statusCode === 200;
    } catch {
      return false;
    }
  }

  private request(options: http.RequestOptions, body?: Uint8Array): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port: this.options.port, agent: this.agent, ...options });
      request.once('response', resolve);
      request.once('error', () => reject(fault('it does not answer', 'E354')));
      request.end(body);
    });
  }
}

function fault(problem: string, code = 'E353'): PalisadeError {
  return new PalisadeError({
    code: `PALISADE-${code}`,
    where: 'model server',
    problem,
    fix: 'run the container outside an enclave with the same model: it must answer GET /ping within the time',
  });
}
