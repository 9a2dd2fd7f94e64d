import { Worker } from 'node:worker_threads';
import { PalisadeError } from '../../runtime/errors';
import { type Detection, type InjectionDetector, misfit, type Schema } from '../../runtime/gateway';
import type { Answered, Asked } from '../inference-detector';
import type { ClassifierSettings } from '../inference-detector/classifier';

/** Most texts that wait for the model: whoever comes later would wait for longer than a call has. */
const MAXIMUM_WAITING = 256;

const SHARE: Schema = { type: 'number', minimum: 0, maximum: 1 };
const FILE: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'sha256'],
  properties: { path: { type: 'string', minLength: 1 }, sha256: { type: 'string', minLength: 64, maxLength: 64 } },
};
const SETTINGS: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['model', 'tokenizer', 'threshold'],
  properties: {
    model: FILE,
    tokenizer: FILE,
    threshold: SHARE,
    blockFrom: SHARE,
    timeout: { type: 'integer', minimum: 1, maximum: 60_000 },
    failure: { enum: ['rules', 'block'] },
    runtime: { type: 'string', minLength: 1 },
    tokenizers: { type: 'string', minLength: 1 },
    maximumTokens: { type: 'integer', minimum: 16, maximum: 65_536 },
    benign: { type: 'integer', minimum: 0, maximum: 64 },
  },
};

interface Setting extends ClassifierSettings {
  readonly threshold: number;
  readonly blockFrom?: number;
  readonly timeout?: number;
  readonly failure?: Detection['failure'];
}

const DEFAULTS = {
  runtime: 'onnxruntime-node',
  tokenizers: '@huggingface/tokenizers',
  maximumTokens: 512,
  benign: 0,
};

/** Which model, and how it is heeded. */
export interface DetectorSettings {
  readonly classifier: ClassifierSettings;
  readonly detection: Detection;
}

/** Reads the setting `DETECTOR` (docs/gateway.md). Throws PALISADE-W040. */
export function detectorSettings(json: string): DetectorSettings {
  const setting = parsed(json);
  const found = misfit(setting, SETTINGS);
  if (found) {
    throw malformed(`${found.where || 'it'} ${found.problem}`);
  }
  const { threshold, blockFrom, timeout = 1000, failure = 'rules', ...classifier } = setting as Setting;
  return {
    classifier: { ...DEFAULTS, ...classifier },
    detection: { annotateFrom: threshold, blockFrom, timeout, failure },
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw malformed('it is not JSON');
  }
}

function malformed(problem: string): PalisadeError {
  const fix =
    'write {"model": {"path", "sha256"}, "tokenizer": {"path", "sha256"}, "threshold"}, as docs/gateway.md has it';
  return new PalisadeError({ code: 'PALISADE-W040', where: 'DETECTOR', problem, fix });
}

type Waiting = { readonly resolve: (score: number) => void; readonly reject: (error: Error) => void };

/** A classifier in a thread of its own. One that died is started again when it is next asked. */
export class WorkerDetector implements InjectionDetector {
  readonly name: string;
  private worker?: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  /** @param script bundle of `lambda/inference-detector` */
  constructor(
    private readonly script: string,
    private readonly settings: ClassifierSettings,
  ) {
    this.name = settings.model.sha256.slice(0, 16);
  }

  /** Resolves when the model is loaded; rejects with what keeps it from being. */
  async start(): Promise<void> {
    await new Promise<number>((resolve, reject) => {
      this.waiting.set(0, { resolve, reject });
      this.running();
    });
  }

  async score(text: string, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    if (this.waiting.size >= MAXIMUM_WAITING) {
      throw new Error('the detector has too much to do');
    }
    this.asked += 1;
    const id = this.asked;
    return await new Promise<number>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.running().postMessage({ id, text } satisfies Asked);
    });
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private running(): Worker {
    if (!this.worker) {
      const worker = new Worker(this.script, { workerData: this.settings });
      worker.on('message', (answered: Answered) => this.settle(answered));
      worker.on('error', (error) => this.fail(worker, error));
      worker.on('exit', () => this.fail(worker, new Error('the detector ended')));
      this.worker = worker;
    }
    return this.worker;
  }

  private settle({ id = 0, ...answer }: Answered): void {
    if (id === 0) {
      // Once the model is loaded, its thread keeps nobody from ending.
      this.worker?.unref();
    }
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if ('error' in answer) {
      waiting?.reject(new Error(answer.error));
    } else {
      waiting?.resolve(answer.score);
    }
  }

  private fail(worker: Worker, error: Error): void {
    if (this.worker === worker) {
      this.worker = undefined;
      for (const { reject } of this.waiting.values()) {
        reject(error);
      }
      this.waiting.clear();
    }
  }
}
