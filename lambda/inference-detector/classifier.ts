import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PalisadeError } from '../../runtime/errors';

/** A file, and what it has to be. */
export interface PinnedFile {
  readonly path: string;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** Which model is loaded, and with what. */
export interface ClassifierSettings {
  /** ONNX, in one file. */
  readonly model: PinnedFile;
  /** `tokenizer.json` of Hugging Face's tokenizers. */
  readonly tokenizer: PinnedFile;
  /** Package of ONNX Runtime, such as `onnxruntime-node` or `onnxruntime-web`. */
  readonly runtime: string;
  /** Package that has the class `Tokenizer` of `@huggingface/tokenizers`. */
  readonly tokenizers: string;
  /** Most tokens that the model takes, those at beginning and end included. */
  readonly maximumTokens: number;
  /** Which of the model's classes is no attack. */
  readonly benign: number;
}

/** Gives the share of the classes that are attacks, for the part of a text that looks most like one. */
export type Classifier = (text: string) => Promise<number>;

/** What is used of ONNX Runtime. */
interface OnnxRuntime {
  readonly InferenceSession: { create(model: Uint8Array): Promise<Session> };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, shape: readonly number[]) => unknown;
}

interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(inputs: Record<string, unknown>): Promise<Record<string, { readonly data: ArrayLike<number> }>>;
}

interface Tokenizers {
  readonly Tokenizer: new (
    tokenizer: object,
    config: object,
  ) => { encode(text: string, options?: { add_special_tokens: boolean }): { readonly ids: readonly number[] } };
}

/** Inputs that classifiers of texts have, by what each token of one text has in it. */
const INPUTS: Readonly<Record<string, (id: number) => number>> = {
  input_ids: (id) => id,
  attention_mask: () => 1,
  token_type_ids: () => 0,
};

/**
 * Loads a classifier of texts, once its files are what they have to be: the bytes that were hashed are those that are loaded.
 *
 * Throws PALISADE-W041 for a file that cannot be read or is another, PALISADE-W042 for what cannot be loaded or is no such classifier.
 *
 * @param load `require`, as the place that has the packages sees it
 */
export async function loadClassifier(
  { model, tokenizer, runtime, tokenizers, maximumTokens, benign }: ClassifierSettings,
  load: (name: string) => unknown,
): Promise<Classifier> {
  const [graph, words] = await Promise.all([pinned(model), pinned(tokenizer)]);
  const { ort, session, encode } = await loading(model.path, async () => {
    const ort = load(runtime) as OnnxRuntime;
    const { Tokenizer } = load(tokenizers) as Tokenizers;
    const reader = new Tokenizer(JSON.parse(words.toString('utf8')), {});
    const session = await ort.InferenceSession.create(graph);
    return { ort, session, encode: reader.encode.bind(reader) };
  });
  const unknown = session.inputNames.filter((name) => !Object.hasOwn(INPUTS, name));
  if (unknown.length > 0) {
    throw notLoaded(model.path, `it asks for ${unknown.join(', ')}`);
  }
  const [first, last] = halves(encode('').ids);
  const room = maximumTokens - first.length - last.length;
  const classify = async (ids: readonly number[]) => {
    const inputs = session.inputNames.map((name) => {
      const data = BigInt64Array.from(ids, (id) => BigInt(INPUTS[name](id)));
      return [name, new ort.Tensor('int64', data, [1, ids.length])];
    });
    const outputs = await session.run(Object.fromEntries(inputs));
    return attackShare(Array.from(outputs[session.outputNames[0]].data), benign);
  };
  const classifier: Classifier = async (text) => {
    const { ids } = encode(text, { add_special_tokens: false });
    let worst = 0;
    for (let start = 0; start === 0 || start < ids.length; start += room) {
      worst = Math.max(worst, await classify([...first, ...ids.slice(start, start + room), ...last]));
    }
    return worst;
  };
  // What a classifier of another kind does wrong, it does at once.
  await loading(model.path, () => classifier('Good morning.'));
  return classifier;
}

async function pinned({ path, sha256 }: PinnedFile): Promise<Buffer> {
  const bytes = await readFile(path).catch((error: Error) => Promise.reject(otherFile(path, error.message)));
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== sha256) {
    throw otherFile(path, `has the SHA-256 ${digest}, and shall have ${sha256}`);
  }
  return bytes;
}

function otherFile(where: string, problem: string): PalisadeError {
  const fix = 'install the file that was reviewed, or review this one and pin its digest';
  return new PalisadeError({ code: 'PALISADE-W041', where, problem, fix });
}

async function loading<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw notLoaded(where, error instanceof Error ? error.message : String(error));
  }
}

function notLoaded(where: string, problem: string): PalisadeError {
  const fix =
    'install the packages of ONNX Runtime and the tokenizers beside the gateway, and name a classifier of texts';
  return new PalisadeError({ code: 'PALISADE-W042', where, problem, fix });
}

/** What stands before a text and what after it: the same number, as of [CLS] and [SEP]. */
function halves(ids: readonly number[]): [readonly number[], readonly number[]] {
  const middle = Math.ceil(ids.length / 2);
  return [ids.slice(0, middle), ids.slice(middle)];
}

/** One minus the softmax of the benign class; of a single class, its sigmoid. */
function attackShare(logits: readonly number[], benign: number): number {
  if (logits.length === 1) {
    return 1 / (1 + Math.exp(-logits[0]));
  }
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const share = 1 - powers[benign] / powers.reduce((sum, power) => sum + power, 0);
  if (!Number.isFinite(share)) {
    throw new Error(`the model gives ${logits.length} classes, or no numbers`);
  }
  return share;
}
