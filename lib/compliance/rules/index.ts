import type { Rule } from '../rule';
import { bedrockGuardrailPromptAttack } from './bedrock-guardrail-prompt-attack';
import { cloudTrailTamperEvident } from './cloudtrail-tamper-evident';
import { iamRoleBoundary } from './iam-role-boundary';
import { kmsKeyRotation } from './kms-key-rotation';
import { kmsKeyUseNotDelegated } from './kms-key-use-not-delegated';
import { networkMemberIsolated } from './network-member-isolated';
import { networkNoInternetPath } from './network-no-internet-path';
import { s3AuditObjectLock } from './s3-audit-object-lock';
import { s3BucketProtected } from './s3-bucket-protected';
import { sageMakerEndpointConfigEncrypted } from './sagemaker-endpoint-config-encrypted';
import { sageMakerModelNetworkIsolation } from './sagemaker-model-network-isolation';
import { trainingJobIsolated } from './training-job-isolated';
import { vpcEndpointPerimeter } from './vpc-endpoint-perimeter';

/** Every rule of the ISO 42001 pack, by id. Adding a rule is adding its file here. */
export const RULES: readonly Rule[] = [
  bedrockGuardrailPromptAttack,
  cloudTrailTamperEvident,
  iamRoleBoundary,
  kmsKeyRotation,
  kmsKeyUseNotDelegated,
  networkMemberIsolated,
  networkNoInternetPath,
  s3AuditObjectLock,
  s3BucketProtected,
  sageMakerEndpointConfigEncrypted,
  sageMakerModelNetworkIsolation,
  trainingJobIsolated,
  vpcEndpointPerimeter,
];
