import { field, message, number, text } from '../../../support/protobuf';
import type { Weights } from './train';

/*
 * As much of onnx.proto (ONNX 1.16, IR version 8) as a network of two layers needs, written as protocol buffers.
 */

interface Network {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  readonly weights: Weights;
}

const FLOAT = 1;

/** ModelProto of MatMul, Add, Relu, MatMul, Add, Softmax. */
export function onnxModel({ inputs, hidden, outputs, weights }: Network): Uint8Array {
  const nodes: [string, string[], string][] = [
    ['MatMul', ['signs', 'w1'], 'a'],
    ['Add', ['a', 'b1'], 'b'],
    ['Relu', ['b'], 'c'],
    ['MatMul', ['c', 'w2'], 'd'],
    ['Add', ['d', 'b2'], 'e'],
    ['Softmax', ['e'], 'urgency'],
  ];
  const graph = message(
    ...nodes.map(([type, from, to]) =>
      field(1, message(...from.map((name) => text(1, name)), text(2, to), text(4, type))),
    ),
    text(2, 'triage'),
    field(5, tensor('w1', [inputs, hidden], weights.hidden)),
    field(5, tensor('b1', [hidden], weights.hiddenBias)),
    field(5, tensor('w2', [hidden, outputs], weights.output)),
    field(5, tensor('b2', [outputs], weights.outputBias)),
    field(11, value('signs', inputs)),
    field(12, value('urgency', outputs)),
  );
  const opset = message(text(1, ''), number(2, 13));
  return message(number(1, 8), text(2, 'palisade'), field(7, graph), field(8, opset));
}

function tensor(name: string, dimensions: number[], values: Float32Array): Buffer {
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return message(...dimensions.map((size) => number(1, size)), number(2, FLOAT), text(8, name), field(9, raw));
}

/** Any number of rows of so many floats. */
function value(name: string, width: number): Buffer {
  const shape = message(field(1, text(2, 'n')), field(1, number(1, width)));
  const type = message(field(1, message(number(1, FLOAT), field(2, shape))));
  return message(text(1, name), field(2, type));
}
