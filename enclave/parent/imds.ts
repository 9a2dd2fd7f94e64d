import * as z from 'zod';
import { PalisadeError } from '../../runtime/errors';
import type { AwsCredentials } from '../kms';

/** The instance metadata service of a host. */
export const IMDS = 'http://169.254.169.254';

/** Seconds that a token is good for. */
const TOKEN_SECONDS = '21600';

/** Longest wait for one answer, in milliseconds. */
const TIMEOUT = 2_000;

/** Credentials of the host's role, and when they end. */
export interface RoleCredentials extends AwsCredentials {
  /** ISO 8601. */
  readonly expiration: string;
}

const credentialsSchema = z
  .object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), Token: z.string(), Expiration: z.string() })
  .transform(({ AccessKeyId, SecretAccessKey, Token, Expiration }) => ({
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: Token,
    expiration: Expiration,
  }));

/** What a host is told of itself (IMDSv2: EC2 User Guide, "Instance metadata"). Everything rejects with PALISADE-E385. */
export class InstanceMetadata {
  private token?: Promise<string>;

  constructor(private readonly url = IMDS) {}

  /** Private IPv4 address. */
  localAddress(): Promise<string> {
    return this.get('meta-data/local-ipv4');
  }

  instanceId(): Promise<string> {
    return this.get('meta-data/instance-id');
  }

  /** `InService`, `Terminated` and others (EC2 Auto Scaling User Guide, "Retrieve the target lifecycle state"). */
  targetLifecycleState(): Promise<string> {
    return this.get('meta-data/autoscaling/target-lifecycle-state');
  }

  /** Of the one role that the instance has. */
  async credentials(): Promise<RoleCredentials> {
    const folder = 'meta-data/iam/security-credentials/';
    const text = await this.get(folder + (await this.get(folder)).split('\n')[0]);
    try {
      return credentialsSchema.parse(JSON.parse(text));
    } catch {
      throw fault(folder, 'the answer is no credentials');
    }
  }

  private async get(path: string): Promise<string> {
    try {
      return await this.getWithToken(path);
    } catch {
      // The token may have ended.
      this.token = undefined;
      return this.getWithToken(path);
    }
  }

  private async getWithToken(path: string): Promise<string> {
    this.token ??= this.fetch('api/token', 'PUT', { 'x-aws-ec2-metadata-token-ttl-seconds': TOKEN_SECONDS });
    return this.fetch(path, 'GET', { 'x-aws-ec2-metadata-token': await this.token });
  }

  private async fetch(path: string, method: string, headers: Record<string, string>): Promise<string> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      const response = await fetch(`${this.url}/latest/${path}`, { method, headers, signal });
      if (response.ok) {
        return await response.text();
      }
      throw fault(path, `the answer is ${response.status}`);
    } catch (error) {
      throw error instanceof PalisadeError ? error : fault(path, 'it does not answer');
    }
  }
}

function fault(path: string, problem: string): PalisadeError {
  return new PalisadeError({
    code: 'PALISADE-E385',
    where: `instance metadata: ${path}`,
    problem,
    fix: 'run on the instance itself, with IMDSv2 on and a role attached: the hop limit of 1 keeps containers out',
  });
}
