/** An AWS service that a workload in an isolated network may call. The value is the end of the endpoint service's name. */
export enum EndpointService {
  APPCONFIG_DATA = 'appconfigdata',
  AUTO_SCALING = 'autoscaling',
  BEDROCK = 'bedrock',
  BEDROCK_RUNTIME = 'bedrock-runtime',
  /** Reached through a gateway endpoint: its interface endpoint has no private DNS names. */
  DYNAMODB = 'dynamodb',
  ECR_API = 'ecr.api',
  /** Image pulls. Needs ECR_API and S3 too: S3 is where ECR keeps the layers. */
  ECR_DOCKER = 'ecr.dkr',
  EVENTS = 'events',
  /** Private REST APIs of API Gateway. */
  EXECUTE_API = 'execute-api',
  FIREHOSE = 'kinesis-firehose',
  KMS = 'kms',
  LAMBDA = 'lambda',
  LOGS = 'logs',
  /** CloudWatch metrics and alarms. */
  MONITORING = 'monitoring',
  S3 = 's3',
  SAGEMAKER_API = 'sagemaker.api',
  SAGEMAKER_RUNTIME = 'sagemaker.runtime',
  SECRETS_MANAGER = 'secretsmanager',
  SNS = 'sns',
  SQS = 'sqs',
  SSM = 'ssm',
  /** Session Manager's channels. */
  SSM_MESSAGES = 'ssmmessages',
  /** Step Functions. */
  STATES = 'states',
  STS = 'sts',
  XRAY = 'xray',
}
