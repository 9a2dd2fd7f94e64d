/** What every training, processing and tuning job of an environment must state. */
export interface JobRequirements {
  readonly volumeKeyArn: string;
  readonly outputKeyArn: string;
  readonly subnetIds: string[];
  readonly securityGroupIds: string[];
  readonly instanceTypes: string[];
}

/** Condition blocks: operator, key, values. */
export type Conditions = Record<string, Record<string, string | string[]>>;

interface Requirement {
  readonly sid: string;
  /** Name of the condition key after `sagemaker:`. */
  readonly key: string;
  /** Operator that a request must satisfy. */
  readonly demands: string;
  /** Operator that catches a request which states something else. */
  readonly catches: string;
  readonly value: string | string[];
  readonly caught: string | string[];
}

/**
 * CreateTrainingJob, CreateProcessingJob and CreateHyperParameterTuningJob support all seven keys (Service
 * Authorization Reference, "Amazon SageMaker"). No condition key exists for the image: the execution role can pull
 * from approved repositories only, and no other role may be passed.
 */
function requirements(job: JobRequirements): Requirement[] {
  return [
    flag('Isolation', 'NetworkIsolation'),
    flag('Traffic', 'InterContainerTrafficEncryption'),
    key('VolumeKey', 'VolumeKmsKeyArn', job.volumeKeyArn),
    key('OutputKey', 'OutputKmsKeyArn', job.outputKeyArn),
    list('Subnets', 'VpcSubnets', job.subnetIds),
    list('SecurityGroups', 'VpcSecurityGroupIds', job.securityGroupIds),
    list('InstanceTypes', 'InstanceTypes', job.instanceTypes),
  ];
}

/**
 * Conditions that catch each job which breaks a requirement, for Deny statements.
 *
 * Each requirement gives two: one for a wrong value, and `Null` for a request that leaves the key out, which `Bool`
 * and `ForAnyValue` do not match.
 */
export function violations(job: JobRequirements): { sid: string; conditions: Conditions }[] {
  return requirements(job).flatMap(({ sid, key: name, catches, caught }) => [
    { sid: `Wrong${sid}`, conditions: { [catches]: { [`sagemaker:${name}`]: caught } } },
    { sid: `No${sid}`, conditions: { Null: { [`sagemaker:${name}`]: 'true' } } },
  ]);
}

/** The one condition block that a job must satisfy, for Allow statements. `ForAllValues` alone would accept absent lists. */
export function demanded(job: JobRequirements): Conditions {
  const conditions: Conditions = {};
  for (const { key: name, demands, value } of requirements(job)) {
    conditions[demands] = { ...conditions[demands], [`sagemaker:${name}`]: value };
    conditions.Null = { ...conditions.Null, [`sagemaker:${name}`]: 'false' };
  }
  return conditions;
}

function flag(sid: string, name: string): Requirement {
  return { sid, key: name, demands: 'Bool', catches: 'Bool', value: 'true', caught: 'false' };
}

function key(sid: string, name: string, arn: string): Requirement {
  return { sid, key: name, demands: 'ArnEquals', catches: 'ArnNotEquals', value: arn, caught: arn };
}

function list(sid: string, name: string, values: string[]): Requirement {
  return {
    sid,
    key: name,
    demands: 'ForAllValues:StringEquals',
    catches: 'ForAnyValue:StringNotEquals',
    value: values,
    caught: values,
  };
}
