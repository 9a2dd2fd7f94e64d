import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ClosedSecurityGroup, type FunctionNetwork } from '../workload';
import type { IEnclaveFleet, IServing } from './served-model';

/** A fleet of enclaves, as a gateway that cannot read needs it: an address, and a way through the security groups. */
export class SealedServing extends Construct implements IServing {
  readonly gatewaySettings: Record<string, string>;
  private readonly group: ec2.SecurityGroup;

  /**
   * @param network where the gateway runs
   */
  constructor(
    scope: Construct,
    id: string,
    fleet: IEnclaveFleet,
    private readonly network: FunctionNetwork,
  ) {
    super(scope, id);
    this.gatewaySettings = { ENCLAVE_URL: fleet.url, ENCLAVE_NAME: fleet.fleetName };
    this.group = new ClosedSecurityGroup(this, 'Group', {
      vpc: network.vpc,
      description: 'Gateway of one AI system: to the balancer of its enclaves',
    });
    // From this side, so that both rules are of this stack, wherever the fleet is.
    this.group.connections.allowToDefaultPort(fleet, 'Sealed requests of the gateway');
  }

  /** No policy opens an enclave: the network does, and what is sealed. */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.drop(grantee, 'an enclave is reached by the network');
  }

  /**
   * Lets one gateway through. Its tier's group would let in the gateways of other AI systems too, past the IAM permissions
   * and the records of this one.
   */
  admit(gateway: lambda.Function): void {
    const groups = [this.network.securityGroup, this.group];
    (gateway.node.defaultChild as lambda.CfnFunction).addPropertyOverride(
      'VpcConfig.SecurityGroupIds',
      groups.map(({ securityGroupId }) => securityGroupId),
    );
  }
}
