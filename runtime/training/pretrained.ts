import { createHash } from 'node:crypto';
import { type PinnedModel, requirePinned } from '../bill-of-materials/pin';
import { PalisadeError } from '../errors';
import { decide, type GateDecision, type GateReason } from './gate';
import type { ObjectStore } from './object-store';

/** Folder of a dataset with models of others. A pin's name is the path of its file below it. */
export const PRETRAINED = 'pretrained/';

/** Endings that files with weights have: safetensors, GGUF, ONNX, PyTorch, Keras, TensorFlow, TensorFlow Lite, JAX, pickles, NumPy archives. */
const WEIGHTS = /\.(?:safetensors|gguf|ggml|onnx|pt|pth|ckpt|h5|keras|pb|tflite|msgpack|pkl|pickle|joblib|npz)$/i;

/** What the gate found of models that others made. */
export interface PretrainedDecision extends GateDecision {
  /** The pins of the files that are there, in the order of their keys. */
  readonly pretrained: PinnedModel[];
}

/**
 * Judges the files of a dataset that others' models are: what lies in `pretrained/`, and what ends as weights do wherever it lies.
 * Each is read, and accepted by its SHA-256 alone. A job reads nothing but its dataset, so that no other way leads a model into a run;
 * weights under an innocent name are not recognised.
 */
export async function judgePretrained(
  store: ObjectStore,
  prefix: string,
  pins: readonly PinnedModel[],
): Promise<PretrainedDecision> {
  const pretrained: PinnedModel[] = [];
  const reasons: GateReason[] = [];
  for await (const { key } of store.list(prefix)) {
    const file = key.slice(prefix.length);
    if (file.startsWith(PRETRAINED) || WEIGHTS.test(file)) {
      const name = file.startsWith(PRETRAINED) ? file.slice(PRETRAINED.length) : file;
      const pin = pinOf(pins, name, await digestOf(store, key));
      if ('code' in pin) {
        reasons.push(pin);
      } else {
        pretrained.push(pin);
      }
    }
  }
  return { ...decide(reasons), pretrained };
}

function pinOf(pins: readonly PinnedModel[], name: string, sha256: string): PinnedModel | GateReason {
  try {
    return requirePinned(pins, name, sha256);
  } catch (error) {
    if (error instanceof PalisadeError) {
      return { code: error.code, problem: `${error.where}: ${error.problem}` };
    }
    throw error;
  }
}

/** Nothing is what an object that went away holds: no pin is of that, so that it is refused. */
async function digestOf(store: ObjectStore, key: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of (await store.open(key))?.body ?? []) {
    hash.update(chunk);
  }
  return hash.digest('hex');
}
