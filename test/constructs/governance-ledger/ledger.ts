import { type App, Stack, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { GovernanceLedger, type GovernanceLedgerProps, KeyRing, Purpose, WorkloadRole } from '../../../constructs';
import { appWithFlags, ENV } from '../inference-environment/stacks';

const TAGS = {
  'system-id': 'governance',
  impact: 'high',
  owner: 'governance@example.com',
  stage: 'prod',
  'data-class': 'confidential',
};

/** A stack with a ledger, and the roles of two systems: a gateway that records and an auditor who reads. */
export class LedgerStack extends Stack {
  readonly ledger: GovernanceLedger;

  constructor(props: Partial<GovernanceLedgerProps> = {}, app: App = appWithFlags()) {
    super(app, 'Stack', { env: ENV });
    for (const [tag, value] of Object.entries(TAGS)) {
      Tags.of(this).add(`ai:${tag}`, value);
    }
    const keys = new KeyRing(this, 'Keys', {
      system: 'governance',
      stage: 'prod',
      purposes: [Purpose.AUDIT, Purpose.LOGS],
    });
    const vpc = new ec2.Vpc(this, 'Vpc', {
      natGateways: 0,
      subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
      restrictDefaultSecurityGroup: false,
    });
    const securityGroup = new ec2.SecurityGroup(this, 'Group', { vpc, allowAllOutbound: false });
    const alarmTopic = new sns.Topic(this, 'Topic', { masterKey: keys.key(Purpose.LOGS) });
    this.ledger = new GovernanceLedger(this, 'Ledger', { keys, network: { vpc, securityGroup }, alarmTopic, ...props });
    this.ledger.grantAppend(this.role('Scoring'), 'credit-scoring');
    this.ledger.grantAppend(this.role('Chat'), 'chat');
    this.ledger.grantRead(this.role('Auditor'));
  }

  private role(id: string): WorkloadRole {
    const assumedBy = new iam.ServicePrincipal('lambda.amazonaws.com');
    return new WorkloadRole(this, id, { assumedBy, description: id });
  }
}
