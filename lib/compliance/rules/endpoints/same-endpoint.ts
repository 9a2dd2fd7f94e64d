import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { propertyOf } from '../../expect';

/** Names by which others in the assembly may mean an endpoint: its name, its ARN, and the value that it was given. */
export function namesOf(endpoint: GraphResource): string[] {
  const given = propertyOf(endpoint, 'EndpointName');
  return [endpoint.name, endpoint.arn, ...(given === undefined ? [] : [nameIn(endpoint, given)])];
}

/** A name as a key. What only a deployment knows, such as a parameter, is the same within one stack only. */
export function nameIn({ stack }: GraphResource, name: unknown): string {
  return name instanceof Opaque ? `${stack} ${name}` : textOf(name);
}
