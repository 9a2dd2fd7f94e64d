import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { App } from 'aws-cdk-lib';
import { ASSUMED_ACCOUNT, accessModel, type PolicyDocument } from '../../../lib/analysis';
import { graphOf } from '../../support/graph';

/** Whoever asks the key. */
export type Caller = 'administrator' | 'deployment' | 'otherAccount' | 'parent' | 'publisher' | 'root' | 'stranger';

/** A request to KMS. */
export interface KeyRequest {
  readonly caller: Caller;
  readonly action: string;
  /** Encryption context. */
  readonly context?: Readonly<Record<string, string>>;
  /** What the attestation document says, by the condition keys of KMS. */
  readonly document?: Readonly<Record<string, string>>;
}

const EVERYTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

const roleArn = (name: string, account = ASSUMED_ACCOUNT) => `arn:aws:iam::${account}:role/${name}`;

/** The policies that decide over an attested key, as the templates of an app deploy them. */
export class KeyPolicies {
  /** The key policy; a test may replace it. */
  readonly keyPolicy: PolicyDocument;
  private readonly keyArn: string;
  private readonly model: ReturnType<typeof accessModel>;

  constructor(app: App) {
    this.model = accessModel(graphOf(app));
    const held = this.model.resources.filter(({ resource }) => resource.path.includes('/Attested/Key'));
    expect(held).toHaveLength(1);
    this.keyPolicy = held[0].policy;
    this.keyArn = held[0].resource.arn;
  }

  /** What IAM decides: `Allowed`, `ExplicitlyDenied` or `ImplicitlyDenied`. */
  async decide({ caller, action, context = {}, document = {} }: KeyRequest, keyPolicy = this.keyPolicy) {
    const { arn, tags, identity, boundaries, account } = this.callerOf(caller);
    const attributes = {
      'aws:PrincipalAccount': account,
      'aws:PrincipalArn': arn,
      'aws:SecureTransport': 'true',
      'kms:CallerAccount': account,
      ...prefixed('aws:PrincipalTag/', tags),
      ...prefixed(CONTEXT, context),
      ...prefixed('kms:RecipientAttestation:', document),
    };
    const request = {
      principal: arn,
      action,
      resource: { resource: this.keyArn, accountId: ASSUMED_ACCOUNT },
      contextVariables: attributes,
    };
    const simulation = {
      request,
      identityPolicies: identity,
      permissionBoundaryPolicies: boundaries,
      resourcePolicy: keyPolicy,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    };
    const result = await runSimulation(withKnownKeys(simulation), {});
    if (result.resultType === 'error') {
      throw new Error(JSON.stringify(result.errors));
    }
    return result.overallResult;
  }

  private callerOf(caller: Caller) {
    const own = { parent: 'Fleet/Parent', publisher: 'Fleet/Publisher' }[caller as string];
    if (own) {
      const [principal] = this.model.principals.filter(({ role }) => role.path.includes(own));
      const { identityPolicies, boundaries, tags, role } = principal;
      return {
        arn: role.arn,
        tags,
        identity: [...identityPolicies],
        boundaries: [...boundaries],
        account: ASSUMED_ACCOUNT,
      };
    }
    const account = caller === 'otherAccount' ? '444455556666' : ASSUMED_ACCOUNT;
    const arns: Record<string, string> = {
      administrator: roleArn('Administrator'),
      deployment: roleArn(`cdk-hnb659fds-cfn-exec-role-${ASSUMED_ACCOUNT}-eu-west-1`),
      otherAccount: roleArn('clinical-notes-enclave-host', account),
      root: `arn:aws:iam::${ASSUMED_ACCOUNT}:root`,
      stranger: roleArn('Stranger'),
    };
    const identity = caller === 'stranger' ? [] : [{ name: 'Everything', policy: EVERYTHING }];
    return { arn: arns[caller], tags: {}, identity, boundaries: undefined, account };
  }
}

const CONTEXT = 'kms:EncryptionContext:';

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

/** iam-simulate 0.1.173 drops `kms:EncryptionContext:<name>` from requests; see test/support/iam.ts. */
function withKnownKeys<T>(simulation: T): T {
  return JSON.parse(JSON.stringify(simulation).replaceAll(CONTEXT, `aws:PrincipalTag/${CONTEXT}`));
}
