import { type GraphResource, Opaque } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, unresolved, valueAt, violation } from '../../expect';
import { is, isBetween, isOwnKey, isSet } from '../../requirements';
import { ERROR_FROM_LIMITED, type Violation } from '../../rule';
import { tierOf } from '../../tags';
import { asOne } from '../structure';
import { isRealTime } from './endpoint-config';

const CONFIG = 'DataCaptureConfig';
const OPTIONS = 'DataCaptureConfig.CaptureOptions';
const SAMPLING = 'DataCaptureConfig.InitialSamplingPercentage';

/** Percentages of requests to record. A sample shows drift; who was decided on by a high-impact system needs them all. */
const LEAST_SAMPLING = 10;
const FULL_SAMPLING = 100;

const CAPTURED = [
  is('DataCaptureConfig.EnableCapture', true),
  isSet('DataCaptureConfig.DestinationS3Uri'),
  isOwnKey('DataCaptureConfig.KmsKeyId'),
];

/** A real-time endpoint records what it was asked and what it answered. */
export const sageMakerEndpointDataCapture = rule({
  id: 'SageMakerEndpointDataCapture',
  appliesTo: ['AWS::SageMaker::EndpointConfig'],
  detects: true,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.8', 'A.6.2.6'],
  crosswalk: {
    nist80053: ['AU-2', 'AU-12', 'SI-4'],
    nistAiRmf: ['MEASURE 2.4', 'MANAGE 4.1'],
    euAiAct: ['Art. 12', 'Art. 19', 'Art. 26', 'Art. 72'],
    atlas: ['AML.T0024'],
  },
  why: 'SageMaker keeps no record of InvokeEndpoint, so without capture nobody can explain a contested decision, see drift or notice extraction.',
  fix: 'Set DataCaptureConfig with EnableCapture, Input and Output, a customer managed key and a sampling of 100 % for high impact, at least 10 % else.',
  claims: [...CAPTURED.flatMap(({ claims }) => claims), OPTIONS, SAMPLING],
  beyondGuard: 'how much must be captured depends on the impact tier, and one option may stand for both directions',
  check: (config) => (isRealTime(config) ? judge(config) : undefined),
  compliant: {
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: {
        DataCaptureConfig: {
          EnableCapture: true,
          InitialSamplingPercentage: 100,
          DestinationS3Uri: 's3://captures',
          KmsKeyId: 'key',
          CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
        },
      },
    },
  },
  nonCompliant: {
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: { ProductionVariants: [{ ModelName: 'model', InstanceType: 'ml.m5.large' }] },
    },
  },
});

function judge(config: GraphResource): Violation[] {
  const faults = [...CAPTURED, samplingOf(config)].flatMap((asked) => asked.judge(config.properties, ''));
  const all = [...faults, ...directions(config)];
  return propertyOf(config, CONFIG) === undefined ? asOne(CONFIG, all) : all;
}

function samplingOf(config: GraphResource) {
  return isBetween(SAMPLING, { min: tierOf(config) === 'high' ? FULL_SAMPLING : LEAST_SAMPLING });
}

function directions(config: GraphResource): Violation[] {
  const options = propertyOf(config, OPTIONS);
  const modes = asList(options).map((option) => valueAt(option, 'CaptureMode'));
  const unknown = [options, ...modes].find((value) => value instanceof Opaque);
  const missing = ['Input', 'Output'].filter((mode) => !modes.includes(mode) && !modes.includes('InputAndOutput'));
  if (missing.length === 0) {
    return [];
  }
  return unknown instanceof Opaque
    ? [unresolved(OPTIONS, unknown)]
    : [violation(OPTIONS, `found no capture of ${missing.join(' and ')}`)];
}
