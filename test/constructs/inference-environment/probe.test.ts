import * as iam from 'aws-cdk-lib/aws-iam';
import { WorkloadRole } from '../../../constructs';
import { accessModel } from '../../../lib/analysis';
import { RULES } from '../../../lib/compliance';
import { evaluateRules } from '../../../lib/compliance/engine';
import { graphOf } from '../../support/graph';
import { appWithFlags, Surroundings } from './stacks';
import { nagErrors } from '../../support/nag';
import { Tags } from 'aws-cdk-lib';

test('probe', () => {
  const app = appWithFlags();
  const stack = new Surroundings(app);
  const environment = stack.serve(stack.enclaveModel());
  const role = new WorkloadRole(stack, 'App', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'), description: 'x' });
  environment.grantInvoke(role);
  Tags.of(app).add('ai:system-id', 'scoring');
  const graph = graphOf(app);
  const { resources, principals } = accessModel(graph);
  console.log(JSON.stringify(resources.map(({ resource, policy }) => [resource.path, resource.arn, policy])).slice(0, 6000));
  console.log(JSON.stringify(principals.map(({ role, identityPolicies }) => [role.path, identityPolicies])).slice(0, 6000));
  const findings = evaluateRules(graph, RULES as never);
  console.log(JSON.stringify(findings, (k, v) => (k === 'resource' ? v.path : v), 1).slice(0, 6000));
  console.log(nagErrors(app));
});
