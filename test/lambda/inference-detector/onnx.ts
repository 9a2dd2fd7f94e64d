import { field, message, number, text } from '../../support/protobuf';

/*
 * As much of onnx.proto (ONNX 1.16, IR version 8) as a classifier of texts needs that looks at single words, written as protocol buffers.
 */

const FLOAT = 1;
const INT64 = 7;

/** ModelProto of Gather and ReduceMax: the logits of a text are the highest that any of its words has. */
export function classifierModel(words: readonly (readonly number[])[], inputs: readonly string[]): Uint8Array {
  const classes = words[0].length;
  const graph = message(
    field(1, node('Gather', ['words', 'input_ids'], 'each')),
    field(1, node('ReduceMax', ['each'], 'logits', ints('axes', 1), int('keepdims', 0))),
    text(2, 'classifier'),
    field(5, message(number(1, words.length), number(1, classes), number(2, FLOAT), text(8, 'words'), floats(words))),
    ...inputs.map((name) => field(11, value(name, INT64, ['batch', 'length']))),
    field(12, value('logits', FLOAT, ['batch', 'classes'])),
  );
  const opset = message(text(1, ''), number(2, 13));
  return message(number(1, 8), text(2, 'palisade'), field(7, graph), field(8, opset));
}

function node(type: string, from: string[], to: string, ...attributes: Buffer[]): Buffer {
  return message(
    ...from.map((name) => text(1, name)),
    text(2, to),
    text(4, type),
    ...attributes.map((a) => field(5, a)),
  );
}

function int(name: string, content: number): Buffer {
  return message(text(1, name), number(3, content), number(20, 2));
}

function ints(name: string, content: number): Buffer {
  return message(text(1, name), number(8, content), number(20, 7));
}

function floats(words: readonly (readonly number[])[]): Buffer {
  return field(9, Buffer.from(Float32Array.from(words.flat()).buffer));
}

function value(name: string, type: number, sizes: string[]): Buffer {
  const shape = message(...sizes.map((size) => field(1, text(2, size))));
  return message(text(1, name), field(2, message(field(1, message(number(1, type), field(2, shape))))));
}
