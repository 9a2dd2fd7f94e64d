import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  ApprovedModel,
  type CaptureMonitorOptions,
  DriftMonitor,
  EnclaveInference,
  EndpointService,
  type IDecisionLedger,
  InferenceEnvironment,
  type IsolatedNetwork,
  ModelGuardrail,
  type MonitoringProps,
  type ProblemType,
  Purpose,
  ReleasedEnclave,
  ServedModel,
} from '../../constructs';
import { PalisadeError } from '../../runtime/errors';
import type { AiSystem, EnclaveServing } from '../manifest';
import { containerImages } from './container-images';
import type { DataStack } from './data-stack';
import type { EnclaveStack } from './enclave-stack';
import type { FoundationStack } from './foundation-stack';
import { logRetention } from './log-retention';
import { isMonitored, monitoringOf } from './monitoring';
import { ENCLAVES, GATEWAYS, MODELS, MONITORING, OPERATIONS } from './network-stacks';
import { PlatformStack, type PlatformStackProps, tagSystem } from './settings';

/** Properties of an inference stack. */
export interface InferenceStackProps extends PlatformStackProps {
  readonly system: AiSystem;
  readonly data: DataStack;
  readonly foundation: FoundationStack;
  /** Has each step of a rollback. */
  readonly ledger: IDecisionLedger;
  readonly network: IsolatedNetwork;
  /** Where images and sealed models come from. @default - the AI system is not served by enclaves */
  readonly enclave?: EnclaveStack;
}

/** Where one AI system answers. */
export class InferenceStack extends PlatformStack {
  /** The API and what is behind it, for grants: who may call, stop, or break the glass. */
  readonly inference: InferenceEnvironment;

  /** The model that the endpoint serves. Undefined where no endpoint serves. */
  private approvedModel?: ApprovedModel;

  constructor(scope: Construct, id: string, props: InferenceStackProps) {
    super(scope, id, props);
    const { settings, data, foundation, network } = props;
    tagSystem(this, props.system);
    // The registry's parameter and the account's API log setting must be there, though no template refers to them.
    this.addStackDependency(data);
    this.addStackDependency(foundation);
    const { removalPolicy } = settings;
    this.inference = new InferenceEnvironment(this, 'Inference', {
      keys: data.keys,
      model: this.servedModel(props),
      network: network.functionNetwork(GATEWAYS),
      apiEndpoint: network.endpoint(EndpointService.EXECUTE_API),
      records: foundation.audit,
      alarmTopic: foundation.audit.alarmTopic,
      logRetention: logRetention(settings.organization.retention.logDays),
      removalPolicy,
    });
    const { killSwitch } = this.inference;
    this.watchDrift(this.inference, props);
    new CfnOutput(this, 'StopRunbook', { value: killSwitch.stopDocumentName, description: 'Stops the model at once' });
    new CfnOutput(this, 'ResumeRunbook', { value: killSwitch.resumeDocumentName, description: 'Ends a stop' });
  }

  /** Answers that drift roll the endpoint back; a foundation model and an enclave have no captures to watch. */
  private watchDrift({ endpoint, killSwitch }: InferenceEnvironment, props: InferenceStackProps): void {
    const { data, foundation, ledger, network, settings } = props;
    if (!endpoint || !data.registry) {
      return;
    }
    new DriftMonitor(this, 'Drift', {
      keys: data.keys,
      endpoint,
      registry: data.registry,
      killSwitch,
      ledger,
      network: network.functionNetwork(OPERATIONS),
      condition: this.approvedModel?.condition,
      alarmTopic: foundation.audit.alarmTopic,
      logRetention: logRetention(settings.organization.retention.logDays),
      removalPolicy: settings.removalPolicy,
    });
  }

  /** What is asked may lack no more than the data that the model learned from. */
  private captureMonitor({ system, network, settings }: InferenceStackProps): CaptureMonitorOptions | undefined {
    return isMonitored(settings)
      ? {
          network: network.functionNetwork(OPERATIONS),
          maximumMissingPercent: Math.min(...system.datasets.map(({ quality }) => quality.maximumMissingPercent)),
        }
      : undefined;
  }

  private monitoring({ system, network, settings }: InferenceStackProps): MonitoringProps | undefined {
    const monitoring = monitoringOf(system, settings);
    if (!monitoring) {
      return undefined;
    }
    const { outcomes } = monitoring;
    return {
      network: network.functionNetwork(MONITORING),
      outcomes: outcomes && {
        problemType: outcomes.problemType as ProblemType,
        probabilityThreshold: outcomes.probabilityThreshold,
        delay: Duration.days(outcomes.delayDays),
      },
    };
  }

  /** Where the account is not known at synth, the key is bound to the hosts' role by its name alone, and not by PCR3. */
  private enclaveFleet(
    { data, foundation, network, settings }: InferenceStackProps,
    serving: EnclaveServing,
    { measurements, release }: EnclaveStack,
  ): EnclaveInference {
    return new EnclaveInference(this, 'Enclaves', {
      keys: data.keys,
      release: new ReleasedEnclave(this, 'Released', { release }),
      measurements,
      network: network.functionNetwork(ENCLAVES),
      records: foundation.audit,
      watch: foundation.audit,
      instanceType: serving.instanceType,
      enclaveCpus: serving.enclaveCpus,
      enclaveMemoryMiB: serving.enclaveMemoryMiB,
      minimumHosts: serving.minCapacity,
      maximumHosts: serving.maxCapacity,
      bindParentRole: settings.stage.account !== undefined,
      logRetention: logRetention(settings.organization.retention.logDays),
      removalPolicy: settings.removalPolicy,
    });
  }

  private servedModel(props: InferenceStackProps): ServedModel {
    const { system, data, network, foundation, settings } = props;
    const { model, serving } = system;
    if (serving.kind === 'sagemaker-endpoint' && model.source === 'trained' && data.registry) {
      this.approvedModel = new ApprovedModel(this, 'ApprovedModel', {
        registry: data.registry,
        removalPolicy: settings.removalPolicy,
      });
      return ServedModel.sageMakerEndpoint({
        approvedModel: this.approvedModel,
        artifacts: data.registry,
        network: network.functionNetwork(MODELS),
        instanceType: serving.instanceType,
        minimumInstances: serving.minCapacity,
        maximumInstances: serving.maxCapacity,
        capturePercent: serving.captureSamplingPercent,
        repositories: containerImages(this, model.images).map(({ repository }) => repository),
        captureMonitor: this.captureMonitor(props),
        monitoring: this.monitoring(props),
        removalPolicy: settings.removalPolicy,
      });
    }
    if (serving.kind === 'enclave' && props.enclave) {
      return ServedModel.enclave(this.enclaveFleet(props, serving, props.enclave));
    }
    if (serving.kind === 'bedrock' && model.source === 'bedrock') {
      return ServedModel.guardedBedrock({
        modelId: model.modelId,
        inferenceProfileId: model.inferenceProfile?.id,
        regions: model.inferenceProfile?.regions,
        guardrail: new ModelGuardrail(this, 'Guardrail', {
          // Bedrock takes 50 characters; a stage and the longest system id have 48.
          guardrailName: `${settings.name}-${system.id}`,
          encryptionKey: data.keys.key(Purpose.INFERENCE),
          deniedTopics: system.prohibitedUses.map(({ topic, definition, examples }) => ({
            name: topic,
            definition,
            examples,
          })),
          piiBlock: serving.guardrail.pii.block,
          piiAnonymize: serving.guardrail.pii.anonymize,
          groundingThreshold: serving.guardrail.grounding.groundingThreshold,
          relevanceThreshold: serving.guardrail.grounding.relevanceThreshold,
          alarmTopic: foundation.audit.alarmTopic,
        }),
      });
    }
    throw new PalisadeError({
      code: 'PALISADE-P004',
      where: `manifests/systems/${system.id}.yaml: serving.kind`,
      problem: `a ${model.source} model cannot be served as '${serving.kind}'`,
      fix: 'serve a trained model with sagemaker-endpoint or enclave, a Bedrock model with bedrock',
    });
  }
}
