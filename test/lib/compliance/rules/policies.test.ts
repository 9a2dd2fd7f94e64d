import { POLICIES_RULES } from '../../../../lib/compliance/rules/policies';
import { resourcePolicyActionsNamed } from '../../../../lib/compliance/rules/policies/actions-named';
import { resourcePolicyConfusedDeputy } from '../../../../lib/compliance/rules/policies/confused-deputy';
import { resourcePolicyNotPublic } from '../../../../lib/compliance/rules/policies/not-public';
import { describeRules, judge, verdict } from '../../../support/rules';

describeRules(POLICIES_RULES);

const ROLE = { AWS: 'arn:aws:iam::111122223333:role/producer' };
const AT = 'PolicyDocument.Statement.0';

function policy(type: string, ...statements: object[]) {
  const Statement = statements.map((statement) => ({
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: '*',
    ...statement,
  }));
  return {
    Policy: { Type: type, Properties: { PolicyDocument: { Statement } } },
    Model: { Type: 'AWS::SageMaker::Model' },
  };
}

const bucket = (...statements: object[]) => policy('AWS::S3::BucketPolicy', ...statements);

describe('a resource policy', () => {
  test.each([
    [{ Principal: '*' }, [AT]],
    [{ Principal: { AWS: '*' } }, [AT]],
    [{ NotPrincipal: ROLE }, [AT]],
    [{ Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, [AT]],
    [{ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, 'compliant'],
    [{ Principal: '*', Condition: { StringEquals: { 's3:DataAccessPointAccount': '111122223333' } } }, 'compliant'],
    [{ Principal: ROLE }, 'compliant'],
    [{ Effect: 'Deny', Principal: '*' }, 'not applicable'],
  ])('that says %j is public or not: %j', (statement, expected) => {
    expect(verdict(resourcePolicyNotPublic, bucket(statement))).toEqual(expected);
  });

  test.each([
    ['AWS::SecretsManager::ResourcePolicy', 'ResourcePolicy'],
    ['AWS::Backup::BackupVault', 'AccessPolicy'],
    ['AWS::S3::AccessPoint', 'Policy'],
  ])('of %s stands in %s', (Type, property) => {
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }];
    const open = { Policy: { Type, Properties: { [property]: { Statement } } } };
    expect(verdict(resourcePolicyNotPublic, open)).toEqual([`${property}.Statement.0`]);
  });

  test('of a table stands below ResourcePolicy', () => {
    const PolicyDocument = {
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'dynamodb:GetItem', Resource: '*' }],
    };
    const open = { Table: { Type: 'AWS::DynamoDB::Table', Properties: { ResourcePolicy: { PolicyDocument } } } };
    expect(verdict(resourcePolicyNotPublic, open)).toEqual(['ResourcePolicy.PolicyDocument.Statement.0']);
  });
});

describe('all actions', () => {
  test.each([
    [{ Principal: ROLE, Action: 's3:*' }, [AT]],
    [{ Principal: ROLE, Action: ['s3:GetObject', '*'] }, [AT]],
    [{ Principal: ROLE, NotAction: 's3:DeleteObject', Action: undefined }, [AT]],
    [{ Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:*' }, [AT]],
    [{ Principal: ROLE, Action: 's3:Get*' }, 'compliant'],
    [{ Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 's3:*' }, 'compliant'],
    [{ Effect: 'Deny', Principal: ROLE, Action: 's3:*' }, 'not applicable'],
  ])('%j: %j', (statement, expected) => {
    expect(verdict(resourcePolicyActionsNamed, bucket(statement))).toEqual(expected);
  });
});

describe('a service that delivers', () => {
  const from = (service: string) => ({ Principal: { Service: service } });
  const ofOwn = { StringEquals: { 'aws:SourceAccount': '111122223333' } };

  test('for any account is told once, at its first statement', () => {
    const trail = from('cloudtrail.amazonaws.com');
    const open = judge(resourcePolicyConfusedDeputy, bucket({ ...trail, Condition: ofOwn }, trail, trail));
    expect(open.violations.map(({ property }) => property)).toEqual(['PolicyDocument.Statement.1']);
    expect(open.violations[0].message).toContain('cloudtrail.amazonaws.com');
  });

  test.each([
    ['S3 to a queue', 'AWS::SQS::QueuePolicy', 's3.amazonaws.com', undefined, [AT]],
    [
      'S3 to a queue, for own buckets',
      'AWS::SQS::QueuePolicy',
      's3.amazonaws.com',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::own' } },
      'compliant',
    ],
    [
      'a wildcard is no source',
      'AWS::SQS::QueuePolicy',
      's3.amazonaws.com',
      { ArnLike: { 'aws:SourceArn': '*' } },
      [AT],
    ],
    [
      'a load balancer, which sends no source',
      'AWS::S3::BucketPolicy',
      'logdelivery.elasticloadbalancing.amazonaws.com',
      undefined,
      'compliant',
    ],
    [
      'EventBridge to a topic, where conditions do not work',
      'AWS::SNS::TopicPolicy',
      'events.amazonaws.com',
      undefined,
      'compliant',
    ],
  ])('%s', (_, type, service, Condition, expected) => {
    expect(verdict(resourcePolicyConfusedDeputy, policy(type, { ...from(service), Condition }))).toEqual(expected);
  });
});
