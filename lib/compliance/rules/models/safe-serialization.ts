import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { propertyOf, unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Verdict, type Violation } from '../../rule';
import { CONTAINERS, containersOf } from './containers';

const ARTIFACTS = ['ModelDataUrl', 'ModelDataSource.S3DataSource.S3Uri'];

/** Formats whose loaders run code that the file holds: pickle, what wraps it, and Keras with its Lambda layers. */
const RUNS_CODE = /\.(pkl|pickle|joblib|dill|pt|pth|ckpt|bin|h5|hdf5|keras|npy)$/i;

/** Formats that hold data only. Archives and prefixes say nothing of what is in them. */
const DATA_ONLY = /\.(safetensors|onnx|json|ubj|pmml|gguf)$/i;

/** Switches that let transformers, vLLM, TGI or DJL run the Python files that come with a model. */
const RUNS_REMOTE_CODE = /(^|_)TRUST_REMOTE_CODE$/i;

/**
 * Loading a model runs no code that came with it. Judges what a template shows: the name of an artifact and the switches
 * in the environment; inside `model.tar.gz` only a scan of the artifact can look.
 */
export const sageMakerModelSafeSerialization = rule({
  id: 'SageMakerModelSafeSerialization',
  appliesTo: Object.keys(CONTAINERS),
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.1.3', 'A.10.3'],
  crosswalk: { nist80053: ['SI-3', 'SI-7', 'SR-11'], owasp: ['LLM03:2025'], atlas: ['AML.T0010', 'AML.T0011'] },
  why: 'Pickled artifacts and remote code run as soon as the model is loaded, with the role, data and network of the container.',
  fix: 'Publish the model as safetensors, ONNX or another format without code, and leave TRUST_REMOTE_CODE unset.',
  claims: Object.values(CONTAINERS)
    .flat()
    .flatMap((path) => ARTIFACTS.map((name) => `${path}.${name}`)),
  beyondGuard: 'an artifact whose name does not tell its format is neither safe nor unsafe',
  check: (resource) => {
    const found = containersOf(resource).flatMap((at) => [artifactsIn(resource, at), environmentOf(resource, at)]);
    const judged = found.filter((verdict) => verdict !== undefined);
    return judged.length === 0 ? undefined : judged.flat();
  },
  compliant: withArtifact('s3://models/credit-scoring/7/model.safetensors'),
  nonCompliant: withArtifact('s3://models/credit-scoring/7/model.pkl'),
});

function artifactsIn(resource: GraphResource, at: string): Verdict {
  const named = ARTIFACTS.map((name) => `${at}.${name}`).filter((path) => propertyOf(resource, path) !== undefined);
  const verdicts = named.map((path) => judgeArtifact(path, propertyOf(resource, path)));
  const told = verdicts.filter((verdict) => verdict !== undefined);
  return told.length === 0 ? undefined : told.flat();
}

/** Undefined where the name does not tell. */
function judgeArtifact(path: string, found: unknown): Verdict {
  if (found instanceof Opaque) {
    return [unresolved(path, found)];
  }
  const name = textOf(found).split('/').at(-1) ?? '';
  if (RUNS_CODE.test(name)) {
    return [violation(path, `found ${JSON.stringify(name)}, a format that can run code when it is loaded`)];
  }
  return DATA_ONLY.test(name) ? [] : undefined;
}

/** Undefined where no switch is set: the servers' default is off. */
function environmentOf(resource: GraphResource, at: string): Verdict {
  const variables = propertyOf(resource, `${at}.Environment`);
  if (variables instanceof Opaque) {
    return [unresolved(`${at}.Environment`, variables)];
  }
  const switches = Object.entries(variables ?? {}).filter(([name]) => RUNS_REMOTE_CODE.test(name));
  return switches.length === 0
    ? undefined
    : switches.flatMap(([name, value]) => judgeSwitch(`${at}.Environment.${name}`, value));
}

function judgeSwitch(path: string, value: unknown): Violation[] {
  if (value instanceof Opaque) {
    return [unresolved(path, value)];
  }
  return /^(true|1|yes|on)$/i.test(textOf(value)) ? [violation(path, `found ${textOf(value)}, expected false`)] : [];
}

function withArtifact(S3Uri: string) {
  const ModelDataSource = { S3DataSource: { S3Uri } };
  return { Model: { Type: 'AWS::SageMaker::Model', Properties: { PrimaryContainer: { ModelDataSource } } } };
}
