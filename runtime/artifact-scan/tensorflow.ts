import type { ByteReader } from './byte-reader';
import { requireHarmlessText } from './model-config';
import { type MessageListener, MessageReader, type Schema } from './protobuf';
import { SCAN_CODES, ScanStop } from './verdict';

/** Messages that lead to operators (tensorflow/core/protobuf/saved_model.proto, meta_graph.proto, graph.proto). */
const SAVED_MODEL: Schema = {
  SavedModel: { 2: 'MetaGraph' },
  MetaGraph: { 2: 'Graph' },
  Graph: { 1: 'Node', 2: 'Library' },
  Library: { 1: 'Function' },
  Function: { 3: 'Node' },
  Node: { 2: 'text' },
};
const FIELDS: Readonly<Record<string, ReadonlySet<number>>> = {
  SavedModel: new Set([1, 2]),
  MetaGraph: new Set([1, 2, 3, 4, 5, 6, 7]),
  Graph: new Set([1, 2, 3, 4, 5]),
};
/** What Keras 2 writes beside a SavedModel (keras/protobuf/saved_metadata.proto): a configuration for each object. */
const KERAS_METADATA: Schema = { Metadata: { 1: 'Object' }, Object: { 4: 'text', 5: 'text' } };

const CONFIGURATION = 5;
const FINGERPRINT: Schema = { Fingerprint: { 6: 'text', 7: 'Versions' } };

/** Operators that read, write, list or send, or that call Python (TensorFlow, `tf.raw_ops`). */
const DANGEROUS = new Set(
  `ReadFile WriteFile MatchingFiles PyFunc PyFuncStateless EagerPyFunc NumpyFunction WholeFileReader WholeFileReaderV2 TextLineReader
   TextLineReaderV2 TFRecordReader TFRecordReaderV2 FixedLengthRecordReader FixedLengthRecordReaderV2 LMDBReader LMDBDataset
   TextLineDataset TFRecordDataset TFRecordDatasetV2 FixedLengthRecordDataset FixedLengthRecordDatasetV2 SqlDataset CSVDataset
   CSVDatasetV2 MatchingFilesDataset ReaderReadV2 ReaderReadUpToV2 SaveDataset SaveDatasetV2 LoadDataset SnapshotDataset
   SnapshotDatasetV2 GeneratorDataset PrintV2 DebugIdentity DebugIdentityV2 DebugIdentityV3 DebugNumericSummary RpcCall RpcClient
   RpcServer RpcServerStart RpcServerRegister RpcGetValue CloudBigtableClient BigQueryReader KafkaDataset DataServiceDataset
   DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4 RegisterDataset RegisterDatasetV2 DistributedSave XlaLaunch
   LoadTPUEmbeddingAdagradParameters DeleteFile RenameFile CopyFile CreateDir InitializeTableFromTextFile WriteSummary
   CreateSummaryFileWriter WriteGraphSummary WriteRawProtoSummary ImportEvent ConfigureDistributedTPU CollectiveBcastSend
   FileSystemSetConfiguration GcsConfigureCredentials GcsConfigureBlockCache DecodeProtoV2 EncodeProto RemoteCall RemoteFusedGraphExecute`
    .trim()
    .split(/\s+/),
);

/** Families of operators that compute, by the way their names begin. */
const FAMILIES =
  `Abs Accumul Acos Adjust Add All Angle Any Approx Arg AsString Asin Assert Assign Atan Avg Batch Bessel Betainc Bias Bin Bit
  Block Bool Boost Broadcast Bucketize Cast Ceil Check Cholesky Clip Combined Complex Concat Conj Const Control Conv Copy Cos
  Count Crop Cross CTC Cudnn Cum DataFormat Dense Depth Dequantize Diag Digamma DisableCopyOnRead Dilation Div Draw Dynamic EditDistance Eig
  Einsum Elu Empty Enc Ensure Enter Equal Erf Euclidean Exit Exp Extract FFT Fact Fake Fill Fixed Floor Fractional Fused Gather
  GRU Greater HSV Histogram Hash Identity IFFT Igamma Imag InTopK Inv IRFFT Is L2Loss LRN LSTM Leaky Left Less Lgamma LinSpace
  List Log LookupTable Loop LowerBound Lower Lu MatMul Matrix Max Mean Merge Min Mirror Mod Mul Multinomial Mutable NcclAllReduce
  Ndtri Neg Next NoOp NonMax NotEqual Nth OneHot Ones Pack Pad Parameterized ParseExample ParseSequence ParseSingle
  Partitioned Placeholder Polygamma Population Pow Prevent Prod Qr Quantize RFFT RGB Ragged Random Range Rank ReadVariable Real Reciprocal
  Reduce Ref RegexFullMatch RegexReplace Relu Requantize Reshape Resize Resource Reverse Right Rint Roll Round Rsqrt Sample Scale
  Scatter Segment Select Selu Shape Sigmoid Sign Sin Size Slice Soft Space Sparse Split Sqrt Square Squeeze Stack Stateful
  Stateless Static Stop Strided String Sub Sum Svd Switch SymbolicGradient Tan Temporary Tensor Tile TopK Transpose Triangular Tridiagonal
  Truncate Unbatch Unicode Unique Unpack Unravel Unsorted Upper Var Variable Where While Xdivy Xlog1py Zeros Zeta If Case
  AnonymousHashTable AnonymousMutableHashTable ImmutableConst InitializeTableV2 InitializeTable LegacyParallel Decode`
    .trim()
    .split(/\s+/);
/** What every SavedModel holds to write and read its own variables, at paths that the loader gives. */
const CHECKPOINT = new Set(
  'SaveV2 RestoreV2 MergeV2Checkpoints ShardedFilename ShardedFilespec Save Restore'.split(' '),
);
const FAMILY = new RegExp(`^_?(?:${FAMILIES.join('|')})(?:[A-Z0-9]\\w*|[a-z]+\\w*)?$`);

/** Whether the start is that of a SavedModel: a version of the schema, then a graph with information on itself. */
export function isSavedModel(window: Uint8Array): boolean {
  const [version, one, graph] = window;
  if (version !== 0x08 || one !== 1 || graph !== 0x12) {
    return false;
  }
  const length = window.subarray(3).findIndex((byte) => byte < 0x80);
  return length >= 0 && window[3 + length + 1] === 0x0a;
}

/**
 * Checks a TensorFlow SavedModel or its graph: operators that compute, in functions too. What reads, writes, sends or calls
 * Python is unsafe; an operator of no known family is unknown.
 */
export async function requireSavedModel(reader: ByteReader): Promise<void> {
  const operators = new Operators();
  await new MessageReader(reader, SAVED_MODEL, operators, notSavedModel).read('SavedModel');
  operators.requireKnown();
}

class Operators implements MessageListener {
  private doubt?: ScanStop;
  private any = false;

  field(message: string, number: number): void {
    if (FIELDS[message] && !FIELDS[message].has(number)) {
      throw notSavedModel();
    }
  }

  text(_: string, __: number, operator = ''): void {
    this.any = true;
    if (DANGEROUS.has(operator)) {
      throw new ScanStop(
        SCAN_CODES.OPERATOR,
        'unsafe',
        `a TensorFlow operator that reaches outside the model: ${operator}`,
      );
    }
    if (!FAMILY.test(operator) && !CHECKPOINT.has(operator) && !/^_(Arg|Retval)$/.test(operator)) {
      this.doubt ??= new ScanStop(SCAN_CODES.OPERATOR, 'unknown', 'a TensorFlow operator of which nothing is known');
    }
  }

  requireKnown(): void {
    if (!this.any) {
      throw notSavedModel();
    }
    if (this.doubt) {
      throw this.doubt;
    }
  }
}

/** Whether the start is that of `keras_metadata.pb`. */
export function isKerasMetadata(window: Uint8Array): boolean {
  return window[0] === 0x0a && Buffer.from(window.subarray(0, 512)).includes('_tf_keras_');
}

/** Checks the configuration of each object that Keras 2 saved. */
export async function requireKerasMetadata(reader: ByteReader): Promise<void> {
  const listener: MessageListener = {
    text: (_, field, text) => {
      if (field === CONFIGURATION) {
        requireHarmlessText(text);
      }
    },
  };
  await new MessageReader(reader, KERAS_METADATA, listener, notSavedModel).read('Metadata');
}

/** Whether the content can be `fingerprint.pb`: short, and begins with a large number. */
export function isFingerprint(window: Uint8Array): boolean {
  return window.length < 256 && window[0] === 0x08 && window[1] >= 0x80;
}

/** Checks the fingerprint of a SavedModel (tensorflow/core/protobuf/fingerprint.proto): numbers, a UUID and versions. */
export async function requireFingerprint(reader: ByteReader): Promise<void> {
  const listener: MessageListener = {
    field: (message, field) => {
      if (message === 'Fingerprint' && field > 7) {
        throw notSavedModel();
      }
    },
    text: (_, __, text) => {
      if (!/^[0-9a-f-]{0,40}$/i.test(text ?? '?')) {
        throw notSavedModel();
      }
    },
  };
  await new MessageReader(reader, FINGERPRINT, listener, notSavedModel).read('Fingerprint');
}

function notSavedModel(): ScanStop {
  return new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'begins as a TensorFlow SavedModel but is not');
}
