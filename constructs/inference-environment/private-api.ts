import { Duration, Fn, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { converseSchema } from '../../runtime/gateway/protocols/converse';
import { chatCompletionSchema } from '../../runtime/gateway/protocols/openai';
import { REQUEST_SCHEMA } from '../../runtime/gateway/protocols/palisade';
import type { Schema } from '../../runtime/gateway/schema';
import type { PurposeKey } from '../key-ring';
import { SecureLogGroup } from '../workload';
import { ApiFirewall } from './api-firewall';

/** Properties of a private API. */
export interface PrivateApiProps {
  /** Answers. */
  readonly handler: lambda.IFunction;
  /** The one endpoint through which the API can be reached. */
  readonly endpoint: ec2.IVpcEndpoint;
  /** Encrypts the logs. */
  readonly logKey: PurposeKey;
  /** @default RetentionDays.SIX_MONTHS - EU AI Act, Article 26(6) */
  readonly logRetention?: logs.RetentionDays;
  /** Of the logs. DESTROY deletes them with the stack. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
  /** Calls a second, on average. */
  readonly rateLimit: number;
  /** Calls at once. */
  readonly burstLimit: number;
  /** Name of the API, one per account and Region: its metrics are kept under it. */
  readonly name: string;
  /** What the API is for. */
  readonly description: string;
  /**
   * Whether callers seal what they send: then the routes are `GET /attestation` and `POST /invocations`, and nobody looks into
   * bodies. @default false - `POST /invoke`, held to a schema, and the routes that `chat` and `data` add
   */
  readonly sealed?: boolean;
  /** Whether a language model answers, which OpenAI's and Bedrock's clients may ask. @default false */
  readonly chat?: boolean;
  /** Whether those may offer tools, whose schemas no schema bounds. @default false */
  readonly tools?: boolean;
  /** Whether `POST /invocations` passes CSV and JSON of any form on to a SageMaker model. @default false */
  readonly data?: boolean;
}

/** A way in. */
interface ApiRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Name and schema of its body. @default - there is none, or it has no form */
  readonly model?: readonly [name: string, schema: Schema];
}

/** What sealed requests, sealed answers and attestation documents are: bytes, which API Gateway must leave alone. */
const SEALED_TYPES = ['application/vnd.palisade.sealed', 'application/octet-stream'];

const STAGE = 'live';

const SEALED_ROUTES: ApiRoute[] = [
  { method: 'GET', path: '/attestation' },
  { method: 'POST', path: '/invocations' },
];

/** Who called is in the audit record, under a pseudonym, so the access log does not say; and no log holds bodies. */
const ACCESS_LOG = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  vpcEndpoint: '$context.identity.vpceId',
  method: '$context.httpMethod',
  path: '$context.resourcePath',
  status: '$context.status',
  error: '$context.error.responseType',
  firewall: '$context.waf.status',
  authorization: '$context.authorize.status',
  milliseconds: '$context.responseLatency',
});

/**
 * A REST API without a public address: reachable through one VPC endpoint, with IAM authentication, a firewall,
 * throttles, requests validated against a schema, and logs without bodies.
 */
export class PrivateApi extends Construct {
  /** The API. */
  readonly api: apigateway.RestApi;
  /** ARNs of what can be called. */
  private readonly routes: string[];

  constructor(scope: Construct, id: string, props: PrivateApiProps) {
    super(scope, id);
    props.logKey.allowLogs();
    const accessLog = this.logGroup('AccessLog', props);
    this.api = new apigateway.RestApi(this, 'Api', {
      restApiName: props.name,
      description: props.description,
      endpointConfiguration: { types: [apigateway.EndpointType.PRIVATE], vpcEndpoints: [props.endpoint] },
      policy: onlyThrough(props.endpoint),
      cloudWatchRole: false,
      binaryMediaTypes: props.sealed ? SEALED_TYPES : undefined,
      deployOptions: {
        stageName: STAGE,
        accessLogDestination: new apigateway.LogGroupLogDestination(accessLog),
        accessLogFormat: apigateway.AccessLogFormat.custom(ACCESS_LOG),
        loggingLevel: apigateway.MethodLoggingLevel.ERROR,
        // Would log bodies.
        dataTraceEnabled: false,
        cachingEnabled: false,
        metricsEnabled: true,
        tracingEnabled: true,
        throttlingRateLimit: props.rateLimit,
        throttlingBurstLimit: props.burstLimit,
        clientCertificateId: new apigateway.CfnClientCertificate(this, 'Certificate').ref,
      },
    });
    this.executionLog(props);
    const routes = props.sealed ? SEALED_ROUTES : openRoutes(props);
    if (props.sealed) {
      this.addSealed(props.handler);
    } else {
      this.addOpen(routes, props.handler);
    }
    this.routes = routes.map(({ method, path }) =>
      // The id of a model is anything; which there are, the gateway says.
      this.api.arnForExecuteApi(method, path.replace(/\{[^}]+\}/g, '*'), STAGE),
    );
    this.api.addUsagePlan('Usage', {
      apiStages: [{ api: this.api, stage: this.api.deploymentStage }],
      throttle: { rateLimit: props.rateLimit, burstLimit: props.burstLimit },
    });
    const { logKey, logRetention, removalPolicy, sealed } = props;
    new ApiFirewall(this, 'Firewall', { api: this.api, logKey, logRetention, removalPolicy, sealed });
  }

  /** Lets `grantee` call the API. */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: this.routes,
    });
  }

  /** A nonce is asked for here; all else is the handler's to judge, since nothing can be read. */
  private addSealed(handler: lambda.IFunction): void {
    const integration = this.integration(handler);
    for (const { method, path } of SEALED_ROUTES) {
      this.api.root.addResource(path.slice(1)).addMethod(method, integration, {
        authorizationType: apigateway.AuthorizationType.IAM,
        requestParameters: method === 'GET' ? { 'method.request.querystring.nonce': true } : undefined,
        requestValidatorOptions: { validateRequestBody: true, validateRequestParameters: true },
      });
    }
  }

  private integration(handler: lambda.IFunction): apigateway.LambdaIntegration {
    // The console's test call would pass by the firewall, the endpoint and IAM.
    return new apigateway.LambdaIntegration(handler, { allowTestInvoke: false, timeout: Duration.seconds(29) });
  }

  private addOpen(routes: readonly ApiRoute[], handler: lambda.IFunction): void {
    const integration = this.integration(handler);
    const requestValidator = this.api.addRequestValidator('Form', {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    for (const { method, path, model } of routes) {
      this.api.root.resourceForPath(path).addMethod(method, integration, {
        authorizationType: apigateway.AuthorizationType.IAM,
        requestValidator,
        requestModels: model && { 'application/json': this.model(...model) },
      });
    }
    const [code, message] = ['PALISADE-W002', 'the body does not fit the schema'];
    this.api.addGatewayResponse('BadRequestBody', {
      type: apigateway.ResponseType.BAD_REQUEST_BODY,
      templates: {
        // Each protocol finds what it looks for.
        'application/json': JSON.stringify({
          code,
          message,
          error: { message, type: 'invalid_request_error', param: null, code },
        }),
      },
    });
  }

  private model(name: string, schema: Schema): apigateway.IModel {
    // The runtime's schemas are a part of what the CDK's type describes, but for lists that nobody may change.
    return this.api.addModel(name, { contentType: 'application/json', schema: schema as apigateway.JsonSchema });
  }

  /** API Gateway would make this group itself, without key and retention; its name is given by the service. */
  private executionLog(props: PrivateApiProps): void {
    const log = this.logGroup(
      'ExecutionLog',
      props,
      Fn.join('', ['API-Gateway-Execution-Logs_', this.api.restApiId, `/${STAGE}`]),
    );
    this.api.deploymentStage.node.addDependency(log);
  }

  private logGroup(id: string, props: PrivateApiProps, logGroupName?: string): SecureLogGroup {
    return new SecureLogGroup(this, id, {
      logGroupName,
      encryptionKey: props.logKey,
      retention: props.logRetention,
      removalPolicy: props.removalPolicy,
    });
  }
}

function openRoutes({ chat, tools = false, data }: PrivateApiProps): ApiRoute[] {
  const asked: ApiRoute[] = [{ method: 'POST', path: '/invoke', model: ['Request', REQUEST_SCHEMA] }];
  if (chat) {
    asked.push(
      { method: 'POST', path: '/v1/chat/completions', model: ['ChatCompletion', chatCompletionSchema(tools)] },
      { method: 'GET', path: '/v1/models' },
      { method: 'POST', path: '/model/{modelId}/converse', model: ['Conversation', converseSchema(tools)] },
    );
  }
  return data ? [...asked, { method: 'POST', path: '/invocations' }] : asked;
}

/**
 * The account's principals may call, and nobody from anywhere but the endpoint. IAM decides who of the account: an
 * Allow for everybody would let in callers whom no IAM policy does (Amazon API Gateway Developer Guide, "How API
 * Gateway resource policies affect authorization workflow", table A).
 */
function onlyThrough(endpoint: ec2.IVpcEndpoint): iam.PolicyDocument {
  const resources = ['execute-api:/*'];
  const actions = ['execute-api:Invoke'];
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions,
        resources,
        // A negated operator also matches a request that comes through no endpoint.
        conditions: { StringNotEquals: { 'aws:SourceVpce': endpoint.vpcEndpointId } },
      }),
      new iam.PolicyStatement({
        principals: [new iam.AccountPrincipal(Stack.of(endpoint).account)],
        actions,
        resources,
        conditions: { StringEquals: { 'aws:SourceVpce': endpoint.vpcEndpointId } },
      }),
    ],
  });
}
