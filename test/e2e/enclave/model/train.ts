import { onnxModel } from './onnx';

/*
 * A small real model: urgency of a patient (routine, urgent, emergency) by eight vital signs, learned from generated
 * patients. Two layers, trained by gradient descent; the same bytes every time, since nothing in it is random.
 */

/** What the model sees, in this order; each as its distance from what is usual. */
export const VITAL_SIGNS = [
  'temperature',
  'heart rate',
  'respiratory rate',
  'systolic pressure',
  'oxygen saturation',
  'pain',
  'age',
  'consciousness',
] as const;

const HIDDEN = 16;
const CLASSES = 3;
const PATIENTS = 1000;
const ROUNDS = 200;
const RATE = 1;

/** Weights of both layers, row by row: inputs to outputs. */
export interface Weights {
  readonly hidden: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly output: Float32Array;
  readonly outputBias: Float32Array;
}

/** A linear congruential generator (Numerical Recipes, 7.1): numbers from 0 to 1, the same on every machine. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a sign above the usual adds to the urgency of the generated patients. */
const DANGER = [0.6, 0.8, 1, -0.7, -1.2, 0.3, 0.4, -1.1];

/** Vital signs from -2 to 2, and how urgent they are. */
function patients(): { signs: number[][]; urgency: number[] } {
  const random = generator(42);
  const signs = Array.from({ length: PATIENTS }, () => VITAL_SIGNS.map(() => random() * 4 - 2));
  const urgency = signs.map((row) => {
    const score = row.reduce((sum, value, index) => sum + value * DANGER[index], 0);
    return score > 2 ? 2 : score > 0 ? 1 : 0;
  });
  return { signs, urgency };
}

/** Trains. */
export function train(): Weights {
  const { signs, urgency } = patients();
  const random = generator(7);
  const inputs = VITAL_SIGNS.length;
  const start = (length: number, scale: number) => Float64Array.from({ length }, () => (random() - 0.5) * scale);
  const [w1, b1] = [start(inputs * HIDDEN, 1.2), new Float64Array(HIDDEN)];
  const [w2, b2] = [start(HIDDEN * CLASSES, 1.2), new Float64Array(CLASSES)];
  for (let round = 0; round < ROUNDS; round += 1) {
    const gradients = [w1, b1, w2, b2].map(({ length }) => new Float64Array(length));
    const [g1, gb1, g2, gb2] = gradients;
    signs.forEach((row, patient) => {
      const hidden = layer(row, w1, b1).map((value) => Math.max(0, value));
      const probabilities = softmax(layer(hidden, w2, b2));
      const error = probabilities.map((value, index) => value - Number(index === urgency[patient]));
      const back = hidden.map((value, index) =>
        value > 0 ? error.reduce((sum, e, out) => sum + e * w2[index * CLASSES + out], 0) : 0,
      );
      accumulate(g2, gb2, hidden, error);
      accumulate(g1, gb1, row, back);
    });
    [w1, b1, w2, b2].forEach((weights, index) => {
      for (let i = 0; i < weights.length; i += 1) {
        weights[i] -= (RATE * gradients[index][i]) / PATIENTS;
      }
    });
  }
  const [hidden, hiddenBias, output, outputBias] = [w1, b1, w2, b2].map((weights) => Float32Array.from(weights));
  return { hidden, hiddenBias, output, outputBias };
}

/** Probabilities of routine, urgent and emergency, by the weights themselves. */
export function predict({ hidden, hiddenBias, output, outputBias }: Weights, signs: readonly number[]): number[] {
  return softmax(
    layer(
      layer(signs, hidden, hiddenBias).map((value) => Math.max(0, value)),
      output,
      outputBias,
    ),
  );
}

/** Share of the generated patients that the model puts where they belong. */
export function accuracy(weights: Weights): number {
  const { signs, urgency } = patients();
  const right = signs.filter((row, patient) => {
    const probabilities = predict(weights, row);
    return probabilities.indexOf(Math.max(...probabilities)) === urgency[patient];
  });
  return right.length / signs.length;
}

/** The model as an ONNX file: input `signs` [n, 8], output `urgency` [n, 3]. */
export function modelFile(weights: Weights): Uint8Array {
  return onnxModel({ inputs: VITAL_SIGNS.length, hidden: HIDDEN, outputs: CLASSES, weights });
}

function layer(row: readonly number[], weights: ArrayLike<number>, bias: ArrayLike<number>): number[] {
  return Array.from(bias, (start, out) =>
    row.reduce((sum, value, index) => sum + value * weights[index * bias.length + out], start),
  );
}

function softmax(values: readonly number[]): number[] {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

function accumulate(weights: Float64Array, bias: Float64Array, row: readonly number[], error: readonly number[]): void {
  error.forEach((e, out) => {
    bias[out] += e;
    row.forEach((value, index) => {
      weights[index * error.length + out] += value * e;
    });
  });
}
