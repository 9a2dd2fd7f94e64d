import type { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { type AiService, DATA_EVENT_TYPES } from './ai-service';

type Selector = CfnTrail.AdvancedEventSelectorProperty;
type Field = CfnTrail.AdvancedFieldSelectorProperty;

/** All management events, read and write, of every service. */
export function managementEvents(): Selector {
  return selector('Management', 'Management events');
}

/** One selector per resource type, because CloudTrail takes exactly one type in each. */
export function serviceEvents(services: readonly AiService[]): Selector[] {
  const types = new Set(services.flatMap((service) => DATA_EVENT_TYPES[service]));
  return [...types].map((type) => selector('Data', type, { field: 'resources.type', equalTo: [type] }));
}

/** Object calls on the buckets that `arns` describes. */
export function objectEvents(arns: Omit<Field, 'field'>): Selector {
  return selector(
    'Data',
    'Object calls',
    { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
    { field: 'resources.ARN', ...arns },
  );
}

function selector(category: string, name: string, ...fields: Field[]): Selector {
  return { name, fieldSelectors: [{ field: 'eventCategory', equalTo: [category] }, ...fields] };
}
