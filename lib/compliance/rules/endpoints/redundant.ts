import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { valueAt } from '../../expect';
import { each, isBetween, type Requirement } from '../../requirements';
import { ALWAYS_WARNING } from '../../rule';

/** SageMaker spreads the instances of a variant over Availability Zones, if it has more than one. */
const TWO_INSTANCES = isBetween('InitialInstanceCount', { min: 2 });

const SERVERLESS_OR_TWO: Requirement = {
  claims: TWO_INSTANCES.claims,
  judge: (variant, at) => (valueAt(variant, 'ServerlessConfig') === undefined ? TWO_INSTANCES.judge(variant, at) : []),
  guard: (at) => `when ${at}ServerlessConfig !exists {\n${TWO_INSTANCES.guard(at)}\n}`,
};

/** In production, the loss of one instance or Availability Zone stops no variant. */
export const sageMakerEndpointRedundant = rule({
  id: 'SageMakerEndpointRedundant',
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.6'],
  crosswalk: { securityHub: ['SageMaker.4'], nist80053: ['CP-10', 'SC-5', 'SC-36'], euAiAct: ['Art. 15'] },
  why: 'A variant of one instance is down for minutes whenever its host or Availability Zone fails, and canary updates cannot split it.',
  fix: 'Set InitialInstanceCount to at least 2 for every production variant, or use a serverless one.',
  appliesWhen: [inProduction],
  requires: {
    'AWS::SageMaker::EndpointConfig': [each('ProductionVariants', [SERVERLESS_OR_TWO], { atLeastOne: true })],
  },
  configRules: ['SAGEMAKER_ENDPOINT_CONFIG_PROD_INSTANCE_COUNT'],
  compliant: {
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: { ProductionVariants: [{ InitialInstanceCount: 2 }] },
    },
  },
  nonCompliant: {
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: { ProductionVariants: [{ InitialInstanceCount: 1 }] },
    },
  },
});
