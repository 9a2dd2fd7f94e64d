import { RemovalPolicy, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AiSystem, Manifests, Organization, Stage, StageName } from '../manifest';

/** What the manifests say about one stage, as its stacks need it. */
export interface StageSettings {
  readonly name: StageName;
  readonly organization: Organization;
  readonly stage: Stage;
  readonly removalPolicy: RemovalPolicy;
}

/** Reads one stage's settings. The stage must be in the organization. */
export function stageSettings({ organization }: Manifests, name: StageName): StageSettings {
  const stage = organization.stages[name] as Stage;
  const removalPolicy = stage.removal === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
  return { name, organization, stage, removalPolicy };
}

/** Properties that every stack of the platform takes. */
export interface PlatformStackProps {
  readonly settings: StageSettings;
}

/** A stack of one stage: named `palisade-<stage>-<id>`, in the stage's Region and account, tagged with the stage. */
export class PlatformStack extends Stack {
  constructor(scope: Construct, id: string, { settings }: PlatformStackProps, props: StackProps = {}) {
    super(scope, id, {
      stackName: `palisade-${settings.name}-${id}`,
      env: { region: settings.stage.region, account: settings.stage.account },
      terminationProtection: settings.name === 'prod',
      ...props,
    });
    Tags.of(this).add('ai:stage', settings.name);
  }
}

/** Tags a system's stack as ISO/IEC 42001 A.4.2 asks resources to be traceable: system, tier, data class, owner. */
export function tagSystem(stack: Stack, system: AiSystem): void {
  Tags.of(stack).add('ai:system-id', system.id);
  Tags.of(stack).add('ai:impact', system.impact.tier);
  Tags.of(stack).add('ai:data-class', system.dataClasses.join(' '));
  Tags.of(stack).add('ai:owner', system.owner);
}
