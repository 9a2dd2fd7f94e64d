import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  ApiGatewayLogging,
  AuditTrail,
  EndpointService,
  InferenceEnvironment,
  IsolatedNetwork,
  KeyRing,
  ModelGuardrail,
  Purpose,
  ServedModel,
} from 'palisade-cdk/constructs';

/** A Bedrock model behind a private API: called with its guardrail, recorded, or not answered. */
export class InferenceEnvironmentExample extends Stack {
  constructor(scope: Construct, id = 'InferenceEnvironmentExample') {
    super(scope, id, { env: { region: 'eu-west-1' } });
    const keys = new KeyRing(this, 'Keys', {
      system: 'assistant',
      stage: 'dev',
      purposes: [Purpose.INFERENCE, Purpose.LOGS, Purpose.AUDIT],
    });
    const logKey = keys.key(Purpose.LOGS);
    const audit = new AuditTrail(this, 'Audit', { stage: 'dev', auditKey: keys.key(Purpose.AUDIT), logKey });
    const { APPCONFIG_DATA, BEDROCK_RUNTIME, DYNAMODB, EXECUTE_API, KMS, LOGS, S3 } = EndpointService;
    const network = new IsolatedNetwork(this, 'Network', {
      tiers: ['gateways'],
      services: [APPCONFIG_DATA, BEDROCK_RUNTIME, DYNAMODB, EXECUTE_API, KMS, LOGS, S3],
      encryptionKey: logKey,
    });
    const guardrail = new ModelGuardrail(this, 'Guardrail', {
      guardrailName: 'assistant-dev',
      encryptionKey: keys.key(Purpose.INFERENCE),
      alarmTopic: audit.alarmTopic,
    });
    const inference = new InferenceEnvironment(this, 'Inference', {
      keys,
      model: ServedModel.guardedBedrock({ modelId: 'amazon.nova-lite-v1:0', guardrail }),
      network: network.functionNetwork('gateways'),
      apiEndpoint: network.endpoint(EXECUTE_API),
      records: audit,
      alarmTopic: audit.alarmTopic,
    });
    // Once per account and Region: leave it out where the platform has been deployed.
    inference.node.addDependency(new ApiGatewayLogging(this, 'ApiLogging'));
  }
}
