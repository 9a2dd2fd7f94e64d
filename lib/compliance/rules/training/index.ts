import type { OmittedRule, Rule } from '../../rule';
import { sageMakerAlgorithmImagePinned } from './algorithm-image-pinned';
import { sageMakerClusterHardened } from './cluster-hardened';
import { sageMakerClusterMaintained } from './cluster-maintained';
import { sageMakerIamJobGuardConditions } from './iam-job-guard-conditions';
import { sageMakerPipelineBounded } from './pipeline-bounded';
import { sageMakerPipelineManualApproval } from './pipeline-manual-approval';
import { sageMakerPipelineQualityGate } from './pipeline-quality-gate';
import { sageMakerProcessingJobCmk } from './processing-job-cmk';
import { sageMakerProcessingJobIsolated } from './processing-job-isolated';
import { sageMakerTrainingEncryption } from './training-encryption';
import { sageMakerTrainingNetworkIsolation } from './training-network-isolation';
import { sageMakerTrainingNoRemoteDebug } from './training-no-remote-debug';

/** Rules of training, processing and pipelines. */
export const TRAINING_RULES: readonly Rule[] = [
  sageMakerAlgorithmImagePinned,
  sageMakerClusterHardened,
  sageMakerClusterMaintained,
  sageMakerIamJobGuardConditions,
  sageMakerPipelineBounded,
  sageMakerPipelineManualApproval,
  sageMakerPipelineQualityGate,
  sageMakerProcessingJobCmk,
  sageMakerProcessingJobIsolated,
  sageMakerTrainingEncryption,
  sageMakerTrainingNetworkIsolation,
  sageMakerTrainingNoRemoteDebug,
];

/** Proposals that became part of another rule, or none. */
export const TRAINING_OMITTED: readonly OmittedRule[] = [];
