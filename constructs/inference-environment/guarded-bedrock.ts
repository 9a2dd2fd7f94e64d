import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import type { GuardedBedrockProps, IServing } from './served-model';

/**
 * A foundation model that only calls with one version of a guardrail reach: directly, or through one inference
 * profile and the Regions named for it.
 *
 * Throws PALISADE-I003 for a profile whose Regions are not known.
 */
export class GuardedBedrock extends Construct implements IServing {
  readonly gatewaySettings: Record<string, string>;

  private readonly props: GuardedBedrockProps;

  constructor(scope: Construct, id: string, props: GuardedBedrockProps) {
    super(scope, id);
    this.props = props;
    this.requireRegions();
    const { guardrail } = props;
    this.gatewaySettings = {
      GUARDRAIL: guardrail.guardrailArn,
      GUARDRAIL_VERSION: guardrail.version,
      MAXIMUM_TOKENS: String(props.maximumTokens ?? 1024),
      MODEL_ID: props.inferenceProfileId ?? props.modelId,
      ...(props.fallbackModelIds && { FALLBACK_MODEL_IDS: props.fallbackModelIds.join(',') }),
    };
  }

  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    const { fallbackModelIds = [], guardrail, inferenceProfileId, modelId, regions } = this.props;
    const stack = Stack.of(this);
    const models = (regions ?? [stack.region]).map((region) => this.modelArn(region, modelId));
    const fallbacks = fallbackModelIds.map((id) => this.modelArn(stack.region, id));
    const profile =
      inferenceProfileId &&
      stack.formatArn({ service: 'bedrock', resource: 'inference-profile', resourceName: inferenceProfileId });
    if (profile === undefined || fallbacks.length === 0) {
      return guardrail.grantGuardedInvoke(grantee, [...models, ...fallbacks], profile);
    }
    // Not through the profile, which is of the first model.
    return guardrail
      .grantGuardedInvoke(grantee, models, profile)
      .combine(guardrail.grantGuardedInvoke(grantee, fallbacks));
  }

  /** Foundation models belong to no account. */
  private modelArn(region: string, modelId: string): string {
    return Stack.of(this).formatArn({
      service: 'bedrock',
      region,
      account: '',
      resource: 'foundation-model',
      resourceName: modelId,
    });
  }

  private requireRegions(): void {
    const { inferenceProfileId, regions = [] } = this.props;
    if (inferenceProfileId?.startsWith('global.')) {
      throw this.refused(
        `the profile ${inferenceProfileId} sends requests to any Region`,
        'use a profile of a geography, such as eu.<model>, or none',
      );
    }
    if ((inferenceProfileId !== undefined) !== regions.length > 0) {
      throw this.refused(
        'an inference profile and its Regions go together, and one is missing',
        'give inferenceProfileId with regions, or neither',
      );
    }
  }

  private refused(problem: string, fix: string): PalisadeError {
    return new PalisadeError({ code: 'PALISADE-I003', where: this.node.path, problem, fix });
  }
}
