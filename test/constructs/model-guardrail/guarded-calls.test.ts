import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { KeyRing, ModelGuardrail, Purpose, WorkloadRole } from '../../../constructs';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const MODEL = `arn:aws:bedrock:${REGION}::foundation-model/amazon.nova-lite-v1:0`;
const OTHER_MODEL = `arn:aws:bedrock:${REGION}::foundation-model/amazon.nova-pro-v1:0`;
const PROFILE = `arn:aws:bedrock:${REGION}:${ACCOUNT}:inference-profile/eu.amazon.nova-lite-v1:0`;
const GUARDRAIL = `arn:aws:bedrock:${REGION}:${ACCOUNT}:guardrail/abc`;
const RIGHT = { 'bedrock:GuardrailIdentifier': `${GUARDRAIL}:1` };
const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'bedrock:*', Resource: '*' }] };

/** The policy of a role that may call the model, with the ids that a deployment would give the guardrail. */
function policyOf(profile?: string): unknown {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
  const keys = new KeyRing(stack, 'Keys', { system: 'assistant', stage: 'dev', purposes: [Purpose.INFERENCE] });
  const encryptionKey = keys.key(Purpose.INFERENCE);
  const guardrail = new ModelGuardrail(stack, 'Guardrail', { guardrailName: 'assistant', encryptionKey });
  const role = new WorkloadRole(stack, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: 'Calls the model',
  });
  guardrail.grantGuardedInvoke(role, [MODEL], profile);
  const [policy] = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy')).filter(([id]) =>
    id.startsWith('RolePermissions'),
  );
  return deployed(policy[1].Properties.PolicyDocument);
}

const ATTRIBUTES: Record<string, string> = { GuardrailArn: GUARDRAIL, Version: '1', Arn: 'arn:aws:kms:::key/k' };

function deployed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(deployed);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[name, argument]] = Object.entries(value);
  switch (name) {
    case 'Fn::Join':
      return (deployed(argument[1]) as string[]).join('');
    case 'Fn::GetAtt':
      return ATTRIBUTES[argument[1]];
    default:
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deployed(inner)]));
  }
}

async function ask(action: string, resource: string, contextVariables: Record<string, string>, policies: unknown[]) {
  const answer = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:role/Role`,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables,
      },
      identityPolicies: policies.map((policy, index) => ({ name: `Policy${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return answer.resultType === 'error' ? JSON.stringify(answer.errors) : answer.overallResult;
}

test.each([
  ['bedrock-mantle:CreateInference', `arn:aws:bedrock-mantle:${REGION}:${ACCOUNT}:project/default`],
  ['bedrock:CreateModelInvocationJob', MODEL],
  ['bedrock:InvokeAgent', `arn:aws:bedrock:${REGION}:${ACCOUNT}:agent-alias/agent/alias`],
  ['bedrock:InvokeFlow', `arn:aws:bedrock:${REGION}:${ACCOUNT}:flow/flow/alias/alias`],
  ['bedrock:InvokeInlineAgent', '*'],
  ['bedrock:RetrieveAndGenerate', '*'],
])('there is no way around by %s, even for a role that may do everything', async (action, resource) => {
  const everything = { ...EVERYTHING, Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  expect(await ask(action, resource, {}, [policyOf(), everything])).toBe('ExplicitlyDenied');
  expect(await ask(action, resource, {}, [everything])).toBe('Allowed');
});

describe.each(['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'])('%s', (action) => {
  test('with this version of the guardrail is allowed, for this model', async () => {
    const policies = [policyOf()];
    expect(await ask(action, MODEL, RIGHT, policies)).toBe('Allowed');
    expect(await ask(action, OTHER_MODEL, RIGHT, policies)).toBe('ImplicitlyDenied');
  });

  test.each<[string, Record<string, string>]>([
    ['no guardrail', {}],
    ['another version', { 'bedrock:GuardrailIdentifier': `${GUARDRAIL}:2` }],
    ['the draft', { 'bedrock:GuardrailIdentifier': GUARDRAIL }],
    ['another guardrail', { 'bedrock:GuardrailIdentifier': `${GUARDRAIL}d:1` }],
  ])('with %s is denied, even to a role that may do everything', async (_, context) => {
    expect(await ask(action, MODEL, context, [policyOf(), EVERYTHING])).toBe('ExplicitlyDenied');
    expect(await ask(action, MODEL, context, [EVERYTHING])).toBe('Allowed');
  });

  test('with a profile, the model is reached through it alone', async () => {
    const policies = [policyOf(PROFILE)];
    expect(await ask(action, PROFILE, RIGHT, policies)).toBe('Allowed');
    expect(await ask(action, MODEL, { ...RIGHT, 'bedrock:InferenceProfileArn': PROFILE }, policies)).toBe('Allowed');
    expect(await ask(action, MODEL, RIGHT, policies)).toBe('ImplicitlyDenied');
  });
});
