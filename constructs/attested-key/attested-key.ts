import { BootstraplessSynthesizer, DefaultStackSynthesizer, Fn, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { PalisadeError } from '../../runtime/errors';
import type { EnclaveMeasurements } from '../../runtime/measurements';
import { SignalAlarms } from '../audit-trail/signal-alarms';
import { dataRemovalPolicy } from '../workload';
import { EnclavePin, GIVEN_ACTIONS, pinsOf } from './attestation-gate';
import { attestedKeyPolicy, INSPECTION_ACTIONS, inContext } from './key-policy';
import { type KeyWatch, keySignals } from './key-signals';
import { arnOf, knownArnOf, pcr3Of } from './parent-role';

/** Properties of an attested key. */
export interface AttestedKeyProps {
  /** AI system whose enclaves use the key. Lower-case kebab case, at most 40 characters. */
  readonly system: string;
  /** Stage that owns the key, such as `dev` or `prod`. Lower-case kebab case, at most 40 characters. */
  readonly stage: string;
  /** What the key protects, such as `model`. Lower-case kebab case, at most 40 characters. */
  readonly purpose: string;
  /**
   * Images that get plaintext: `loadMeasurements('enclave/measurements/<system>.json')`. Several generations overlap
   * during a rollout; what is removed from the file is refused from the next deployment on.
   */
  readonly measurements: EnclaveMeasurements;
  /** What images are recognized by. @default EnclavePin.IMAGE */
  readonly pin?: EnclavePin;
  /**
   * Role of the instances whose enclaves use the key. Nothing else is ever given plaintext.
   *
   * PCR4, which would bind a single instance, is the hash of an id that a fleet does not know before it launches.
   */
  readonly parentRole: iam.IRole;
  /**
   * Asks for PCR3 too, the hash of the ARN of the parent role: the same image on instances of another role gets nothing.
   * The ARN must be known at synth, so the role needs a fixed name, and its stack an account and a Region.
   * @default true
   */
  readonly bindParentRole?: boolean;
  /** Shows attempts at the key, and tells of them: an `AuditTrail`, or a log group that a trail writes to. */
  readonly watch: KeyWatch;
  /**
   * Who administers the key: describes, disables, rotates and deletes it. Never uses it, and never changes its policy.
   * @default - principals of the account whose IAM policies allow it
   */
  readonly administrators?: iam.IPrincipal[];
  /**
   * ARNs of the only roles that may change the key policy, and so what the key opens to. They are named by a condition
   * and need not exist, so that a role that was deleted can be made anew.
   * @default - the CloudFormation execution role with which the CDK deploys the stack
   */
  readonly policyAdministrators?: string[];
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** In bytes (KMS Developer Guide, "Key policy document size"). */
const LONGEST_POLICY = 32_768;

/**
 * A CMK whose plaintext reaches measured enclaves only.
 *
 * The key policy allows plaintext to the role of the parent instances with a matching attestation document, under the
 * encryption context of one system and purpose, and denies it to everyone else: to administrators with `kms:*`, to the
 * root user, and to the parent role itself outside the enclave. Grants, replication and re-encryption are denied to all,
 * the policy changes with deployments only, and each attempt raises an alarm.
 *
 * Throws PALISADE-E400 for a name, E401 for measurements of another system, E402 and E403 for measurements that the key
 * cannot ask for, E404 for a parent role whose ARN is not known, E405 where no deployment role is known, E406 for a
 * policy that KMS would not take.
 */
export class AttestedKey extends Construct {
  /** ARN of the key. Use it rather than the alias, which can be pointed at another key. */
  readonly keyArn: string;
  /** Id of the key. */
  readonly keyId: string;
  /** What every request must carry as its encryption context; KMS logs it in CloudTrail in clear text. */
  readonly encryptionContext: Readonly<Record<'purpose' | 'system', string>>;
  /** Tag that marks a role as a publisher, which encrypts with this key. */
  readonly publisherTag: string;

  private readonly policy: iam.PolicyDocument;
  /** Holds for requests in the encryption context. */
  private readonly conditions: { StringEquals: Record<string, string> };

  constructor(scope: Construct, id: string, props: AttestedKeyProps) {
    super(scope, id);
    const { system, stage, purpose, measurements, parentRole } = props;
    this.requireNames(system, stage, purpose);
    this.requireOwn(measurements, system);
    this.encryptionContext = { system, purpose };
    this.conditions = { StringEquals: inContext(this.encryptionContext) };
    const name = `${stage}/${system}/attested/${purpose}`;
    this.publisherTag = `palisade:key/${name}`;

    const bound = props.bindParentRole ?? true;
    const parentRoleArn = bound ? knownArnOf(parentRole) : arnOf(parentRole);
    const pins = pinsOf(measurements, props.pin ?? EnclavePin.IMAGE, bound ? pcr3Of(parentRoleArn) : undefined);
    this.policy = attestedKeyPolicy({
      pins,
      parentRoleArn,
      encryptionContext: this.encryptionContext,
      publisherTag: this.publisherTag,
      administrators: props.administrators,
      policyAdministrators: props.policyAdministrators ?? [this.deploymentRole()],
    });
    this.requireSize();

    const key = new kms.Key(this, 'Key', {
      description: `Opens ${purpose} of ${system} in ${stage} to measured enclaves`,
      alias: `palisade/${name}`,
      enableKeyRotation: true,
      removalPolicy: dataRemovalPolicy(this, props.removalPolicy),
      policy: this.policy,
    });
    this.keyArn = key.keyArn;
    this.keyId = key.keyId;
    this.allow(parentRole, GIVEN_ACTIONS, this.conditions);
    new SignalAlarms(this, 'Alarms', {
      signals: keySignals(key, parentRoleArn),
      logGroup: props.watch.logGroup,
      topic: props.watch.alarmTopic,
      metricNamespace: `Palisade/${stage}/${system}/AttestedKey/${purpose}`,
    });
  }

  /**
   * Lets `grantee` wrap data keys for the enclaves, and unwrap none. Roles of the app are admitted by tag, roles made
   * elsewhere by name. Throws PALISADE-E406 when the policy grows too long.
   */
  grantEncrypt(grantee: iam.IGrantable): iam.Grant {
    const principal = grantee.grantPrincipal;
    if (principal instanceof iam.Role && principal.node.defaultChild instanceof iam.CfnRole) {
      principal.node.defaultChild.tags.setTag(this.publisherTag, 'encrypt');
    } else {
      this.policy.addStatements(
        new iam.PolicyStatement({
          principals: [principal],
          actions: ['kms:Encrypt'],
          resources: ['*'],
          conditions: this.conditions,
        }),
      );
      this.requireSize();
    }
    return this.allow(grantee, ['kms:Encrypt'], this.conditions);
  }

  /** Lets `grantee` read the key's state and policy, as `palisade enclave doctor` does. */
  grantInspect(grantee: iam.IGrantable): iam.Grant {
    return this.allow(grantee, INSPECTION_ACTIONS);
  }

  private allow(
    grantee: iam.IGrantable,
    actions: string[],
    conditions?: iam.CommonGrantOptions['conditions'],
  ): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.keyArn], conditions });
  }

  private deploymentRole(): string {
    const { synthesizer } = Stack.of(this);
    if (synthesizer instanceof DefaultStackSynthesizer && !(synthesizer instanceof BootstraplessSynthesizer)) {
      // Written for the cloud assembly, where `${AWS::Partition}` stands for itself.
      return Fn.sub(synthesizer.cloudFormationExecutionRoleArn);
    }
    throw this.error(
      'E405',
      'the synthesizer of the stack names no CloudFormation execution role, so nobody could change the key policy again',
      'give policyAdministrators the ARN of the role that deploys the stack',
    );
  }

  private requireNames(...names: string[]): void {
    const wrong = names.find((name) => !NAME.test(name));
    if (wrong !== undefined) {
      throw this.error(
        'E400',
        `'${wrong}' is not a name: expected ${NAME}`,
        'use lower-case letters, digits and hyphens, starting with a letter, at most 40 characters',
      );
    }
  }

  private requireOwn(measurements: EnclaveMeasurements, system: string): void {
    if (measurements.system !== system) {
      throw this.error(
        'E401',
        `measurements are of '${measurements.system}', the key is of '${system}'`,
        `load enclave/measurements/${system}.json`,
      );
    }
  }

  /** As the template has it: references are longer there than what they become. */
  private requireSize(): void {
    const size = Buffer.byteLength(JSON.stringify(Stack.of(this).resolve(this.policy)));
    if (size > LONGEST_POLICY) {
      throw this.error(
        'E406',
        `the key policy has ${size} bytes, KMS takes ${LONGEST_POLICY}`,
        'remove old generations from the measurements, or give publishers roles of the app instead of naming them',
      );
    }
  }

  private error(code: string, problem: string, fix: string): PalisadeError {
    return new PalisadeError({ code: `PALISADE-${code}`, where: this.node.path, problem, fix });
  }
}
