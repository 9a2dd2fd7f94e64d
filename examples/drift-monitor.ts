import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  ApiGatewayLogging,
  ApprovedModel,
  AuditTrail,
  DriftMonitor,
  EndpointService,
  InferenceEnvironment,
  IsolatedNetwork,
  KeyRing,
  ModelRegistry,
  Purpose,
  ServedModel,
} from 'palisade-cdk/constructs';

/** A trained model on an endpoint, watched hour by hour: answers that drift roll it back, or stop it. */
export class DriftMonitorExample extends Stack {
  constructor(scope: Construct, id = 'DriftMonitorExample') {
    super(scope, id, { env: { region: 'eu-west-1' } });
    const registryStack = new Stack(scope, `${id}Registry`, { env: { region: 'eu-west-1' } });
    const keys = new KeyRing(registryStack, 'Keys', {
      system: 'scoring',
      stage: 'dev',
      purposes: [Purpose.MODEL, Purpose.INFERENCE, Purpose.LOGS, Purpose.AUDIT],
    });
    const registry = new ModelRegistry(registryStack, 'Registry', { keys });
    const logKey = keys.key(Purpose.LOGS);
    const audit = new AuditTrail(this, 'Audit', { stage: 'dev', auditKey: keys.key(Purpose.AUDIT), logKey });
    const network = new IsolatedNetwork(this, 'Network', {
      tiers: ['gateways', 'models'],
      services: [
        EndpointService.APPCONFIG_DATA,
        EndpointService.DYNAMODB,
        EndpointService.ECR_API,
        EndpointService.ECR_DOCKER,
        EndpointService.EVENTS,
        EndpointService.EXECUTE_API,
        EndpointService.KMS,
        EndpointService.LOGS,
        EndpointService.S3,
        EndpointService.SAGEMAKER_API,
        EndpointService.SAGEMAKER_RUNTIME,
        EndpointService.SSM,
      ],
      encryptionKey: logKey,
    });
    const approvedModel = new ApprovedModel(this, 'Model', { registry });
    const { endpoint, killSwitch, node } = new InferenceEnvironment(this, 'Inference', {
      keys,
      model: ServedModel.sageMakerEndpoint({
        approvedModel,
        artifacts: registry,
        network: network.functionNetwork('models'),
      }),
      network: network.functionNetwork('gateways'),
      apiEndpoint: network.endpoint(EndpointService.EXECUTE_API),
      records: audit,
      alarmTopic: audit.alarmTopic,
    });
    if (endpoint) {
      new DriftMonitor(this, 'Drift', {
        keys,
        endpoint,
        registry,
        killSwitch,
        network: network.functionNetwork('gateways'),
        condition: approvedModel.condition,
        alarmTopic: audit.alarmTopic,
      });
    }
    // Once per account and Region: leave it out where the platform has been deployed.
    node.addDependency(new ApiGatewayLogging(this, 'ApiLogging'));
  }
}
