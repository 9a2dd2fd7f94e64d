import { createHash } from 'node:crypto';
import * as z from 'zod';
import { billOfMaterials } from '../../runtime/bill-of-materials';
import { PalisadeError } from '../../runtime/errors';
import { parseRunRequest, type WrittenRunLock, writeRunLock } from '../../runtime/training';

const EVENT = z.object({
  request: z.unknown(),
  manifestRoot: z.string().regex(/^[0-9a-f]{64}$/),
  // What the quality gate accepted. The bill checks the rest of each.
  pretrained: z
    .array(
      z.strictObject({
        name: z.string(),
        version: z.string(),
        sha256: z.string(),
        source: z.string(),
        licence: z.string(),
      }),
    )
    .default([]),
  trainingJob: z.object({ name: z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/), arn: z.string().min(1) }),
  scan: z.object({
    passed: z.literal(true),
    key: z.string().min(1),
    versionId: z.string().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().min(1),
  }),
  evaluation: z.object({ passed: z.literal(true), metrics: z.record(z.string(), z.number()).default({}) }),
  execution: z.string().min(1),
});

/** What the environment fixes for every run. */
export interface RegisterSettings {
  readonly group: string;
  readonly trainingImage: string;
  readonly inferenceImage: string;
  readonly instanceType: string;
  readonly instanceCount: number;
  /** Content types that the inference container takes and gives. */
  readonly contentTypes: string[];
}

/** A model package that waits for approval. */
export interface PendingPackage {
  readonly group: string;
  readonly image: string;
  /** S3 URI of the registered artifact. */
  readonly artifact: string;
  readonly contentTypes: string[];
  /** Metadata that approval and deployment check. */
  readonly metadata: Record<string, string>;
  readonly commit: string;
  readonly trainingJob: string;
  /** Makes a repeated call give the same package. At most 36 characters. */
  readonly clientToken: string;
}

/** What registration does to the outside. */
export interface ModelStore {
  /** Copies one version of a training artifact to the registry and gives its S3 URI. */
  copyArtifact(source: { key: string; versionId: string }, key: string): Promise<string>;
  /** Writes a text file to the registry. */
  writeText(key: string, text: string): Promise<void>;
  /** Creates the package and gives its ARN. */
  createPackage(pending: PendingPackage): Promise<string>;
}

/** What the pipeline answers at its end. */
export interface Registration {
  readonly modelPackageArn: string;
  readonly runLockSha256: string;
  readonly billSha256: string;
  readonly artifactSha256: string;
}

/** CopyObject takes objects up to 5 GiB (Amazon S3 API Reference). */
const MAXIMUM_COPY_BYTES = 5 * 2 ** 30;

/**
 * Registers a run that passed every gate: the scanned version of the artifact, its run lock and its bill of materials beside it, and a
 * package that waits for a second person's approval. Refuses an event whose gates did not pass. Repeating it is harmless.
 *
 * Throws PALISADE-T016 for an event that is not one, PALISADE-T017 for an artifact above 5 GiB, PALISADE-S040 and S041 for parts that no
 * bill can name; nothing is written then.
 */
export async function registerModel(
  event: unknown,
  settings: RegisterSettings,
  store: ModelStore,
): Promise<Registration> {
  const run = parseEvent(event);
  const request = parseRunRequest(run.request);
  const lock = runLock(run, request, settings);
  const bill = billOf(run, request, settings);
  const billSha256 = createHash('sha256').update(bill).digest('hex');
  const folder = run.trainingJob.name;
  const artifact = await store.copyArtifact(run.scan, `${folder}/model.tar.gz`);
  await store.writeText(`${folder}/run.lock.json`, lock.text);
  await store.writeText(`${folder}/bill.cdx.json`, bill);
  const modelPackageArn = await store.createPackage({
    group: settings.group,
    image: settings.inferenceImage,
    artifact,
    contentTypes: settings.contentTypes,
    metadata: {
      'palisade:requestedBy': request.requestedBy,
      'palisade:runLockSha256': lock.sha256,
      'palisade:billSha256': billSha256,
      'palisade:artifactSha256': run.scan.sha256,
      'palisade:image': settings.inferenceImage,
      'palisade:dataset': `${request.dataset.name}/${request.dataset.version}`.slice(0, 256),
    },
    commit: request.commit,
    trainingJob: run.trainingJob.arn,
    clientToken: lock.sha256.slice(0, 32),
  });
  return { modelPackageArn, runLockSha256: lock.sha256, billSha256, artifactSha256: run.scan.sha256 };
}

type RegisterEvent = z.infer<typeof EVENT>;

function runLock(
  run: RegisterEvent,
  request: ReturnType<typeof parseRunRequest>,
  settings: RegisterSettings,
): WrittenRunLock {
  return writeRunLock({
    commit: request.commit,
    image: settings.trainingImage,
    datasets: [{ ...request.dataset, manifestRoot: run.manifestRoot }],
    seeds: request.seeds,
    hyperparameters: request.hyperparameters,
    run: {
      trainingJob: run.trainingJob.arn,
      instanceType: settings.instanceType,
      instanceCount: settings.instanceCount,
    },
    artifact: { sha256: run.scan.sha256, bytes: run.scan.bytes },
  });
}

/** Without a time, so that a repeated registration writes the same bytes. */
function billOf(run: RegisterEvent, request: ReturnType<typeof parseRunRequest>, settings: RegisterSettings): string {
  return billOfMaterials({
    name: settings.group,
    version: run.trainingJob.name,
    sha256: run.scan.sha256,
    metrics: run.evaluation.metrics,
    datasets: [{ ...request.dataset, sha256: run.manifestRoot }],
    libraries: [],
    pretrained: run.pretrained,
    training: {
      run: run.trainingJob.name,
      commit: request.commit,
      image: settings.trainingImage,
      hyperparameters: request.hyperparameters,
      seeds: request.seeds,
    },
  });
}

function parseEvent(event: unknown): RegisterEvent {
  const result = EVENT.safeParse(event);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new PalisadeError({
      code: 'PALISADE-T016',
      where: `event.${issue.path.join('.')}`,
      problem: issue.message,
      fix: 'register through the pipeline, after every gate has passed',
    });
  }
  if (result.data.scan.bytes > MAXIMUM_COPY_BYTES) {
    throw new PalisadeError({
      code: 'PALISADE-T017',
      where: result.data.scan.key,
      problem: `${result.data.scan.bytes} bytes, at most ${MAXIMUM_COPY_BYTES} can be registered`,
      fix: 'train a smaller model, or save it with fewer bits per weight',
    });
  }
  return result.data;
}
