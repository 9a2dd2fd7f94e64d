import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  AiService,
  ApiGatewayLogging,
  AuditTrail,
  KeyRing,
  type ObjectLock,
  ObjectLockMode,
  Purpose,
} from '../../constructs';
import type { AiSystem } from '../manifest';
import { logRetention } from './log-retention';
import { PlatformStack, type PlatformStackProps } from './settings';

/** Properties of the foundation stack. */
export interface FoundationStackProps extends PlatformStackProps {
  /** The AI systems of the stage: which services the trail records follows from them. */
  readonly systems: readonly AiSystem[];
}

/** What all AI systems of a stage share: the platform's own keys, and the trail that records everybody. */
export class FoundationStack extends PlatformStack {
  readonly keys: KeyRing;
  readonly audit: AuditTrail;
  /** How firmly evidence of the stage is held. */
  readonly objectLock: ObjectLock;

  constructor(scope: Construct, id: string, props: FoundationStackProps) {
    super(scope, id, props);
    const { name: stage, stage: settings, organization, removalPolicy } = props.settings;
    this.keys = new KeyRing(this, 'Keys', {
      system: 'platform',
      stage,
      purposes: [Purpose.LOGS, Purpose.AUDIT],
      removalPolicy,
    });
    const mode = settings.objectLock.mode === 'compliance' ? ObjectLockMode.COMPLIANCE : ObjectLockMode.GOVERNANCE;
    this.objectLock = { mode, retention: Duration.days(settings.objectLock.days) };
    const kept = logRetention(organization.retention.logDays);
    this.audit = new AuditTrail(this, 'Audit', {
      stage,
      auditKey: this.keys.key(Purpose.AUDIT),
      logKey: this.keys.key(Purpose.LOGS),
      objectLock: this.objectLock,
      services: servicesOf(props.systems),
      logRetention: kept,
      invocationLogRetention: kept,
      removalPolicy,
    });
    new ApiGatewayLogging(this, 'ApiLogging');
  }
}

/** SageMaker is always recorded: a trained model may arrive with the next manifest. */
function servicesOf(systems: readonly AiSystem[]): AiService[] {
  const bedrock = systems.some(({ model }) => model.source === 'bedrock');
  return bedrock ? [AiService.BEDROCK, AiService.SAGEMAKER] : [AiService.SAGEMAKER];
}
