/** A line as SageMaker writes it, with changes to what it captured. */
export function line(input: string, output: string, changes: { input?: object; output?: object } = {}): string {
  const side = { observedContentType: 'text/csv', encoding: 'CSV' };
  return JSON.stringify({
    captureData: {
      endpointInput: { ...side, mode: 'INPUT', data: input, ...changes.input },
      endpointOutput: { ...side, mode: 'OUTPUT', data: output, ...changes.output },
    },
    eventMetadata: { eventId: 'a1', inferenceTime: '2026-11-25T08:00:00Z' },
    eventVersion: '0',
  });
}

/** Requests of one number each, answered with that number. */
export function lines(numbers: readonly number[]): string[] {
  return numbers.map((number) => line(`${number}`, `${number}`));
}

/** Whole numbers from `first`. */
export function range(length: number, first = 0): number[] {
  return Array.from({ length }, (_, index) => first + index);
}
