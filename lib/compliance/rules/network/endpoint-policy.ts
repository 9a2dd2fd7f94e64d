import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED } from '../../rule';
import { type Statement, statementsOf } from '../../statements';
import { demands } from '../identity/demands';
import { servesAi } from './workloads';

/** Every VPC endpoint has a policy that keeps own principals to own resources: a data perimeter, not AWS's default full access. */
export const networkEndpointPolicy = rule({
  id: 'NetworkEndpointPolicy',
  appliesTo: ['AWS::EC2::VPCEndpoint'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.4.5', 'A.7.2'],
  crosswalk: { nist80053: ['AC-4', 'SC-7'], atlas: ['AML.T0025'] },
  why: 'With the default policy, whoever controls a workload copies data through the endpoint into a bucket of another account.',
  fix: 'Bind every statement by aws:PrincipalAccount or aws:PrincipalOrgID, and by aws:ResourceAccount, aws:ResourceOrgID or named resources.',
  claims: ['', '.Principal', '.Resource', '.Condition'].map((element) => `PolicyDocument.Statement.*${element}`),
  beyondGuard: 'whether a statement holds somebody back depends on all of its conditions together',
  check: (endpoint, graph) => {
    const { PolicyDocument, VpcId } = endpoint.properties;
    if (!takesPolicy(endpoint) || !servesAi(endpoint, [VpcId], graph)) {
      return undefined;
    }
    if (PolicyDocument instanceof Opaque) {
      return [unresolved('PolicyDocument', PolicyDocument)];
    }
    const statements = statementsOf(PolicyDocument);
    return statements.length === 0
      ? [violation('PolicyDocument', 'found no statement: AWS then allows everyone everything')]
      : statements.flatMap((statement) => {
          const hole = holeOf(statement);
          const name = statement.sid || `number ${statement.index}`;
          return hole
            ? [violation(`PolicyDocument.Statement.${statement.index}`, `statement ${name} lets ${hole}`)]
            : [];
        });
  },
  compliant: endpointWith({
    StringEquals: { 'aws:PrincipalAccount': '111122223333', 'aws:ResourceAccount': '111122223333' },
  }),
  nonCompliant: endpointWith(undefined),
});

/** Only endpoints of AWS services have policies (Amazon VPC User Guide, AWS PrivateLink); services of others do not. */
function takesPolicy({ properties: { VpcEndpointType = 'Gateway', ServiceName } }: GraphResource): boolean {
  return (
    ['Gateway', 'Interface'].includes(textOf(VpcEndpointType)) && !/^com\.amazonaws\.vpce\./.test(textOf(ServiceName))
  );
}

const PRINCIPALS = /^aws:principal(account|arn|org(id|paths)|tag\/.+)$/i;
const RESOURCES = /^aws:resource(account|org(id|paths)|tag\/.+)$/i;

/**
 * Actions that act on no resource, so that no condition on one can hold (Service Authorization Reference). A name without
 * wildcards that lists or describes tells about the caller's own account only.
 */
const WITHOUT_RESOURCE =
  /^([a-z0-9-]+:(Describe|List|Search)\w*|cloudwatch:(Get|Put)Metric\w+|ecr:GetAuthorizationToken|kms:GenerateRandom|ssm:(GetManifest|PutConfigurePackageResult|PutInventory)|sts:(GetCallerIdentity|GetSessionToken)|(ec2messages|ssmmessages):\w+|xray:\w+)$/i;

/** Models of Bedrock belong to no account: a call is the caller's, and so is the log of its prompts. */
const OF_NO_ACCOUNT = /^arn:[^:]*:bedrock:[^:]*::/;

/**
 * What a statement leaves open. One that names its resources may be open to anyone: AWS reads ECR's layers with URLs that
 * it signs itself.
 */
function holeOf(statement: Statement): string | undefined {
  const { effect, principals, resources, actions, inverted } = statement;
  const ownPrincipals = !principals.includes('*') || demands(statement, PRINCIPALS);
  if (effect === 'Allow' && !ownPrincipals && resources.some((resource) => OF_NO_ACCOUNT.test(resource))) {
    return 'principals of any account call models, and their accounts keep what they are told';
  }
  if (effect !== 'Allow' || !(inverted || resources.includes('*'))) {
    return undefined;
  }
  const ownResources =
    demands(statement, RESOURCES) || (!inverted && actions.every((action) => WITHOUT_RESOURCE.test(action)));
  if (ownPrincipals) {
    return ownResources ? undefined : 'own principals reach resources of any account';
  }
  return ownResources ? 'principals of any account in' : 'any principal reach any resource';
}

function endpointWith(Condition: object | undefined) {
  const Statement = [{ Sid: 'Own', Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*', Condition }];
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  return { Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { PolicyDocument: { Statement }, Tags } } };
}
