/** Types of the four kinds of monitoring job that SageMaker Model Monitor and Clarify define, with the prefix of their properties. */
export const JOB_DEFINITIONS: Readonly<Record<string, string>> = {
  'AWS::SageMaker::DataQualityJobDefinition': 'DataQuality',
  'AWS::SageMaker::ModelBiasJobDefinition': 'ModelBias',
  'AWS::SageMaker::ModelExplainabilityJobDefinition': 'ModelExplainability',
  'AWS::SageMaker::ModelQualityJobDefinition': 'ModelQuality',
};

/** The type of a monitoring schedule. */
export const SCHEDULE = 'AWS::SageMaker::MonitoringSchedule';

/** Where a schedule defines its job in place, which SageMaker accepts for data quality only. */
export const INLINE_JOB = 'MonitoringScheduleConfig.MonitoringJobDefinition';
