import { type ImportVerdict, judgeImport } from './pickle';

/** What a Keras configuration says of one object; null for a module that is not stated, undefined for a text too long. */
export interface KerasObject {
  readonly name: string | undefined;
  readonly module: string | undefined | null;
  readonly registered?: string;
  /** The configuration, where it is text: the name of a function. */
  readonly config?: string;
}

const words = (text: string): Set<string> => new Set(text.trim().split(/\s+/));

/** Roots under which Keras itself is imported. */
const ROOTS = [
  'keras.src',
  'keras',
  'tf_keras.src',
  'tf_keras',
  'tensorflow.keras',
  'tensorflow.python.keras',
  'tensorflow_core.keras',
];
/** Parts of Keras whose classes hold numbers and settings, and compute. Not utils, saving, config, datasets or backend. */
const PARTS =
  words(`layers models initializers regularizers constraints activations optimizers losses metrics engine dtype_policies
  quantizers ops random mixed_precision schedules feature_column distribution`);
/** Layers that are code, or that load it from elsewhere (Keras API, keras.layers). */
const CODE =
  words(`Lambda LambdaLayer TorchModuleWrapper TFSMLayer JaxLayer FlaxLayer SavedModelLayer TFModule KerasLayer
  __lambda__ TFOpLambda SlicingOpLambda ClassMethod InstanceMethod InstanceProperty TFClassMethodDispatcher CustomObjectScope`);
/** What Keras 3 writes for values (keras/src/saving/serialization_lib.py, `serialize_keras_object`). */
const VALUES = words('__tensor__ __numpy__ __bytes__ __ellipsis__ __slice__ __tuple__ __set__');
/** Functions that configurations name, and that Keras finds among its own. */
const FUNCTIONS =
  words(`relu sigmoid softmax softplus softsign tanh selu elu gelu swish silu linear exponential hard_sigmoid relu6
  hard_silu hard_swish leaky_relu log_softmax mish log_sigmoid glu celu
  mse mae mape msle mean_squared_error mean_absolute_error mean_absolute_percentage_error mean_squared_logarithmic_error
  binary_crossentropy categorical_crossentropy sparse_categorical_crossentropy kl_divergence kld poisson hinge squared_hinge
  categorical_hinge log_cosh logcosh huber cosine_similarity binary_focal_crossentropy categorical_focal_crossentropy
  accuracy acc binary_accuracy categorical_accuracy sparse_categorical_accuracy top_k_categorical_accuracy
  sparse_top_k_categorical_accuracy`);
/** Packages under which Keras and TensorFlow register what is their own. */
const REGISTERED = words('keras keras_core Keras builtins Custom');
const OPTIMIZERS = words(
  'Adam AdamW Adamax Nadam SGD RMSprop Adagrad Adadelta Ftrl Lion LossScaleOptimizer Adafactor Lamb Muon',
);

/** What building the object does. An object without a module is one that Keras or the process has under that name. */
export function judgeKeras({ name, module, registered, config }: KerasObject): ImportVerdict {
  if (name === undefined || module === undefined) {
    return 'unknown';
  }
  const own = name.slice(name.lastIndexOf('>') + 1);
  if (CODE.has(own.split('.').at(-1) ?? own)) {
    return 'dangerous';
  }
  if (name === 'function' || name === '__typespec__') {
    return judgeFunction(module, config);
  }
  if (VALUES.has(name)) {
    return 'harmless';
  }
  if (module === null) {
    const listed = [name, registered].find((text) => text?.includes('>'));
    return listed ? judgeRegistered(listed) : /^\w+$/.test(name) ? 'harmless' : 'unknown';
  }
  if (isKerasPart(module)) {
    return /^[A-Z]\w*$/.test(own) ? judgeRegistered(registered ?? own) : 'dangerous';
  }
  return isKeras(module) || judgeImport(module, own) === 'dangerous' ? judgeOutside(module, own) : 'unknown';
}

/** A function: of Keras by a name that is listed, else whatever its module holds. */
function judgeFunction(module: string | null, config: string | undefined): ImportVerdict {
  if (config !== undefined && FUNCTIONS.has(config)) {
    return module === null || module === 'builtins' || isKerasPart(module) ? 'harmless' : 'unknown';
  }
  const judged = module === null ? 'unknown' : judgeImport(module, config ?? '');
  return judged === 'dangerous' ? 'dangerous' : 'unknown';
}

/** `Package>Name`: found among what the process has registered, which Keras's own packages are always. */
function judgeRegistered(registered: string): ImportVerdict {
  const [before, name] = registered.split('>');
  if (name === undefined) {
    return 'harmless';
  }
  return REGISTERED.has(before) && (before !== 'Custom' || OPTIMIZERS.has(name)) ? 'harmless' : 'unknown';
}

/** `keras` itself holds models; its other parts hold what reads, fetches and loads. */
function judgeOutside(module: string, name: string): ImportVerdict {
  return ROOTS.includes(module) &&
    ['Sequential', 'Functional', 'Model', 'Variable', 'DTypePolicy', 'FloatDTypePolicy'].includes(name)
    ? 'harmless'
    : 'dangerous';
}

function isKeras(module: string): boolean {
  return ROOTS.some((root) => module === root || module.startsWith(`${root}.`));
}

function isKerasPart(module: string): boolean {
  const root = ROOTS.find((candidate) => module.startsWith(`${candidate}.`));
  const parts = root ? module.slice(root.length + 1).split('.') : [];
  return (
    PARTS.has(parts[0]) &&
    parts.every((part) => /^[a-z_]\w*$/.test(part) && !/lambda|torch|sharding_lib|file/.test(part))
  );
}

/** An object as a report names it: only if it is made of what names are made of. */
export function describeKeras({ module, name, config }: KerasObject): string {
  const described = [module, name, name === 'function' ? config : undefined].filter(Boolean).join('.');
  return /^[\w.>]{1,120}$/.test(described) ? described : 'a name that is none';
}
