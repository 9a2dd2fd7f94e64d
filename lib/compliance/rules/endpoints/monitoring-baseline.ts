import { rule } from '../../define-rule';
import { isAnySet, whenSet } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';
import { INLINE_JOB, JOB_DEFINITIONS, SCHEDULE } from './monitoring-jobs';

/** A monitoring job has something to compare with. The baselining job stands for the constraints and statistics it made. */
export const sageMakerMonitoringBaseline = rule({
  id: 'SageMakerMonitoringBaseline',
  detects: true,
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.4', 'A.6.2.6'],
  crosswalk: {
    nist80053: ['CA-7', 'SI-4'],
    nistAiRmf: ['MEASURE 2.4', 'MEASURE 3.1'],
    euAiAct: ['Art. 9', 'Art. 15', 'Art. 72'],
  },
  why: 'Without a baseline, the job only describes what it sees and reports no violation, however far the data has moved.',
  fix: 'Set the baseline configuration: constraints, and for data quality statistics too, or the name of the baselining job.',
  requires: {
    ...Object.fromEntries(
      Object.entries(JOB_DEFINITIONS).map(([type, kind]) => [
        type,
        baseline(`${kind}BaselineConfig`, resourcesOf(kind)),
      ]),
    ),
    [SCHEDULE]: [whenSet(INLINE_JOB, baseline(`${INLINE_JOB}.BaselineConfig`, resourcesOf('DataQuality')))],
  },
  compliant: withBaseline({
    ConstraintsResource: { S3Uri: 's3://models/7/constraints.json' },
    StatisticsResource: { S3Uri: 's3://models/7/statistics.json' },
  }),
  nonCompliant: withBaseline({ ConstraintsResource: { S3Uri: 's3://models/7/constraints.json' } }),
});

/** Only data quality compares with statistics. */
function resourcesOf(kind: string): string[] {
  return kind === 'DataQuality' ? ['ConstraintsResource', 'StatisticsResource'] : ['ConstraintsResource'];
}

function baseline(at: string, resources: readonly string[]) {
  return resources.map((resource) => isAnySet([`${at}.${resource}.S3Uri`, `${at}.BaseliningJobName`]));
}

function withBaseline(DataQualityBaselineConfig: object) {
  return { Job: { Type: 'AWS::SageMaker::DataQualityJobDefinition', Properties: { DataQualityBaselineConfig } } };
}
