import type { OmittedRule, Rule } from '../../rule';
import { sageMakerAsyncInferenceCmk } from './async-inference-cmk';
import { sageMakerEndpointAutoRollback } from './auto-rollback';
import { sageMakerEndpointConfigCmk } from './config-cmk';
import { sageMakerEndpointDataCapture } from './data-capture';
import { sageMakerFeatureGroupCmk } from './feature-group-cmk';
import { sageMakerFeatureGroupTtl } from './feature-group-ttl';
import { sageMakerInferenceComponentIsolation } from './inference-component-isolation';
import { sageMakerInferenceExperimentCmk } from './inference-experiment-cmk';
import { sageMakerMlflowArtifactStore } from './mlflow-artifact-store';
import { sageMakerEndpointMonitored } from './monitored';
import { sageMakerMonitoringBaseline } from './monitoring-baseline';
import { sageMakerMonitoringCmk } from './monitoring-cmk';
import { sageMakerMonitoringIsolated } from './monitoring-isolated';
import { sageMakerEndpointNoSsm } from './no-ssm';
import { sageMakerPartnerAppRegistered } from './partner-app-registered';
import { sageMakerEndpointRedundant } from './redundant';
import { sageMakerWorkteamPrivate } from './workteam-private';

/** Rules of endpoints, their monitoring, feature stores and the people and tools around them. */
export const ENDPOINTS_RULES: readonly Rule[] = [
  sageMakerAsyncInferenceCmk,
  sageMakerEndpointAutoRollback,
  sageMakerEndpointConfigCmk,
  sageMakerEndpointDataCapture,
  sageMakerEndpointMonitored,
  sageMakerEndpointNoSsm,
  sageMakerEndpointRedundant,
  sageMakerFeatureGroupCmk,
  sageMakerFeatureGroupTtl,
  sageMakerInferenceComponentIsolation,
  sageMakerInferenceExperimentCmk,
  sageMakerMlflowArtifactStore,
  sageMakerMonitoringBaseline,
  sageMakerMonitoringCmk,
  sageMakerMonitoringIsolated,
  sageMakerPartnerAppRegistered,
  sageMakerWorkteamPrivate,
];

/** Proposals that became part of another rule, or none. */
export const ENDPOINTS_OMITTED: readonly OmittedRule[] = [];
