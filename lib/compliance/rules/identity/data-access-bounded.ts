import type { GraphResource } from '../../../analysis';
import { rule } from '../../define-rule';
import { violation } from '../../expect';
import { ERROR_FROM_HIGH } from '../../rule';
import { type Statement, statementsOf, unreadStatements } from '../../statements';
import { isBoundaryOnly } from './boundaries';
import { choosesResources } from './chooses-resources';
import { actionSet, firstCovering } from './covering';
import { documentsOf, inDocuments, POLICY_HOLDERS } from './policy-documents';

/** Who works with data, keys, secrets, models or other roles does so on named ones, not on all of an account. */
export const iamDataAccessBounded = rule({
  id: 'IamDataAccessBounded',
  scope: 'ai',
  appliesTo: POLICY_HOLDERS,
  level: ERROR_FROM_HIGH,
  annexA: ['A.3.2', 'A.7.2'],
  crosswalk: { securityHub: ['KMS.1', 'KMS.2'], nist80053: ['AC-3', 'AC-6'], owasp: ['LLM06:2025'] },
  why: 'A prompt or a package that takes over the workload reads every bucket, secret and table of the account, not only its own.',
  fix: 'Replace Resource "*" by the ARNs that the work needs, or bind it by resource tags.',
  claims: inDocuments('Statement.*.Resource', 'Statement.*.Condition.aws:ResourceTag'),
  beyondGuard: 'statements come in many forms, and a condition may bind them',
  check: (resource, graph) => {
    const documents = documentsOf(resource);
    if (documents.length === 0 || isBoundaryOnly(resource, graph)) {
      return undefined;
    }
    return documents.flatMap(({ at, document }) => [
      ...unreadStatements(document, at),
      ...statementsOf(document).flatMap((statement) => {
        const action = unboundedAction(statement);
        return action && !(action === TEXT_MESSAGE && sendsTextMessages(resource))
          ? [violation(`${at}.Statement.${statement.index}`, `allows ${action} on every resource, expected ARNs`)]
          : [];
      }),
    ]);
  },
  compliant: roleWith('arn:aws:kms:eu-west-1:111122223333:key/1'),
  nonCompliant: roleWith('*'),
});

/** Publishes to a telephone number, which is no resource (Amazon Cognito Developer Guide, "SMS message settings"). */
const TEXT_MESSAGE = 'sns:Publish';

function sendsTextMessages({ properties: { AssumeRolePolicyDocument } }: GraphResource): boolean {
  const trusted = statementsOf(AssumeRolePolicyDocument).flatMap(({ principals }) => principals);
  return trusted.length > 0 && trusted.every((principal) => principal === 'cognito-idp.amazonaws.com');
}

/** Actions on data, keys, secrets, models and other roles; each takes a resource (Service Authorization Reference). */
const BOUNDABLE = actionSet(
  'appconfig:StartDeployment',
  'bedrock:ApplyGuardrail',
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:Scan',
  'dynamodb:UpdateItem',
  'ec2:AuthorizeSecurityGroupEgress',
  'ec2:AuthorizeSecurityGroupIngress',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
  'ecr:PutImage',
  'events:PutEvents',
  'events:PutTargets',
  'iam:PassRole',
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:GenerateDataKey',
  'kms:GenerateMac',
  'kms:Sign',
  'kms:Verify',
  'kms:VerifyMac',
  'lambda:InvokeFunction',
  'lambda:PutFunctionConcurrency',
  'lambda:UpdateFunctionCode',
  's3:DeleteObject',
  's3:GetObject',
  's3:ListBucket',
  's3:PutObject',
  'sagemaker:AddTags',
  'sagemaker:CreateEndpoint',
  'sagemaker:CreateModel',
  'sagemaker:CreateModelPackage',
  'sagemaker:CreateProcessingJob',
  'sagemaker:CreateTrainingJob',
  'sagemaker:InvokeEndpoint',
  'sagemaker:StopTrainingJob',
  'sagemaker:UpdateEndpoint',
  'sagemaker:UpdateModelPackage',
  'secretsmanager:GetSecretValue',
  'sns:Publish',
  'sqs:SendMessage',
  'ssm:GetParameter',
  'ssm:PutParameter',
  'ssm:StartAutomationExecution',
  'states:StartExecution',
  'sts:AssumeRole',
);

/** A whole service, such as `s3:*`, is the concern of IamNoAdminWildcards. */
function unboundedAction(statement: Statement): string | undefined {
  const { effect, actions, resources, inverted } = statement;
  const unbound = effect === 'Allow' && !inverted && resources.includes('*') && !choosesResources(statement);
  return unbound
    ? firstCovering(
        actions.filter((action) => !/^\*|:\*$/.test(action)),
        BOUNDABLE,
      )
    : undefined;
}

function roleWith(Resource: string) {
  const PolicyDocument = { Statement: [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource }] };
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyName: 'own', PolicyDocument }], Tags } } };
}
