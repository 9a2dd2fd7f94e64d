/** Where an AWS Config managed rule exists, and on which resources it is evaluated. */
export interface ManagedRule {
  /** Types whose changes start an evaluation. @default - none: it runs every 24 hours on the account */
  readonly types?: readonly string[];
  /** Regions without it. @default - none, unless `onlyIn` names those that have it */
  readonly notIn?: readonly string[];
  /** The only Regions that have it. @default - all but `notIn` */
  readonly onlyIn?: readonly string[];
}

const CHINA = ['cn-north-1', 'cn-northwest-1'];
const GOVCLOUD = ['us-gov-east-1', 'us-gov-west-1'];
const NEWEST = ['ap-east-2', 'ap-southeast-6', 'ap-southeast-7', 'mx-central-1'];
const NEWER = [
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ca-west-1',
  'eu-central-2',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
];
const NO_FEATURE_GROUPS = [
  ...NEWEST,
  ...GOVCLOUD,
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ca-west-1',
  'me-central-1',
  'me-south-1',
];
const AGENTCORE = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'us-east-1',
  'us-east-2',
  'us-west-2',
];
const MONITORING = [
  'ap-east-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'me-south-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

/**
 * The managed rules that the registry names. AWS Config Developer Guide, page of each rule, as of May 2026; the seven that
 * came later (custom browsers, gateway encryption, inference experiments, model quality isolation, monitoring schedule
 * encryption) as of November 2026.
 */
export const MANAGED_RULES: Readonly<Record<string, ManagedRule>> = {
  API_GWV2_AUTHORIZATION_TYPE_CONFIGURED: { notIn: [...NEWEST, ...NEWER, ...GOVCLOUD, 'ap-southeast-3'] },
  API_GW_ASSOCIATED_WITH_WAF: { types: ['AWS::ApiGateway::Stage'], notIn: ['ap-east-2', 'ap-southeast-6'] },
  API_GW_ENDPOINT_TYPE_CHECK: { types: ['AWS::ApiGateway::RestApi'], notIn: ['ap-east-2', 'ap-southeast-6'] },
  ATHENA_WORKGROUP_ENCRYPTED_AT_REST: { types: ['AWS::Athena::WorkGroup'], notIn: [...NEWEST, ...NEWER, ...GOVCLOUD] },
  BEDROCKAGENTCORE_BROWSERCUSTOM_NETWORK_MODE_NOT_PUBLIC: {
    types: ['AWS::BedrockAgentCore::BrowserCustom'],
    onlyIn: AGENTCORE,
  },
  BEDROCKAGENTCORE_BROWSERCUSTOM_RECORDING_ENABLED: {
    types: ['AWS::BedrockAgentCore::BrowserCustom'],
    onlyIn: AGENTCORE,
  },
  BEDROCKAGENTCORE_GATEWAY_AUTHORIZER_ENABLED: { types: ['AWS::BedrockAgentCore::Gateway'], onlyIn: AGENTCORE },
  BEDROCKAGENTCORE_GATEWAY_ENCRYPTION_ENABLED: { types: ['AWS::BedrockAgentCore::Gateway'], onlyIn: AGENTCORE },
  BEDROCKAGENTCORE_RUNTIME_PRIVATE_NETWORK_REQUIRED: { types: ['AWS::BedrockAgentCore::Runtime'], onlyIn: AGENTCORE },
  BEDROCK_AGENTCORE_MEMORY_ENCRYPTION_ENABLED: {
    types: ['AWS::BedrockAgentCore::Memory'],
    onlyIn: [
      'ap-northeast-1',
      'ap-south-1',
      'ap-southeast-1',
      'ap-southeast-2',
      'eu-central-1',
      'eu-west-1',
      'us-east-1',
      'us-east-2',
    ],
  },
  CLOUDTRAIL_S3_DATAEVENTS_ENABLED: {},
  CLOUDWATCH_ALARM_ACTION_CHECK: { types: ['AWS::CloudWatch::Alarm'] },
  CLOUDWATCH_ALARM_ACTION_ENABLED_CHECK: { types: ['AWS::CloudWatch::Alarm'], notIn: [...NEWEST, ...GOVCLOUD] },
  CLOUDWATCH_LOG_GROUP_ENCRYPTED: {},
  CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED: {},
  CLOUD_TRAIL_ENCRYPTION_ENABLED: {},
  CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED: {},
  CMK_BACKING_KEY_ROTATION_ENABLED: {},
  CW_LOGGROUP_RETENTION_PERIOD_CHECK: {},
  DYNAMODB_IN_BACKUP_PLAN: {},
  DYNAMODB_PITR_ENABLED: { types: ['AWS::DynamoDB::Table'] },
  DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED: { types: ['AWS::DynamoDB::Table'], notIn: NEWEST },
  DYNAMODB_TABLE_ENCRYPTED_KMS: { types: ['AWS::DynamoDB::Table'] },
  EC2_IMDSV2_CHECK: { types: ['AWS::EC2::Instance'] },
  EC2_LAUNCH_TEMPLATES_EBS_VOLUME_ENCRYPTED: { types: ['AWS::EC2::LaunchTemplate'], notIn: [...NEWEST, ...NEWER] },
  EC2_LAUNCH_TEMPLATE_IMDSV2_CHECK: { types: ['AWS::EC2::LaunchTemplate'], notIn: [...NEWEST, ...NEWER, ...GOVCLOUD] },
  ECR_PRIVATE_IMAGE_SCANNING_ENABLED: { notIn: [...NEWEST, ...CHINA] },
  ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED: {
    types: ['AWS::ECR::Repository'],
    notIn: [...NEWEST, 'ap-southeast-5', 'il-central-1'],
  },
  EFS_ENCRYPTED_CHECK: {},
  EFS_IN_BACKUP_PLAN: {},
  ENCRYPTED_VOLUMES: { types: ['AWS::EC2::Volume'] },
  GUARDDUTY_ENABLED_CENTRALIZED: { notIn: NEWEST },
  GUARDDUTY_LAMBDA_PROTECTION_ENABLED: { notIn: [...NEWEST, ...CHINA, 'ap-southeast-5', 'ca-west-1'] },
  GUARDDUTY_RUNTIME_MONITORING_ENABLED: { notIn: [...NEWEST, ...GOVCLOUD, ...CHINA, 'ap-southeast-5', 'ca-west-1'] },
  GUARDDUTY_S3_PROTECTION_ENABLED: { notIn: [...NEWEST, ...CHINA, 'ap-southeast-5', 'ca-west-1'] },
  IAM_EXTERNAL_ACCESS_ANALYZER_ENABLED: {
    notIn: [...NEWEST, ...GOVCLOUD, ...CHINA, 'ap-southeast-5', 'ca-west-1', 'il-central-1'],
  },
  IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS: { types: ['AWS::IAM::Policy'], notIn: [...NEWEST, ...NEWER] },
  INCOMING_SSH_DISABLED: { types: ['AWS::EC2::SecurityGroup'] },
  LAMBDA_CONCURRENCY_CHECK: { types: ['AWS::Lambda::Function'], notIn: ['cn-northwest-1'] },
  LAMBDA_DLQ_CHECK: { types: ['AWS::Lambda::Function'], notIn: ['cn-northwest-1'] },
  LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED: {
    types: ['AWS::Lambda::Function'],
    notIn: ['cn-northwest-1', 'eu-south-2'],
  },
  LAMBDA_INSIDE_VPC: { types: ['AWS::Lambda::Function'], notIn: ['cn-northwest-1'] },
  MACIE_STATUS_CHECK: { onlyIn: [...MONITORING, 'af-south-1', 'eu-south-1'] },
  MULTI_REGION_CLOUD_TRAIL_ENABLED: {},
  S3_BUCKET_DEFAULT_LOCK_ENABLED: { types: ['AWS::S3::Bucket'] },
  S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED: { types: ['AWS::S3::Bucket'] },
  S3_BUCKET_LOGGING_ENABLED: { types: ['AWS::S3::Bucket'] },
  S3_BUCKET_PUBLIC_READ_PROHIBITED: { types: ['AWS::S3::Bucket'] },
  S3_BUCKET_PUBLIC_WRITE_PROHIBITED: { types: ['AWS::S3::Bucket'] },
  S3_BUCKET_SSL_REQUESTS_ONLY: { types: ['AWS::S3::Bucket'] },
  S3_BUCKET_VERSIONING_ENABLED: { types: ['AWS::S3::Bucket'] },
  S3_DEFAULT_ENCRYPTION_KMS: { types: ['AWS::S3::Bucket'] },
  S3_VERSION_LIFECYCLE_POLICY_CHECK: { types: ['AWS::S3::Bucket'], notIn: NEWEST },
  SAGEMAKER_DATA_QUALITY_JOB_ENCRYPT_IN_TRANSIT: {
    types: ['AWS::SageMaker::DataQualityJobDefinition'],
    onlyIn: MONITORING,
  },
  SAGEMAKER_DATA_QUALITY_JOB_ISOLATION: { types: ['AWS::SageMaker::DataQualityJobDefinition'], onlyIn: MONITORING },
  SAGEMAKER_DOMAIN_IN_VPC: { types: ['AWS::SageMaker::Domain'], notIn: [...NEWEST, ...NEWER, ...GOVCLOUD, ...CHINA] },
  SAGEMAKER_ENDPOINT_CONFIGURATION_KMS_KEY_CONFIGURED: { notIn: [...NEWEST, 'ap-southeast-4', 'ap-southeast-5'] },
  SAGEMAKER_ENDPOINT_CONFIG_PROD_INSTANCE_COUNT: { notIn: [...NEWEST, ...CHINA, 'ap-southeast-5', 'ca-west-1'] },
  SAGEMAKER_FEATUREGROUP_ENCRYPTION_AT_REST: {
    types: ['AWS::SageMaker::FeatureGroup'],
    notIn: NO_FEATURE_GROUPS,
  },
  SAGEMAKER_FEATUREGROUP_ONLINE_STORE_ENCRYPTION: {
    types: ['AWS::SageMaker::FeatureGroup'],
    notIn: NO_FEATURE_GROUPS,
  },
  SAGEMAKER_INF_EXPERIMENT_DATA_STORAGE_KMS_ENCRYPTED: {
    types: ['AWS::SageMaker::InferenceExperiment'],
    notIn: [...NEWEST, ...NEWER, ...GOVCLOUD, ...CHINA, 'ap-southeast-3', 'me-south-1'],
  },
  SAGEMAKER_INF_EXPERIMENT_INSTANCE_STORAGE_KMS_ENCRYPTED: {
    types: ['AWS::SageMaker::InferenceExperiment'],
    notIn: [...NEWEST, ...NEWER, ...GOVCLOUD, ...CHINA, 'ap-southeast-3', 'me-south-1'],
  },
  SAGEMAKER_MODEL_BIAS_JOB_ENCRYPT_IN_TRANSIT: {
    types: ['AWS::SageMaker::ModelBiasJobDefinition'],
    notIn: [...NEWEST, ...NEWER, ...GOVCLOUD, ...CHINA, 'af-south-1', 'ap-southeast-3', 'eu-north-1', 'eu-south-1'],
  },
  SAGEMAKER_MODEL_BIAS_JOB_ISOLATION: {
    types: ['AWS::SageMaker::ModelBiasJobDefinition'],
    notIn: [...NEWEST, ...NEWER, ...GOVCLOUD, ...CHINA, 'af-south-1', 'ap-southeast-3', 'eu-north-1', 'eu-south-1'],
  },
  SAGEMAKER_MODEL_EXPLAINABILITY_JOB_ENCRYPT_IN_TRANSIT: {
    types: ['AWS::SageMaker::ModelExplainabilityJobDefinition'],
    onlyIn: MONITORING,
  },
  SAGEMAKER_MODEL_IN_VPC: { types: ['AWS::SageMaker::Model'], notIn: [...NEWEST, ...NEWER, ...GOVCLOUD, ...CHINA] },
  SAGEMAKER_MODEL_ISOLATION_ENABLED: {
    types: ['AWS::SageMaker::Model'],
    notIn: [...NEWEST, ...NEWER, ...GOVCLOUD, ...CHINA],
  },
  SAGEMAKER_MODEL_QUALITY_JOB_DEFINITION_ISOLATION: {
    types: ['AWS::SageMaker::ModelQualityJobDefinition'],
    onlyIn: [...AGENTCORE, 'ap-east-1', 'ap-northeast-3', 'sa-east-1', 'us-west-1'],
  },
  SAGEMAKER_MODEL_QUALITY_JOB_ENCRYPT_IN_TRANSIT: {
    types: ['AWS::SageMaker::ModelQualityJobDefinition'],
    onlyIn: MONITORING,
  },
  SAGEMAKER_MONITORING_SCHEDULE_ISOLATION: { types: ['AWS::SageMaker::MonitoringSchedule'], onlyIn: MONITORING },
  SAGEMAKER_MONITORING_SCHEDULE_TRAFFIC_ENCRYPTION: {
    types: ['AWS::SageMaker::MonitoringSchedule'],
    notIn: [...NEWEST, ...NEWER, ...GOVCLOUD, 'af-south-1', 'ap-southeast-3', 'eu-south-1', 'me-south-1', 'us-west-2'],
  },
  SAGEMAKER_NOTEBOOK_INSTANCE_INSIDE_VPC: {
    types: ['AWS::SageMaker::NotebookInstance'],
    notIn: [...NEWEST, ...NEWER, ...GOVCLOUD],
  },
  SAGEMAKER_NOTEBOOK_INSTANCE_KMS_KEY_CONFIGURED: { notIn: [...NEWEST, 'ap-southeast-5'] },
  SAGEMAKER_NOTEBOOK_INSTANCE_PLATFORM_VERSION: { notIn: [...NEWEST, 'ap-southeast-5', 'ca-west-1'] },
  SAGEMAKER_NOTEBOOK_INSTANCE_ROOT_ACCESS_CHECK: {
    types: ['AWS::SageMaker::NotebookInstance'],
    notIn: [...NEWEST, ...NEWER, ...GOVCLOUD],
  },
  SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS: { notIn: [...NEWEST, 'ap-southeast-5'] },
  SECRETSMANAGER_USING_CMK: { types: ['AWS::SecretsManager::Secret'] },
  SNS_ENCRYPTED_KMS: { types: ['AWS::SNS::Topic'] },
  STEP_FUNCTIONS_STATE_MACHINE_LOGGING_ENABLED: {
    types: ['AWS::StepFunctions::StateMachine'],
    notIn: [...NEWEST, ...GOVCLOUD, 'ap-southeast-4', 'ap-southeast-5', 'ca-west-1', 'il-central-1'],
  },
  SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED: { types: ['AWS::EC2::Subnet'] },
  VPC_DEFAULT_SECURITY_GROUP_CLOSED: { types: ['AWS::EC2::SecurityGroup'] },
  VPC_FLOW_LOGS_ENABLED: {},
  VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS: { types: ['AWS::EC2::SecurityGroup'] },
  WAFV2_LOGGING_ENABLED: {},
};

/** Regions that the guide knows of. */
export const CONFIG_REGIONS: readonly string[] = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-central-1',
  'ca-west-1',
  'cn-north-1',
  'cn-northwest-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-gov-east-1',
  'us-gov-west-1',
  'us-west-1',
  'us-west-2',
];

/** Whether a managed rule exists in a Region. One that does not fails the whole conformance pack there. */
export function isAvailable({ notIn = [], onlyIn }: ManagedRule, region: string): boolean {
  return onlyIn ? onlyIn.includes(region) : !notIn.includes(region);
}
