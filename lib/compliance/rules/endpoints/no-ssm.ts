import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { each, is, isOwnKey, whenSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

const CLOSED = [
  is('EnableSSMAccess', false, { byDefault: false }),
  whenSet('CoreDumpConfig', [isOwnKey('CoreDumpConfig.KmsKeyId')]),
];

/** In production, nobody opens a shell in a model's container, and its memory is dumped under a key of the owner only. */
export const sageMakerEndpointNoSsm = rule({
  id: 'SageMakerEndpointNoSsm',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5'],
  crosswalk: { nist80053: ['AC-17', 'SC-28'], owasp: ['LLM02:2025'], atlas: ['AML.T0024'] },
  why: 'A session in the container, or a dump of its memory, shows weights and requests in the clear, past every control on the endpoint.',
  fix: 'Remove EnableSSMAccess from production variants, and give CoreDumpConfig a customer managed key or remove it.',
  appliesWhen: [inProduction],
  requires: {
    'AWS::SageMaker::EndpointConfig': [
      each('ProductionVariants', CLOSED, { atLeastOne: true }),
      each('ShadowProductionVariants', CLOSED),
    ],
  },
  compliant: {
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: { ProductionVariants: [{ EnableSSMAccess: false }] },
    },
  },
  nonCompliant: {
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: {
        ProductionVariants: [{ EnableSSMAccess: true, CoreDumpConfig: { DestinationS3Uri: 's3://dumps' } }],
      },
    },
  },
});
