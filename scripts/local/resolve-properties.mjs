// Resolves the intrinsic functions in one deployed resource's properties from what the stack really created.
import { ListExportsCommand } from '@aws-sdk/client-cloudformation';
import { ACCOUNT } from './environment.mjs';

/** Resource part of an ARN by type, where GetAtt asks for `Arn`. */
const ARNS = {
  'AWS::IAM::Role': (id) => `arn:aws:iam::${ACCOUNT}:role/${id}`,
  'AWS::KMS::Key': (id, region) => `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`,
  'AWS::Lambda::Function': (id, region) => `arn:aws:lambda:${region}:${ACCOUNT}:function:${id}`,
  'AWS::Logs::LogGroup': (id, region) => `arn:aws:logs:${region}:${ACCOUNT}:log-group:${id}:*`,
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id}`,
};

export function resolveProperties({ client, template, physicalIds, parameters, environment }) {
  const region = environment.AWS_REGION;
  const pseudo = new Map([
    ['AWS::AccountId', ACCOUNT],
    ['AWS::Region', region],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ]);
  const attribute = (logicalId, name) => {
    const arn = ARNS[template.Resources[logicalId].Type];
    const id = physicalIds.get(logicalId);
    return name === 'Arn' && arn ? (id.startsWith('arn:') ? id : arn(id, region)) : id;
  };
  const reference = (name) => pseudo.get(name) ?? parameters.get(name) ?? physicalIds.get(name);
  let exports;
  const imported = async (name) => {
    exports ??= (await client.send(new ListExportsCommand({}))).Exports ?? [];
    return exports.find((candidate) => candidate.Name === name)?.Value;
  };

  return async function resolve(value) {
    if (Array.isArray(value)) {
      return Promise.all(value.map(resolve));
    }
    if (value === null || typeof value !== 'object') {
      return value;
    }
    const [[name, argument]] = Object.entries(value).length === 1 ? Object.entries(value) : [['']];
    switch (name) {
      case 'Ref':
        return reference(argument);
      case 'Fn::GetAtt':
        return attribute(argument[0], argument[1]);
      case 'Fn::Join':
        return (await resolve(argument[1])).join(argument[0]);
      case 'Fn::Select':
        return (await resolve(argument[1]))[argument[0]];
      case 'Fn::Split':
        return (await resolve(argument[1])).split(argument[0]);
      case 'Fn::ImportValue':
        return imported(argument);
      default:
        return Object.fromEntries(
          await Promise.all(Object.entries(value).map(async ([key, inner]) => [key, await resolve(inner)])),
        );
    }
  };
}
