import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { type ClassifierSettings, loadClassifier } from './classifier';

/** Asks for one text; is answered by a score, or by what went wrong. */
export interface Asked {
  readonly id: number;
  readonly text: string;
}

/** The first message has no id: it says whether the model is loaded. */
export type Answered = { readonly id?: number } & ({ readonly score: number } | { readonly error: string });

/* A thread beside the gateway, since a model that computes lets nothing else happen in its own. One text at a time. */

const classifier = loadClassifier(workerData as ClassifierSettings, createRequire(__filename));
const answer = (answered: Answered) => parentPort?.postMessage(answered);

classifier.then(
  () => answer({ score: 0 }),
  (error: Error) => answer({ error: error.message }),
);

let last: Promise<unknown> = classifier;
parentPort?.on('message', ({ id, text }: Asked) => {
  last = last
    .catch(() => {})
    .then(async () => answer({ id, score: await (await classifier)(text) }))
    .catch((error: Error) => answer({ id, error: error.message }));
});
