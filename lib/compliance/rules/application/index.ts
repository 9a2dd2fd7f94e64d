import type { OmittedRule, Rule } from '../../rule';
import { apiAuthorized } from './api-authorized';
import { apiLoggedNoBodies } from './api-logged-no-bodies';
import { apiPrivate } from './api-private';
import { apiThrottled } from './api-throttled';
import { apiValidated } from './api-validated';
import { apiWaf } from './api-waf';
import { athenaWorkgroupEncrypted } from './athena-workgroup-encrypted';
import { codeBuildHardened } from './code-build-hardened';
import { codePipelineArtifactsCmk } from './code-pipeline-artifacts-cmk';
import { deployTimeHook } from './deploy-time-hook';
import { eventBusNotPublic } from './event-bus-not-public';
import { eventBusProtected } from './event-bus-protected';
import { eventTargetsDlq } from './event-targets-dlq';
import { fallbackPresent } from './fallback-present';
import { fisStopCondition } from './fis-stop-condition';
import { glueDataQuality } from './glue-data-quality';
import { glueJobsEncrypted } from './glue-jobs-encrypted';
import { killSwitchPresent } from './kill-switch-present';
import { lambdaCodeSigned } from './lambda-code-signed';
import { lambdaConcurrencyBounded } from './lambda-concurrency-bounded';
import { lambdaFailuresKept } from './lambda-failures-kept';
import { lambdaHardened } from './lambda-hardened';
import { lambdaNotPublic } from './lambda-not-public';
import { messagingEncrypted } from './messaging-encrypted';
import { messagingTlsOnly } from './messaging-tls-only';
import { queueFailuresKept } from './queue-failures-kept';
import { sloDefined } from './slo-defined';
import { stateMachineAudited } from './state-machine-audited';
import { stateMachineDataUnlogged } from './state-machine-data-unlogged';
import { supplyChainScanStage } from './supply-chain-scan-stage';

/** Rules of functions, APIs, workflows, messaging and builds. */
export const APPLICATION_RULES: readonly Rule[] = [
  apiAuthorized,
  apiLoggedNoBodies,
  apiPrivate,
  apiThrottled,
  apiValidated,
  apiWaf,
  athenaWorkgroupEncrypted,
  codeBuildHardened,
  codePipelineArtifactsCmk,
  deployTimeHook,
  eventBusNotPublic,
  eventBusProtected,
  eventTargetsDlq,
  fallbackPresent,
  fisStopCondition,
  glueDataQuality,
  glueJobsEncrypted,
  killSwitchPresent,
  lambdaCodeSigned,
  lambdaConcurrencyBounded,
  lambdaFailuresKept,
  lambdaHardened,
  lambdaNotPublic,
  messagingEncrypted,
  messagingTlsOnly,
  queueFailuresKept,
  sloDefined,
  stateMachineAudited,
  stateMachineDataUnlogged,
  supplyChainScanStage,
];

/** Proposals that became part of another rule, or none. */
export const APPLICATION_OMITTED: readonly OmittedRule[] = [];
