import type { GraphResource } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { propertyOf, violation } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';
import { containersOf } from './containers';

const ARTIFACTS = ['ModelDataUrl', 'ModelDataSource'];

/** In production, a model comes from the registry: with version, metrics and approval. */
export const sageMakerModelFromRegistry = rule({
  id: 'SageMakerModelFromRegistry',
  appliesTo: ['AWS::SageMaker::Model'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.5', 'A.6.2.4'],
  crosswalk: {
    nist80053: ['CM-3', 'CM-14', 'SR-11'],
    nistAiRmf: ['MANAGE 1.1'],
    euAiAct: ['Art. 9'],
    atlas: ['AML.T0010', 'AML.T0018'],
  },
  why: 'Whoever can write the object in S3 replaces the model in production, without version, evaluation or approval.',
  fix: 'Register the model and set ModelPackageName to its approved version instead of naming artifacts in S3.',
  appliesWhen: [inProduction],
  claims: ['PrimaryContainer.ModelPackageName', 'Containers.*.ModelPackageName'],
  beyondGuard: 'a container without artifacts, such as one that only transforms requests, needs no registered model',
  check: (model) => {
    const serving = containersOf(model).filter((at) => servesModel(model, at));
    return serving.length === 0
      ? undefined
      : serving
          .filter((at) => !has(model, at, 'ModelPackageName'))
          .map((at) => violation(`${at}.ModelPackageName`, `found ${sourceOf(model, at)}, expected a model package`));
  },
  compliant: {
    Model: {
      Type: 'AWS::SageMaker::Model',
      Properties: {
        PrimaryContainer: { ModelPackageName: 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/m/1' },
      },
    },
  },
  nonCompliant: {
    Model: {
      Type: 'AWS::SageMaker::Model',
      Properties: { PrimaryContainer: { Image: 'image', ModelDataUrl: 's3://models/model.tar.gz' } },
    },
  },
});

/** A container with an image and no artifacts brings no model of its own; one with neither would serve nothing. */
function servesModel(model: GraphResource, at: string): boolean {
  return ['ModelPackageName', ...ARTIFACTS].some((name) => has(model, at, name)) || !has(model, at, 'Image');
}

function sourceOf(model: GraphResource, at: string): string {
  return ARTIFACTS.find((name) => has(model, at, name)) ?? 'no model';
}

function has(model: GraphResource, at: string, name: string): boolean {
  return propertyOf(model, `${at}.${name}`) !== undefined;
}
