import * as fs from 'node:fs';
import * as path from 'node:path';
import type { StackTemplate } from '../../../lib/analysis';
import { manifestsWith, stackOf, synthesize } from '../support';
import { foreignRegions, foreignTexts, unfitEndpoints } from './checks/partitions';

/** The shipped manifests with every stage in `region`, and only the systems named. */
function manifestsIn(region: string, ...systems: string[]): string {
  const folder = manifestsWith({
    'organization.yaml': (text) =>
      text
        .replaceAll('region: eu-west-1', `region: ${region}`)
        .replace('allowedRegions: [', `allowedRegions: [${region}, `)
        // The partitions' own lists are not known here: this one is made up.
        .replaceAll(/( +)network:/g, '$1dynamoDbPrefixListId: pl-0123456789abcdef0\n$1network:'),
  });
  for (const file of fs.readdirSync(path.join(folder, 'systems'))) {
    if (!systems.includes(file.replace('.yaml', ''))) {
      fs.rmSync(path.join(folder, 'systems', file));
    }
  }
  return folder;
}

describe.each(['us-gov-west-1', 'cn-north-1'])('in %s', (region) => {
  const { templates } = synthesize(manifestsIn(region, 'credit-scoring'), 'dev');

  test('templates name their own partition and Region only', () => {
    expect(templates.length).toBeGreaterThan(5);
    expect(templates.flatMap(foreignTexts)).toEqual([]);
    expect(templates.flatMap((template) => foreignRegions(template, []))).toEqual([]);
  });

  test('the Region offers every endpoint service', () => {
    expect(templates.flatMap(unfitEndpoints)).toEqual([]);
  });
});

test('a foundation model where there is no Bedrock is refused, with Region and service named', () => {
  expect(() => synthesize(manifestsIn('cn-north-1', 'support-assistant'), 'dev')).toThrow(
    /PALISADE-M022 [^\n]*support-assistant\.yaml: stages\.dev\n\s+cn-north-1 has no bedrock/,
  );
});

test('an inference profile of another partition is refused', () => {
  expect(() => synthesize(manifestsIn('us-gov-west-1', 'support-assistant'), 'dev')).toThrow(
    /PALISADE-M026 [^\n]*support-assistant\.yaml: stages\.dev\n\s+us-gov-west-1 is in aws-us-gov, [^\n]* within aws\n/,
  );
});

test('ARNs, hosts, Regions and endpoint names of another partition are found', () => {
  const stack = china({
    Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { Resource: 'arn:aws:s3:::data' } },
    Key: { Type: 'AWS::KMS::Key', Properties: { Service: 'logs.cn-north-1.amazonaws.com' } },
    Trail: { Type: 'AWS::KMS::Key', Properties: { Service: 'cloudtrail.amazonaws.com', Region: 'eu-west-1' } },
    Own: {
      Type: 'AWS::KMS::Key',
      Properties: { Service: 'logs.cn-north-1.amazonaws.com.cn', Arn: 'arn:aws-cn:s3:::x' },
    },
    S3: { Type: 'AWS::EC2::VPCEndpoint', Properties: { ServiceName: 'com.amazonaws.cn-north-1.s3' } },
    Kms: { Type: 'AWS::EC2::VPCEndpoint', Properties: { ServiceName: 'com.amazonaws.cn-north-1.kms' } },
  });
  expect(foreignTexts(stack)).toEqual([
    "broken: arn:aws: in 'arn:aws:s3:::data'",
    "broken: logs.cn-north-1.amazonaws.com in 'logs.cn-north-1.amazonaws.com'",
  ]);
  expect(foreignRegions(stack, [])).toEqual(["broken: eu-west-1 in 'eu-west-1'"]);
  expect(unfitEndpoints(stack)).toEqual(['broken/S3: cn-north-1 has no endpoint service com.amazonaws.cn-north-1.s3']);
});

function china(resources: Parameters<typeof stackOf>[0]): StackTemplate {
  return { ...stackOf(resources), region: 'cn-north-1' };
}
