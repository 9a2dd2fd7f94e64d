export { ALLOW_DATA_REMOVAL, dataRemovalPolicy } from './data-removal';
export { DeadLetterQueue } from './dead-letter-queue';
export { type FunctionNetwork, HandlerFunction, type HandlerFunctionProps } from './handler-function';
export { packageRoot } from './package-root';
export { SageMakerRole, type SageMakerRoleProps } from './sagemaker-role';
export { AccessLogBucket, SecureBucket, type SecureBucketProps } from './secure-bucket';
export { SecureLogGroup, type SecureLogGroupProps } from './secure-log-group';
export { WorkloadBoundary } from './workload-boundary';
export { WorkloadRole, type WorkloadRoleProps } from './workload-role';
