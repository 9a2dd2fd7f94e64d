import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IEnclaveFleet, IServing } from './served-model';

/** A fleet of enclaves, as a gateway that cannot read needs it: an address, and a way through the security groups. */
export class SealedServing implements IServing {
  readonly gatewaySettings: Record<string, string>;

  /**
   * @param gateway security group of the gateway, which reaches nothing else there
   */
  constructor(fleet: IEnclaveFleet, gateway: ec2.ISecurityGroup) {
    this.gatewaySettings = { ENCLAVE_URL: fleet.url, ENCLAVE_NAME: fleet.fleetName };
    fleet.connections.allowDefaultPortFrom(gateway, 'Sealed requests of the gateway');
  }

  /** No policy opens an enclave: the network does, and what is sealed. */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.drop(grantee, 'an enclave is reached by the network');
  }
}
