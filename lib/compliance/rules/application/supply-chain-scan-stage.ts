import { type GraphResource, Opaque, type TemplateGraph } from '../../../analysis';
import { rule } from '../../define-rule';
import { unresolved, violation } from '../../expect';
import { ERROR_FROM_LIMITED, type Verdict } from '../../rule';
import { actionsOf, buildSpecOfAction, deploys, type PipelineAction, precedes } from './pipeline';

/** What must be looked for before a release, and the words by which well-known tools for it show, in names and commands. */
const SCANS: Readonly<Record<string, RegExp>> = {
  'insecure code': /\b(sast|semgrep|codeql|bandit|sonar\w*|codeguru|snyk|gosec|eslint-plugin-security)\b/i,
  secrets: /\b(gitleaks|trufflehog|detect-secrets|git-secrets|secretlint|secret[- ]?scan\w*)\b/i,
  'vulnerable dependencies':
    /\b(npm audit|pnpm audit|yarn audit|pip-audit|osv-scanner|trivy|grype|snyk|dependency[- ]?(audit|check|scan)\w*|InspectorScan|cargo audit|govulncheck)\b/i,
  'a bill of materials': /\b(sbom|syft|cyclonedx\w*|cdxgen|spdx\w*|InspectorScan)\b/i,
};

/** The same for models of one's own, which an assembly without SageMaker models does not have. */
const MODEL_SCANS = {
  'model files that run code':
    /\b(modelscan|picklescan|fickling|model[- ]?(artifact|artefact)?[- ]?scan\w*|artifact[- ]?scan\w*)\b/i,
};

const MODEL_TYPES = ['AWS::SageMaker::Model', 'AWS::SageMaker::ModelPackageGroup', 'AWS::SageMaker::Pipeline'];

/** Nothing is deployed before its code, its secrets, its dependencies and its model files have been looked at. */
export const supplyChainScanStage = rule({
  id: 'SupplyChainScanStage',
  scope: 'ai',
  appliesTo: ['AWS::CodePipeline::Pipeline'],
  level: ERROR_FROM_LIMITED,
  annexA: ['A.6.1.3', 'A.6.2.4', 'A.10.3'],
  crosswalk: {
    nist80053: ['RA-5', 'SA-11', 'SR-3', 'SR-4'],
    nistAiRmf: ['MAP 4.1', 'GOVERN 6.1'],
    owasp: ['LLM03:2025', 'LLM04:2025'],
    atlas: ['AML.T0010'],
  },
  why: 'A poisoned package or a pickled model goes to production as fast as the pipeline runs.',
  fix: 'Before the first deploy action, run tools for each of the named scans, and name them in the action or command.',
  claims: ['Stages'],
  beyondGuard: 'actions, build projects and their commands must be read together and in order',
  check: judge,
  compliant: example('semgrep ci && gitleaks detect && npm audit && modelscan -p model && syft . -o cyclonedx-json'),
  nonCompliant: example('npm ci && npm test'),
});

function judge(pipeline: GraphResource, graph: TemplateGraph): Verdict {
  const actions = actionsOf(pipeline);
  if (actions instanceof Opaque) {
    return [unresolved('Stages', actions)];
  }
  const deployments = actions.filter(deploys);
  if (deployments.length === 0) {
    return undefined;
  }
  const before = actions.filter((action) => deployments.every((deployment) => precedes(action, deployment)));
  const missing = missingScans(before, graph);
  const unread = before.map((action) => buildSpecOfAction(action, graph)).find((spec) => spec instanceof Opaque);
  if (missing.length === 0) {
    return [];
  }
  return unread instanceof Opaque
    ? [unresolved('Stages', unread)]
    : [violation('Stages', `before the first deployment, nothing looks for ${missing.join(', ')}`)];
}

function missingScans(actions: readonly PipelineAction[], graph: TemplateGraph): string[] {
  const text = actions.map((action) => evidenceOf(action, graph)).join('\n');
  const scans = Object.entries(graph.ofType(...MODEL_TYPES).length > 0 ? { ...SCANS, ...MODEL_SCANS } : SCANS);
  return scans.filter(([, evidence]) => !evidence.test(text)).map(([scan]) => scan);
}

/** What an action is called, who provides it, and what it runs. */
function evidenceOf(action: PipelineAction, graph: TemplateGraph): string {
  const spec = buildSpecOfAction(action, graph);
  return `${action.stage} ${action.name} ${action.provider} ${spec instanceof Opaque ? '' : (spec ?? '')}`;
}

function example(commands: string) {
  const Tags = [{ Key: 'ai:system-id', Value: 'x' }];
  const build = {
    Name: 'Build',
    ActionTypeId: { Category: 'Build', Provider: 'CodeBuild' },
    Configuration: { ProjectName: { Ref: 'Project' } },
  };
  const deploy = { Name: 'Deploy', ActionTypeId: { Category: 'Deploy', Provider: 'CloudFormation' } };
  const Stages = [
    { Name: 'Build', Actions: [build] },
    { Name: 'Deploy', Actions: [deploy] },
  ];
  return {
    Project: { Type: 'AWS::CodeBuild::Project', Properties: { Source: { BuildSpec: commands } } },
    Pipeline: { Type: 'AWS::CodePipeline::Pipeline', Properties: { Tags, Stages } },
  };
}
