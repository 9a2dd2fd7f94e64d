import { type GraphResource, Opaque, perResource, type TemplateGraph, textOf } from '../../../analysis';
import { asList, valueAt } from '../../expect';
import { mayShareStage, onceByStage } from './same-stage';

/** What a trail of the assembly records of one kind of event. */
export interface EventSelector {
  /** Its place among the selectors of its trail. */
  readonly at: string;
  /** `Management`, `Data` or `NetworkActivity`. @default undefined - the selector does not say */
  readonly category?: string;
  /** Resource types whose data events it records. */
  readonly types: readonly string[];
  /** Whether it takes only reads, only writes, or only some calls. */
  readonly partial: boolean;
  /** Whether it takes events of every resource of its types. */
  readonly ofAnyResource: boolean;
  /** Whether it takes events of the resource with this ARN. */
  readonly takes: (arn: string) => boolean;
}

/** Selectors of a trail, of the advanced and of the older form; without any, a trail records management events. */
export const selectorsOf = perResource(({ AdvancedEventSelectors, EventSelectors }): readonly EventSelector[] => {
  const advanced = listAt(AdvancedEventSelectors);
  const basic = listAt(EventSelectors);
  if (advanced.length + basic.length === 0) {
    return [MANAGEMENT];
  }
  return [...advanced.map(advancedSelector), ...basic.flatMap(basicSelectors)];
});

/** The selectors of a trail that only a deployment knows. */
export function opaqueSelectorsOf({ properties }: GraphResource): Opaque | undefined {
  return [properties.AdvancedEventSelectors, properties.EventSelectors].find((value) => value instanceof Opaque);
}

/** Whether some trail of the bucket's stage records both reads and writes of its objects. */
export function recordsObjectsOf(bucket: GraphResource, graph: TemplateGraph): boolean {
  return objectSelectors(bucket, graph).some(({ takes }) => takes(`${bucket.arn}/`));
}

/** Selectors of all calls on objects; one that takes the objects of any bucket stands for the rest. */
const objectSelectors = onceByStage('selectors of objects', (bucket, graph): readonly EventSelector[] => {
  const selectors = graph
    .ofType('AWS::CloudTrail::Trail')
    .filter((trail) => mayShareStage(trail, bucket))
    .flatMap(selectorsOf)
    .filter(({ types, partial }) => types.includes('AWS::S3::Object') && !partial);
  const ofAny = selectors.find(({ ofAnyResource }) => ofAnyResource);
  return ofAny ? [ofAny] : selectors;
});

const MANAGEMENT: EventSelector = {
  ...{ at: '', category: 'Management', types: [], partial: false, ofAnyResource: true },
  takes: () => true,
};

function listAt(value: unknown): unknown[] {
  return value instanceof Opaque ? [] : asList(value);
}

function advancedSelector(selector: unknown, index: number): EventSelector {
  const fields = asList(valueAt(selector, 'FieldSelectors'));
  const ofField = (name: string) => fields.filter((field) => valueAt(field, 'Field') === name);
  const equal = (name: string) => ofField(name).flatMap((field) => texts(field, 'Equals'));
  const resources = ofField('resources.ARN');
  return {
    at: `AdvancedEventSelectors.${index}`,
    category: equal('eventCategory')[0],
    types: equal('resources.type'),
    partial: ['readOnly', 'eventName'].some((name) => equal(name).length > 0),
    ofAnyResource: resources.length === 0,
    takes: (arn) => resources.every((field) => fieldTakes(field, arn)),
  };
}

/** Whether a condition on ARNs leaves all objects of a bucket in. `arn` ends in a slash, as a prefix of its objects does. */
function fieldTakes(field: unknown, arn: string): boolean {
  const [equals, starts, notEquals, notStarts] = ['Equals', 'StartsWith', 'NotEquals', 'NotStartsWith'].map(
    (operator) => texts(field, operator),
  );
  const included = equals.length === 0 && (starts.length === 0 || starts.some((prefix) => arn.startsWith(prefix)));
  const excluded = [...notEquals, ...notStarts].some((prefix) => prefix.startsWith(arn) || arn.startsWith(prefix));
  return included && !excluded;
}

function basicSelectors(selector: unknown, index: number): EventSelector[] {
  const at = `EventSelectors.${index}`;
  const partial = !['All', 'undefined'].includes(textOf(valueAt(selector, 'ReadWriteType')));
  const management = textOf(valueAt(selector, 'IncludeManagementEvents')) !== 'false';
  const data = asList(valueAt(selector, 'DataResources')).map((resource) => ({
    at,
    partial,
    category: 'Data',
    types: [textOf(valueAt(resource, 'Type'))],
    ofAnyResource: texts(resource, 'Values').some((value) => /^arn:[^:]*:s3(:::)?$/.test(value)),
    takes: (arn: string) => texts(resource, 'Values').some((value) => arn.startsWith(value)),
  }));
  return management ? [{ ...MANAGEMENT, at, partial }, ...data] : data;
}

function texts(holder: unknown, property: string): string[] {
  return asList(valueAt(holder, property)).map(textOf);
}
