import { type GraphResource, Opaque, textOf } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Verdict } from '../../rule';
import { actionsOf, deploys, type PipelineAction, precedes } from '../application/pipeline';

/** Words by which a stage before production is known. */
const BEFORE_PRODUCTION =
  /(^|[^a-z])(dev|development|test|testing|qa|int|integration|beta|gamma|staging|stage|sandbox|preprod|uat)([^a-z]|$)/i;

const PRODUCTION = /(^|[^a-z])(prod|production)([^a-z]|$)/i;

/** A person decides before a pipeline changes production. */
export const governanceApprovalGate = rule({
  id: 'GovernanceApprovalGate',
  scope: 'ai',
  appliesTo: ['AWS::CodePipeline::Pipeline'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.2.5', 'A.9.2'],
  crosswalk: { nist80053: ['CM-3', 'AC-5'], nistAiRmf: ['MANAGE 1.1', 'GOVERN 3.2'], euAiAct: ['Art. 14', 'Art. 9'] },
  why: 'Without a gate, whoever can merge can put a model before the public that nobody has accepted.',
  fix: 'Put an action of category Approval and provider Manual before each action that deploys to production.',
  claims: ['Stages'],
  beyondGuard: 'what comes before what depends on the order of stages and of actions in them',
  check: judge,
  compliant: example({ Name: 'Approve', ActionTypeId: { Category: 'Approval', Provider: 'Manual' } }),
  nonCompliant: example({ Name: 'Test', ActionTypeId: { Category: 'Test', Provider: 'CodeBuild' } }),
});

function judge(pipeline: GraphResource): Verdict {
  const actions = actionsOf(pipeline);
  if (actions instanceof Opaque) {
    return [unresolved('Stages', actions)];
  }
  const byDefault = inProduction.holds(pipeline);
  const deployments = actions.filter(deploys).filter((action) => reachesProduction(action, byDefault));
  const gates = actions.filter(({ category, provider }) => category === 'Approval' && provider === 'Manual');
  return deployments.length === 0
    ? undefined
    : deployments
        .filter((deployment) => !gates.some((gate) => precedes(gate, deployment)))
        .map(({ stage, name }) => violation('Stages', `${stage}/${name} deploys before anybody has approved`));
}

/** What names no stage belongs to that of the pipeline. */
function reachesProduction({ stage, name, configuration }: PipelineAction, byDefault: boolean): boolean {
  const names = inWords(`${stage} ${name}`);
  const text = `${names} ${textOf(configuration ?? '')}`;
  return PRODUCTION.test(text) || (byDefault && !BEFORE_PRODUCTION.test(names));
}

/** `DeployModelStaging` is three words. */
function inWords(names: string): string {
  return names.replace(/([a-z])(?=[A-Z])/g, '$1 ');
}

function example(action: object) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  const deploy = { Name: 'Deploy', ActionTypeId: { Category: 'Deploy', Provider: 'CloudFormation' }, RunOrder: 2 };
  const Stages = [{ Name: 'Prod', Actions: [{ ...action, RunOrder: 1 }, deploy] }];
  return { Pipeline: { Type: 'AWS::CodePipeline::Pipeline', Properties: { Tags, Stages } } };
}
