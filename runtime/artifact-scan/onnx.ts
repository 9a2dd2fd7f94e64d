import type { ByteReader } from './byte-reader';
import { type MessageListener, MessageReader, type Schema } from './protobuf';
import { SCAN_CODES, ScanStop } from './verdict';

/** Messages that lead to tensors and operators, and the fields that lead on (onnx/onnx.proto3, IR version 13). */
const SCHEMA: Schema = {
  Model: { 7: 'Graph', 8: 'OperatorSet', 20: 'Training', 25: 'Function' },
  OperatorSet: { 1: 'text' },
  Training: { 1: 'Graph', 2: 'Graph' },
  Function: { 7: 'Node', 9: 'OperatorSet', 10: 'text', 11: 'Attribute' },
  Graph: { 1: 'Node', 5: 'Tensor', 15: 'SparseTensor' },
  Node: { 4: 'text', 5: 'Attribute', 7: 'text' },
  Attribute: { 5: 'Tensor', 6: 'Graph', 10: 'Tensor', 11: 'Graph', 22: 'SparseTensor', 23: 'SparseTensor' },
  SparseTensor: { 1: 'Tensor', 2: 'Tensor' },
  Tensor: { 13: 'Entry' },
  Entry: { 1: 'text', 2: 'text' },
};
const MODEL_FIELDS = new Set([1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26]);
const GRAPH = 7;
const DATA_LOCATION = 14;

/** Domains of operators that ONNX defines (onnx/defs/schema.h), and ONNX Runtime's own kernels. */
const DOMAINS = new Set([
  '',
  'ai.onnx',
  'ai.onnx.ml',
  'ai.onnx.training',
  'ai.onnx.preview.training',
  'com.microsoft',
  'com.microsoft.nchwc',
  'com.ms.internal.nhwc',
]);
/** Operators that call Python (onnxruntime-extensions and ONNX Runtime Training). */
const PYTHON = new Set(['PyOp', 'PyCustomOp', 'PythonOp', 'PythonOpGrad', 'ATen', 'ExternalFunctionOp']);

/**
 * Checks an ONNX model: protobuf that ends where it says, known fields at the top, a graph, operators that ONNX defines or
 * the model itself does, in subgraphs and functions too, and no tensor whose data lies in another file.
 */
export async function requireOnnx(reader: ByteReader): Promise<void> {
  const model = new OnnxModel();
  await new MessageReader(reader, SCHEMA, model, notOnnx).read('Model');
  model.requireKnown();
}

function notOnnx(): ScanStop {
  return new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'begins as an ONNX model but is not');
}

class OnnxModel implements MessageListener {
  private hasGraph = false;
  private external?: ScanStop;
  private readonly ownDomains = new Set<string>();
  private readonly foreign = new Set<string>();
  private key: string | undefined;

  field(message: string, number: number): void {
    if (message === 'Model') {
      this.hasGraph ||= number === GRAPH;
      if (!MODEL_FIELDS.has(number)) {
        throw notOnnx();
      }
    }
  }

  integer(message: string, number: number, value: number): void {
    if (message === 'Tensor' && number === DATA_LOCATION && value !== 0) {
      this.external ??= externalData();
    }
  }

  text(message: string, number: number, text: string | undefined): void {
    if (message === 'Node' && number === 7) {
      this.domain(this.foreign, text);
    } else if (message === 'Function' && number === 10) {
      this.domain(this.ownDomains, text);
    } else if (message === 'Node' && PYTHON.has(text ?? '')) {
      throw new ScanStop(SCAN_CODES.OPERATOR, 'unsafe', 'an ONNX operator that runs code outside the model');
    } else if (message === 'Entry') {
      this.entry(number, text);
    }
  }

  /** Throws for what no single field decides. */
  requireKnown(): void {
    if (!this.hasGraph) {
      throw notOnnx();
    }
    if (this.external) {
      throw this.external;
    }
    if ([...this.foreign].some((domain) => !DOMAINS.has(domain) && !this.ownDomains.has(domain))) {
      throw new ScanStop(SCAN_CODES.OPERATOR, 'unknown', 'ONNX operators of which nothing is known');
    }
  }

  private domain(domains: Set<string>, text: string | undefined): void {
    if (text === undefined || text.length > 256 || domains.size > 1000) {
      throw notOnnx();
    }
    domains.add(text);
  }

  /** Where a tensor's data lies: `location` is a path beside the model, and must not lead away from there. */
  private entry(number: number, text: string | undefined): void {
    this.external ??= externalData();
    if (number === 1) {
      this.key = text;
    } else if (this.key === 'location' && (text === undefined || leadsAway(text))) {
      throw new ScanStop(SCAN_CODES.EXTERNAL, 'unsafe', 'an ONNX model that reads a file outside its folder');
    }
  }
}

function leadsAway(path: string): boolean {
  return /^[/\\~]|^[A-Za-z]:|:\/\/|\0/.test(path) || path.split(/[/\\]/).includes('..');
}

function externalData(): ScanStop {
  return new ScanStop(SCAN_CODES.EXTERNAL, 'unknown', 'an ONNX model whose data lies in another file');
}
