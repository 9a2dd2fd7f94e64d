import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkPaths } from '../../../lib/check';
import { RULES } from '../../../lib/compliance/rules';

const FOLDER = path.join(__dirname, 'fixtures', 'precision');

/**
 * Small templates in the shape of what once was a false finding (docs/precision.md), each beside a resource with the true
 * one, and all that is found in them. What no rule should say is missing here.
 */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  'alarm-of-a-deployment.yaml': ['AlarmHasAction at Forgotten.AlarmActions'],
  'api-for-people.yaml': ['ApiPrivate at Batch.EndpointConfiguration.Types'],
  'build-without-artifacts.yaml': [
    'CodeBuildHardened at ModelBuild.EncryptionKey',
    'NetworkMemberIsolated at ImageBuild.VpcConfig',
    'NetworkMemberIsolated at ModelBuild.VpcConfig',
  ],
  'data-source-default.yaml': [
    'BedrockDataSourceCmk at Deleted.ServerSideEncryptionConfiguration.KmsKeyArn',
    'BedrockDataSourceCmk at Kept.ServerSideEncryptionConfiguration.KmsKeyArn',
    'BedrockDataSourceDeletionPolicy at Kept.DataDeletionPolicy',
    'GovernanceTagsRequired at People.Tags',
    'LogsForwarded at People.KnowledgeBaseArn',
  ],
  'egress-rules-apart.yaml': ['NetworkSecurityGroupEgress at Service.SecurityGroupEgress'],
  'embeddings-only.yaml': [
    'BedrockIamGuardrailCondition at AnswerRole.Policies.0.PolicyDocument.Statement.0',
    'FallbackPresent at Answer.Role',
    'IamPermissionsBoundary at IndexRole.PermissionsBoundary',
    'IamPermissionsBoundary at AnswerRole.PermissionsBoundary',
    'LambdaConcurrencyBounded at Index.ReservedConcurrentExecutions',
    'LambdaConcurrencyBounded at Answer.ReservedConcurrentExecutions',
    'LambdaHardened at Index.VpcConfig.SubnetIds',
    'LambdaHardened at Answer.VpcConfig.SubnetIds',
  ],
  'endpoint-without-structures.json': [
    'GovernanceTagsRequired at Endpoint.Tags',
    'SageMakerEndpointAutoRollback at Endpoint.DeploymentConfig',
    'SageMakerEndpointDataCapture at Config.DataCaptureConfig',
    'SageMakerEndpointMonitored at Endpoint.EndpointName',
    'SageMakerModelInVpc at Model.VpcConfig',
    'SloDefined at Endpoint.Tags',
  ],
  'generic-trail.yaml': ['TrailIntegrity at Trail.KMSKeyId', 'TrailIntegrity at Trail.CloudWatchLogsLogGroupArn'],
  'public-function-url.json': ['LambdaNotPublic at OpensTheUrl.Principal', 'LambdaNotPublic at Url.AuthType'],
  'secret-by-parameter.yaml': ['SecretsCmkRotation at Login.SecretString'],
  'site-behind-a-cdn.yaml': [
    'GovernanceDecommissionHold at Pages.DeletionPolicy',
    'GovernanceDecommissionHold at Pages.UpdateReplacePolicy',
    'GovernanceDecommissionHold at Uploads.DeletionPolicy',
    'GovernanceDecommissionHold at Uploads.UpdateReplacePolicy',
    'GovernanceTagsRequired at Pages.Tags',
    'GovernanceTagsRequired at Uploads.Tags',
    'S3AccessLogged at Pages.LoggingConfiguration.DestinationBucketName',
    'S3AccessLogged at Uploads.LoggingConfiguration.DestinationBucketName',
    'S3CmkEncryption at Uploads.BucketEncryption.ServerSideEncryptionConfiguration',
    'S3PublicAccessBlocked at Pages.PublicAccessBlockConfiguration',
    'S3PublicAccessBlocked at Uploads.PublicAccessBlockConfiguration',
    'S3TlsOnly at Pages.PolicyDocument',
    'S3TlsOnly at Uploads.PolicyDocument',
    'S3Versioned at Uploads.VersioningConfiguration.Status',
  ],
  'staging-in-one-word.yaml': [
    'CodePipelineArtifactsCmk at Pipeline.ArtifactStore.EncryptionKey.Id',
    'GovernanceApprovalGate at Pipeline.Stages',
    'SupplyChainScanStage at Pipeline.Stages',
  ],
  'text-messages.yaml': [
    'IamDataAccessBounded at Publishes.Policies.0.PolicyDocument.Statement.0',
    'IamPermissionsBoundary at SendsMessages.PermissionsBoundary',
    'IamPermissionsBoundary at Publishes.PermissionsBoundary',
  ],
  'web-shop.yaml': [],
};

test.each(Object.entries(FOUND))('%s has these findings and no others', async (file, expected) => {
  const { report } = await checkPaths([path.join(FOLDER, file)], RULES);
  expect(report.findings.map(({ rule, resource, property }) => `${rule} at ${resource}.${property}`)).toEqual(expected);
});

test('every template of the folder is listed', () => {
  expect(fs.readdirSync(FOLDER).sort()).toEqual(Object.keys(FOUND));
});
