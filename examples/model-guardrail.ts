import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { KeyRing, ModelGuardrail, Purpose, WorkloadRole } from 'palisade-cdk/constructs';

/** A role that may call one model, and only behind the guardrail. */
export class ModelGuardrailExample extends Stack {
  constructor(scope: Construct, id = 'ModelGuardrailExample') {
    super(scope, id);
    const keys = new KeyRing(this, 'Keys', { system: 'assistant', stage: 'dev', purposes: [Purpose.INFERENCE] });
    const guardrail = new ModelGuardrail(this, 'Guardrail', {
      guardrailName: 'assistant-dev',
      encryptionKey: keys.key(Purpose.INFERENCE),
      deniedTopics: [{ name: 'Investment advice', definition: 'Recommendations to buy, sell or hold a security.' }],
    });
    const role = new WorkloadRole(this, 'Caller', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'Calls the model',
    });
    const model = {
      service: 'bedrock',
      account: '',
      resource: 'foundation-model',
      resourceName: 'amazon.nova-lite-v1:0',
    };
    guardrail.grantGuardedInvoke(role, [this.formatArn(model)]);
  }
}
