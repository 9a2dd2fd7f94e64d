import { type CanonicalValue, canonicalJson } from '../integrity';
import { fault } from './fault';
import { licenceOf } from './licence';
import type { PinnedModel } from './pin';
import { checkBill } from './read';

/** Versions of CycloneDX that are written. */
export type BillVersion = '1.6' | '1.7';

/** A dataset that a model learned from. */
export interface BillDataset {
  readonly name: string;
  readonly version: string;
  /** Root of its seal, in small hexadecimal digits. */
  readonly sha256: string;
  /** As the organization classifies data. @default - not stated */
  readonly classification?: string;
}

/** A library that trained a model, or runs it. */
export interface BillLibrary {
  readonly name: string;
  readonly version: string;
  /** Package URL, such as `pkg:pypi/xgboost@1.7.6`. */
  readonly purl: string;
  /** SPDX identifier or expression, or another name. @default - not stated */
  readonly licence?: string;
}

/** How a model was made. */
export interface BillTraining {
  /** Id of the run. */
  readonly run: string;
  /** Commit of the code. */
  readonly commit: string;
  /** Image by digest: `<repository URI>@sha256:<hex>`. What libraries are in it is said by its own bill. */
  readonly image: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly seeds: Readonly<Record<string, number>>;
}

/** What a model is made of. */
export interface ModelBill {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the artifact, in small hexadecimal digits. */
  readonly sha256: string;
  /** What it does: `classification`. @default - not stated */
  readonly task?: string;
  /** Results of its evaluation, by metric. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly datasets: readonly BillDataset[];
  readonly libraries: readonly BillLibrary[];
  /** Models that it started from. */
  readonly pretrained: readonly PinnedModel[];
  readonly training: BillTraining;
  /** When this was written. @default - not stated, so that the same run gives the same bill */
  readonly time?: Date;
}

/**
 * Writes an ML-BOM: CycloneDX JSON with the model, what it learned from, what made it, and how. The same bill gives the same text.
 *
 * Throws PALISADE-S040 for a part that CycloneDX does not take, such as a digest that is none, and for a metric or a time that is none;
 * S041 for two parts of one name.
 */
export function billOfMaterials(bill: ModelBill, version: BillVersion = '1.6'): string {
  requireNumbers(bill);
  const parts = [
    ...bill.pretrained.map(pretrained),
    ...bill.datasets.map(dataset),
    container(bill.training.image),
    ...bill.libraries.map(library),
  ];
  const value = {
    bomFormat: 'CycloneDX',
    specVersion: version,
    version: 1,
    metadata: { ...(bill.time && { timestamp: bill.time.toISOString() }), component: model(bill) },
    components: parts,
    dependencies: [{ ref: refOf('model', bill), dependsOn: parts.map((part) => part['bom-ref']).sort() }],
    formulation: [formula(bill)],
  };
  checkBill(value);
  return canonicalJson(value as unknown as CanonicalValue);
}

/** Text takes any number; a bill has to say one. */
function requireNumbers({ metrics, time }: ModelBill): void {
  const odd = Object.entries(metrics).find(([, value]) => !Number.isFinite(value));
  if (odd) {
    throw fault(
      'S040',
      `bill of materials: metric ${odd[0]}`,
      `is ${odd[1]}`,
      'state what was measured, or leave it out',
    );
  }
  if (time && Number.isNaN(time.getTime())) {
    throw fault('S040', 'bill of materials: time', 'is none', 'state when the bill is written, or leave it out');
  }
}

interface Named {
  readonly name: string;
  readonly version: string;
}

function refOf(kind: string, { name, version }: Named): string {
  return `${kind}:${name}@${version}`;
}

function sha256(content: string) {
  return [{ alg: 'SHA-256', content }];
}

function model(bill: ModelBill) {
  return {
    type: 'machine-learning-model',
    'bom-ref': refOf('model', bill),
    name: bill.name,
    version: bill.version,
    hashes: sha256(bill.sha256),
    modelCard: {
      modelParameters: {
        ...(bill.task && { task: bill.task }),
        datasets: bill.datasets.map((each) => ({ ref: refOf('data', each) })),
      },
      quantitativeAnalysis: {
        performanceMetrics: Object.entries(bill.metrics).map(([type, value]) => ({ type, value: String(value) })),
      },
    },
  };
}

function pretrained(pin: PinnedModel) {
  return {
    type: 'machine-learning-model',
    'bom-ref': refOf('pretrained', pin),
    name: pin.name,
    version: pin.version,
    hashes: sha256(pin.sha256),
    licenses: [licenceOf(pin.licence)],
    externalReferences: [{ type: 'distribution', url: pin.source, hashes: sha256(pin.sha256) }],
  };
}

function dataset(data: BillDataset) {
  return {
    type: 'data',
    'bom-ref': refOf('data', data),
    name: data.name,
    version: data.version,
    hashes: sha256(data.sha256),
    data: [{ type: 'dataset', name: data.name, ...(data.classification && { classification: data.classification }) }],
  };
}

function library({ name, version, purl, licence }: BillLibrary) {
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    ...(licence && { licenses: [licenceOf(licence)] }),
  };
}

function container(image: string) {
  const [name, digest = ''] = image.split('@sha256:');
  return {
    type: 'container',
    'bom-ref': `container:${image}`,
    name,
    version: `sha256:${digest}`,
    hashes: sha256(digest),
  };
}

/** One workflow: the run, with everything that another run needs to give the same model. */
function formula({ training, datasets, ...bill }: ModelBill) {
  const parameters = [
    ...Object.entries(training.hyperparameters).map(([name, value]) => ({ name, value, dataType: 'hyperparameter' })),
    ...Object.entries(training.seeds).map(([name, value]) => ({ name, value: String(value), dataType: 'seed' })),
  ];
  return {
    'bom-ref': `formula:${training.run}`,
    workflows: [
      {
        'bom-ref': `workflow:${training.run}`,
        uid: training.run,
        name: 'training',
        taskTypes: ['build'],
        inputs: [
          ...bill.pretrained.map((each) => ({ resource: { ref: refOf('pretrained', each) } })),
          ...datasets.map((each) => ({ resource: { ref: refOf('data', each) } })),
          { resource: { ref: `container:${training.image}` } },
          { parameters: parameters.length > 0 ? parameters : [{ name: 'none' }] },
        ],
        outputs: [{ type: 'artifact', resource: { ref: refOf('model', bill) } }],
        properties: [{ name: 'palisade:commit', value: training.commit }],
      },
    ],
  };
}
