import { type GraphResource, Opaque, type TemplateGraph, textOf, valueOfJson } from '../../../analysis';
import { rule } from '../../define-rule';
import { mustBe, unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Verdict, type Violation } from '../../rule';
import { unboundedParts } from './request-schema';

const METHOD = 'AWS::ApiGateway::Method';
const MODEL = 'AWS::ApiGateway::Model';
const VALIDATOR = 'AWS::ApiGateway::RequestValidator';

/** Models that every REST API has and that accept anything (API Gateway Developer Guide, "Data models"). */
const BUILT_IN = ['Empty', 'Error'];

/** A body is checked against a model that bounds its every part before it reaches the AI system. */
export const apiValidated = rule({
  id: 'ApiValidated',
  scope: 'ai',
  appliesTo: [METHOD, MODEL, VALIDATOR],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.4', 'A.9.2'],
  crosswalk: { nist80053: ['SI-10'], owasp: ['LLM01:2025', 'LLM10:2025'], atlas: ['AML.T0051'] },
  why: 'A body of any size and form carries injected instructions and makes one request cost as much as thousands.',
  fix: 'Give the method a body validator and a model with additionalProperties false and maxLength on every text.',
  claims: ['RequestValidatorId', 'RequestModels', 'ValidateRequestBody', 'Schema'],
  beyondGuard: 'method, validator and model are resources of their own, and a schema nests to any depth',
  check: (resource, graph) => JUDGES[resource.type]?.(resource, graph),
  compliant: example(
    { ValidateRequestBody: true },
    { type: 'object', additionalProperties: false, properties: { prompt: { type: 'string', maxLength: 4096 } } },
  ),
  nonCompliant: example({ ValidateRequestParameters: true }, { type: 'object' }),
});

const JUDGES: Readonly<Record<string, (resource: GraphResource, graph: TemplateGraph) => Verdict>> = {
  [METHOD]: (method) => (takesBody(method) ? methodFaults(method) : undefined),
  [MODEL]: (model, graph) => (bodies(graph).models.has(model) ? schemaFaults(model) : undefined),
  [VALIDATOR]: (validator, graph) =>
    bodies(graph).validators.has(validator) ? mustBe(validator, 'ValidateRequestBody', true) : undefined,
};

/** What API Gateway answers by itself reaches nothing. */
function takesBody({ properties: { HttpMethod, Integration } }: GraphResource): boolean {
  const isMock = (Integration as { Type?: unknown } | null | undefined)?.Type === 'MOCK';
  return ['ANY', 'PATCH', 'POST', 'PUT'].includes(textOf(HttpMethod)) && !isMock;
}

function methodFaults({ properties: { RequestModels, RequestValidatorId } }: GraphResource): Violation[] {
  const models = RequestModels instanceof Opaque ? [RequestModels] : Object.values(RequestModels ?? {});
  const accepted = models.filter((model) => BUILT_IN.includes(textOf(model)));
  if (RequestValidatorId === undefined) {
    return [violation('RequestValidatorId', 'found no validator of the body')];
  }
  return [
    ...(models.length === 0 ? [violation('RequestModels', 'found no model of the body')] : []),
    ...accepted.map((model) => violation('RequestModels', `found the model ${model}, which accepts any body`)),
  ];
}

function schemaFaults({ properties: { Schema } }: GraphResource): Violation[] {
  const schema = valueOfJson(Schema);
  return schema instanceof Opaque
    ? [unresolved('Schema', schema)]
    : unboundedParts(schema).map((part) => violation('Schema', part));
}

interface Bodies {
  readonly models: ReadonlySet<GraphResource>;
  readonly validators: ReadonlySet<GraphResource>;
}

/** Models and validators that some method uses for a body: others describe answers, or check parameters. */
function bodies(graph: TemplateGraph): Bodies {
  return graph.once('bodies of requests', () => findBodies(graph));
}

function findBodies(graph: TemplateGraph): Bodies {
  const methods = graph.ofType(METHOD).filter(takesBody);
  const models = methods.flatMap(({ properties: { RequestModels } }) => Object.values(RequestModels ?? {}));
  return {
    models: new Set(models.flatMap((name) => named(graph, MODEL, name))),
    validators: new Set(methods.flatMap(({ properties }) => named(graph, VALIDATOR, properties.RequestValidatorId))),
  };
}

/** By what Ref gives, or by the name that the template sets. */
function named(graph: TemplateGraph, type: string, name: unknown): GraphResource[] {
  return [graph.withName(type, name), ...graph.where(type, 'Name', name)].flatMap((found) => found ?? []);
}

function example(validator: object, Schema: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return {
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Tags } },
    Method: {
      Type: METHOD,
      Properties: {
        HttpMethod: 'POST',
        RequestValidatorId: { Ref: 'Validator' },
        RequestModels: { 'application/json': { Ref: 'Model' } },
      },
    },
    Validator: { Type: VALIDATOR, Properties: validator },
    Model: { Type: MODEL, Properties: { Schema } },
  };
}
