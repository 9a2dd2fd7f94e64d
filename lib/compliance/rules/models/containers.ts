import type { GraphResource } from '../../../analysis';
import { asList, propertyOf } from '../../expect';

/** Where each type describes the containers that serve a model; `*` stands for every item of a list. */
export const CONTAINERS: Readonly<Record<string, readonly string[]>> = {
  'AWS::SageMaker::Model': ['PrimaryContainer', 'Containers.*'],
  'AWS::SageMaker::ModelPackage': ['InferenceSpecification.Containers.*'],
};

/** Dotted paths of the containers that a resource describes. */
export function containersOf(resource: GraphResource): string[] {
  return CONTAINERS[resource.type].flatMap((path) => placesOf(resource, path));
}

/** Paths of what is there at a path in which `*` stands for every item of a list. */
export function placesOf(resource: GraphResource, path: string): string[] {
  const [list, rest] = path.split('.*');
  const found = propertyOf(resource, list);
  if (found === undefined) {
    return [];
  }
  return rest === undefined ? [path] : asList(found).map((_, index) => `${list}.${index}${rest}`);
}
