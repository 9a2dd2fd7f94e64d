import { type GraphResource, Opaque } from '../../../analysis';
import { propertyOf } from '../../expect';
import { type Statement, statementsOf } from '../../statements';

/** Where a model package group has its resource policy. */
export const GROUP_POLICY = 'ModelPackageGroupPolicy';

/** Statements of the policy, which CloudFormation takes as an object or as its JSON text; `Opaque` where only a deployment knows it. */
export function groupStatements(group: GraphResource): readonly Statement[] | Opaque {
  const policy = parsed(propertyOf(group, GROUP_POLICY));
  return policy instanceof Opaque ? policy : statementsOf(policy);
}

function parsed(policy: unknown): unknown {
  if (typeof policy !== 'string') {
    return policy;
  }
  try {
    return JSON.parse(policy);
  } catch {
    return new Opaque('policy that is not JSON');
  }
}
