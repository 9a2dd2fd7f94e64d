import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { PurposeKey } from '../key-ring';
import { dataRemovalPolicy } from '../workload/data-removal';

/** Properties of caller limits. */
export interface CallerLimitsProps {
  /** Encrypts the counters. */
  readonly encryptionKey: PurposeKey;
  /** Requests of one caller in a minute. */
  readonly requestsPerMinute: number;
  /** Tokens of one caller in a day, in and out. */
  readonly tokensPerDay: number;
  /** DESTROY takes effect only together with the context switch `palisade:allowDataRemoval`. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

/** Counters of what each caller has used, by pseudonym and window: in a table, where all instances of a gateway see them. */
export class CallerLimits extends Construct {
  /** The table. */
  readonly table: dynamodb.ITable;
  /** Settings of the gateway function. */
  readonly gatewaySettings: Record<string, string>;

  private readonly key: PurposeKey;

  constructor(scope: Construct, id: string, props: CallerLimitsProps) {
    super(scope, id);
    this.key = props.encryptionKey;
    // DynamoDB Developer Guide, "Authorizing use of your AWS KMS keys in DynamoDB": it tries the key with the deployer's session.
    this.key.allowProvisioning(
      'dynamodb',
      'kms:Decrypt',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    );
    const removalPolicy = dataRemovalPolicy(this, props.removalPolicy);
    this.table = new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'counter', type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: 'expires',
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy,
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
    });
    this.gatewaySettings = {
      LIMITS_TABLE: this.table.tableName,
      REQUESTS_PER_MINUTE: String(props.requestsPerMinute),
      TOKENS_PER_DAY: String(props.tokensPerDay),
    };
  }

  /** Lets `grantee` raise and correct counters, and not read them: a conditional write needs no read. */
  grantCount(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:UpdateItem'],
      resourceArns: [this.table.tableArn],
    }).combine(this.key.grant(grantee, 'kms:Decrypt'));
  }
}
