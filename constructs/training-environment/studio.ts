import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import type { PurposeKey } from '../key-ring';
import { type FunctionNetwork, WorkloadRole } from '../workload';
import { isolatedSubnets } from './subnets';

/** Properties of a Studio domain. */
export interface StudioProps {
  /** Name of the domain. */
  readonly domainName: string;
  /** Names of user profiles, one for each person. @default - none */
  readonly userProfiles?: string[];
}

/** Names of domains and profiles (SageMaker API Reference, CreateDomain and CreateUserProfile). */
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/**
 * A Studio domain inside the VPC: IAM sign-in, the person's profile as source identity in CloudTrail, a CMK, no Docker,
 * no sharing of notebook output. Its role runs notebooks and reads no data.
 */
export class Studio extends Construct {
  /** The domain. */
  readonly domain: sagemaker.CfnDomain;
  /** The role that notebooks run as. Grant it `grantStartPipeline` to let people start runs. */
  readonly role: WorkloadRole;

  constructor(scope: Construct, id: string, props: StudioProps, network: FunctionNetwork, key: PurposeKey) {
    super(scope, id);
    for (const name of [props.domainName, ...(props.userProfiles ?? [])]) {
      this.requireName(name);
    }
    this.role = this.createRole(key);
    const securityGroups = [network.securityGroup.securityGroupId];
    this.domain = new sagemaker.CfnDomain(this, 'Domain', {
      domainName: props.domainName,
      authMode: 'IAM',
      appNetworkAccessType: 'VpcOnly',
      vpcId: network.vpc.vpcId,
      subnetIds: isolatedSubnets(network).map((subnet) => subnet.subnetId),
      kmsKeyId: key.keyId,
      tagPropagation: 'ENABLED',
      defaultUserSettings: {
        executionRole: this.role.roleArn,
        securityGroups,
        sharingSettings: { notebookOutputOption: 'Disabled' },
      },
      defaultSpaceSettings: { executionRole: this.role.roleArn, securityGroups },
      domainSettings: {
        executionRoleIdentityConfig: 'USER_PROFILE_NAME',
        securityGroupIds: securityGroups,
        dockerSettings: { enableDockerAccess: 'DISABLED' },
      },
    });
    this.allowApplications();
    for (const name of props.userProfiles ?? []) {
      new sagemaker.CfnUserProfile(this, `User${name}`, {
        domainId: this.domain.attrDomainId,
        userProfileName: name,
      });
    }
    // The deployer creates the domain and its file system with the key (SageMaker Developer Guide, API permissions).
    key.allowProvisioning('sagemaker', 'kms:Decrypt', 'kms:GenerateDataKeyWithoutPlaintext');
    key.allowProvisioning('elasticfilesystem', 'kms:Decrypt', 'kms:GenerateDataKeyWithoutPlaintext');
  }

  private createRole(key: PurposeKey): WorkloadRole {
    const role = new WorkloadRole(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Runs notebooks of Studio users',
    });
    // Without it, USER_PROFILE_NAME keeps every application from starting.
    role.assumeRolePolicy?.addStatements(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('sagemaker.amazonaws.com')],
        actions: ['sts:SetSourceIdentity'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    key.grants.actions(role, 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKeyWithoutPlaintext');
    return role;
  }

  /** Each person's applications and spaces, in this domain, and no one else's. */
  private allowApplications(): void {
    const stack = Stack.of(this);
    const domain = this.domain.attrDomainId;
    const arn = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'sagemaker', resource, resourceName });
    const inDomain = ['app', 'space', 'user-profile'].map((resource) => arn(resource, `${domain}/*`));
    this.role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: [
          'sagemaker:CreateApp',
          'sagemaker:CreateSpace',
          'sagemaker:DeleteApp',
          'sagemaker:DeleteSpace',
          'sagemaker:UpdateSpace',
        ],
        resources: ['app', 'space'].map((resource) => arn(resource, `${domain}/*`)),
        conditions: {
          // Policy variables: the profile that Studio acts for (Service Authorization Reference, "Amazon SageMaker").
          ArnLike: {
            'sagemaker:OwnerUserProfileArn': arn('user-profile', `${domain}/\${sagemaker:UserProfileName}`),
          },
        },
      }),
    );
    this.role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: [
          'sagemaker:DescribeApp',
          'sagemaker:DescribeDomain',
          'sagemaker:DescribeSpace',
          'sagemaker:DescribeUserProfile',
          'sagemaker:ListApps',
          'sagemaker:ListSpaces',
          'sagemaker:ListTags',
          'sagemaker:ListUserProfiles',
        ],
        resources: [arn('domain', domain), ...inDomain],
      }),
    );
    this.role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        resources: [
          stack.formatArn({
            service: 'logs',
            resource: 'log-group',
            resourceName: '/aws/sagemaker/studio:*',
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
      }),
    );
  }

  private requireName(name: string): void {
    if (!NAME.test(name)) {
      throw new PalisadeError({
        code: 'PALISADE-T006',
        where: this.node.path,
        problem: `'${name}' is not a name of a domain or user profile`,
        fix: 'use letters, digits and hyphens, starting with a letter or digit, at most 63 characters',
      });
    }
  }
}
