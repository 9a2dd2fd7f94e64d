import { Stack } from 'aws-cdk-lib';
import * as appconfig from 'aws-cdk-lib/aws-appconfig';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What the flag may say: AppConfig refuses anything else before it is deployed. */
const SCHEMA = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  additionalProperties: false,
  required: ['stopped'],
  properties: { stopped: { type: 'boolean' } },
};

/**
 * A flag in AppConfig that says whether an AI system is stopped, for every copy of its gateway, wherever it runs. Two versions lie
 * ready; to set the flag is to deploy one of them, to everybody at once and without a time to prove itself.
 *
 * A later deployment of the stack leaves the flag as people have set it.
 */
export class StopFlag extends Construct {
  /** Settings of the gateway function. */
  readonly gatewaySettings: Record<string, string>;

  private readonly application: appconfig.CfnApplication;
  private readonly environment: appconfig.CfnEnvironment;
  private readonly profile: appconfig.CfnConfigurationProfile;
  private readonly strategy: appconfig.CfnDeploymentStrategy;
  private readonly versions: Record<'running' | 'stopped', appconfig.CfnHostedConfigurationVersion>;

  /** @param of whom the flag is, as people find it in the console: cut to the 64 characters that AppConfig takes */
  constructor(scope: Construct, id: string, of: string) {
    super(scope, id);
    const name = of.slice(0, 64);
    this.application = new appconfig.CfnApplication(this, 'Application', { name });
    const applicationId = this.application.ref;
    this.environment = new appconfig.CfnEnvironment(this, 'Environment', { applicationId, name: 'gateway' });
    this.profile = new appconfig.CfnConfigurationProfile(this, 'Profile', {
      applicationId,
      name: 'stop',
      locationUri: 'hosted',
      validators: [{ type: 'JSON_SCHEMA', content: JSON.stringify(SCHEMA) }],
    });
    this.strategy = new appconfig.CfnDeploymentStrategy(this, 'AtOnce', {
      name,
      replicateTo: 'NONE',
      deploymentDurationInMinutes: 0,
      growthFactor: 100,
      finalBakeTimeInMinutes: 0,
    });
    this.versions = { running: this.version('Running', false), stopped: this.version('Stopped', true) };
    // Versions are numbered as they are made.
    this.versions.stopped.node.addDependency(this.versions.running);
    new appconfig.CfnDeployment(this, 'First', this.deploymentOf('running'));
    this.gatewaySettings = { STOP_FLAG: `${applicationId}/${this.environment.ref}/${this.profile.ref}` };
  }

  /** What a deployment that sets the flag, or takes it back, is of. */
  deploymentOf(state: 'running' | 'stopped'): appconfig.CfnDeploymentProps {
    return {
      applicationId: this.application.ref,
      environmentId: this.environment.ref,
      deploymentStrategyId: this.strategy.ref,
      configurationProfileId: this.profile.ref,
      configurationVersion: this.versions[state].ref,
    };
  }

  /** Lets `grantee` see the flag. */
  grantRead(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['appconfig:GetLatestConfiguration', 'appconfig:StartConfigurationSession'],
      resourceArns: [this.arn(`/environment/${this.environment.ref}/configuration/${this.profile.ref}`)],
    });
  }

  /** Lets `grantee` set the flag, and take it back. */
  grantSet(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['appconfig:StartDeployment'],
      resourceArns: [
        this.arn(''),
        this.arn(`/environment/${this.environment.ref}`),
        this.arn(`/configurationprofile/${this.profile.ref}`),
        Stack.of(this).formatArn({
          service: 'appconfig',
          resource: 'deploymentstrategy',
          resourceName: this.strategy.ref,
        }),
      ],
    });
  }

  private version(id: string, stopped: boolean): appconfig.CfnHostedConfigurationVersion {
    return new appconfig.CfnHostedConfigurationVersion(this, id, {
      applicationId: this.application.ref,
      configurationProfileId: this.profile.ref,
      content: JSON.stringify({ stopped }),
      contentType: 'application/json',
    });
  }

  private arn(rest: string): string {
    const resourceName = `${this.application.ref}${rest}`;
    return Stack.of(this).formatArn({ service: 'appconfig', resource: 'application', resourceName });
  }
}
