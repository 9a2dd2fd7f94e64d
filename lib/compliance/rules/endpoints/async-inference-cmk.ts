import { hasProperty } from '../../conditions';
import { rule } from '../../define-rule';
import { isOwnKey } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

/** Answers of asynchronous inference lie in S3 under a key of the owner. */
export const sageMakerAsyncInferenceCmk = rule({
  id: 'SageMakerAsyncInferenceCmk',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2'],
  crosswalk: { nist80053: ['SC-12', 'SC-28'], owasp: ['LLM02:2025'] },
  why: "Answers stay in S3 after the request, where S3's own key lets everyone with access to the bucket read them.",
  fix: 'Set AsyncInferenceConfig.OutputConfig.KmsKeyId to a customer managed key of inference.',
  appliesWhen: [hasProperty('AsyncInferenceConfig')],
  requires: { 'AWS::SageMaker::EndpointConfig': [isOwnKey('AsyncInferenceConfig.OutputConfig.KmsKeyId')] },
  compliant: {
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: { AsyncInferenceConfig: { OutputConfig: { KmsKeyId: 'key' } } },
    },
  },
  nonCompliant: {
    Config: {
      Type: 'AWS::SageMaker::EndpointConfig',
      Properties: { AsyncInferenceConfig: { OutputConfig: { S3OutputPath: 's3://answers' } } },
    },
  },
});
