import * as fs from 'node:fs';
import { App, CfnCondition, Fn, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import {
  type EndpointModelProps,
  type FunctionNetwork,
  type GuardedBedrockProps,
  InferenceEnvironment,
  type InferenceEnvironmentProps,
  KeyRing,
  ModelGuardrail,
  Purpose,
  ServedModel,
} from '../../../constructs';

export const ENV = { account: '111122223333', region: 'eu-west-1' };
export const PACKAGE = `arn:aws:sagemaker:${ENV.region}:${ENV.account}:model-package/dev-scoring/1`;

/** An app with the feature flags of cdk.json, as a deployment has them. */
export function appWithFlags(): App {
  return new App({ context: JSON.parse(fs.readFileSync('cdk.json', 'utf8')).context });
}

/** A stack with everything that an inference environment needs from others. */
export class Surroundings extends Stack {
  readonly keys: KeyRing;
  readonly network: FunctionNetwork;
  readonly apiEndpoint: ec2.InterfaceVpcEndpoint;
  readonly records: InferenceEnvironmentProps['records'];
  readonly condition: CfnCondition;
  readonly verified: Construct;

  constructor(app = appWithFlags(), system = 'scoring', env = ENV) {
    super(app, 'Stack', { env });
    this.keys = new KeyRing(this, 'Keys', { system, stage: 'dev', purposes: [Purpose.INFERENCE, Purpose.LOGS] });
    const vpc = new ec2.Vpc(this, 'Vpc', {
      natGateways: 0,
      subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
      restrictDefaultSecurityGroup: false,
    });
    const securityGroup = new ec2.SecurityGroup(this, 'Group', { vpc, allowAllOutbound: false });
    this.network = { vpc, securityGroup };
    this.apiEndpoint = new ec2.InterfaceVpcEndpoint(this, 'ApiEndpoint', {
      vpc,
      service: ec2.InterfaceVpcEndpointAwsService.APIGATEWAY,
      securityGroups: [securityGroup],
      open: false,
    });
    const bucket = s3.Bucket.fromBucketName(this, 'Records', 'evidence');
    this.records = {
      bucket,
      grantWriteRecords: (grantee, of) =>
        iam.Grant.addToPrincipal({
          grantee,
          actions: ['s3:PutObject'],
          resourceArns: [bucket.arnForObjects(`records/${of}/*`)],
        }),
    };
    this.condition = new CfnCondition(this, 'HasModel', { expression: Fn.conditionEquals('a', 'a') });
    this.verified = new sns.Topic(this, 'Verified');
  }

  endpointModel(props: Partial<EndpointModelProps> = {}): ServedModel {
    return ServedModel.sageMakerEndpoint({
      approvedModel: { packageArn: PACKAGE, condition: this.condition, verified: this.verified },
      artifacts: {
        grantReadArtifacts: (grantee) =>
          iam.Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: ['arn:aws:s3:::models/m'] }),
      },
      network: this.network,
      ...props,
    });
  }

  bedrockModel(props: Partial<GuardedBedrockProps> = {}): ServedModel {
    const guardrail = this.guardrail();
    return ServedModel.guardedBedrock({ modelId: 'amazon.nova-lite-v1:0', guardrail, ...props });
  }

  /** @param vpc of the fleet, in its stack, which need not be that of the gateway */
  enclaveModel(vpc = this.network.vpc): ServedModel {
    const group = new ec2.SecurityGroup(Stack.of(vpc), 'Balancer', { vpc, allowAllOutbound: false });
    const connections = new ec2.Connections({ securityGroups: [group], defaultPort: ec2.Port.tcp(80) });
    return ServedModel.enclave({ url: 'http://fleet.internal', fleetName: 'dev-scoring-enclaves', connections });
  }

  guardrail(): ModelGuardrail {
    return new ModelGuardrail(this, 'Guardrail', {
      guardrailName: 'scoring-dev',
      encryptionKey: this.keys.key(Purpose.INFERENCE),
    });
  }

  repository(): ecr.Repository {
    return new ecr.Repository(this, 'Images');
  }

  serve(model: ServedModel, props: Partial<InferenceEnvironmentProps> = {}): InferenceEnvironment {
    const { keys, network, apiEndpoint, records } = this;
    return new InferenceEnvironment(this, 'Inference', { keys, model, network, apiEndpoint, records, ...props });
  }
}
