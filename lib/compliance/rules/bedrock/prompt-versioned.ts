import type { GraphResource, TemplateGraph } from '../../../analysis';
import { inProduction } from '../../conditions';
import { rule } from '../../define-rule';
import { propertyOf, violation } from '../../expect';
import { ALWAYS_WARNING, type MinimalTemplate, type Violation } from '../../rule';

/** A prompt of production has a version, which cannot change. */
export const bedrockPromptVersioned = rule({
  id: 'BedrockPromptVersioned',
  appliesTo: ['AWS::Bedrock::Prompt'],
  level: ALWAYS_WARNING,
  annexA: ['A.6.2.3', 'A.6.2.5'],
  crosswalk: { nist80053: ['CM-2', 'CM-3'], owasp: ['LLM07:2025'] },
  why: 'An answer cannot be explained, and a bad edit not undone, when the prompt behind it has been overwritten.',
  fix: 'Add an AWS::Bedrock::PromptVersion whose PromptArn is the prompt, and call that version.',
  appliesWhen: [inProduction],
  claims: [],
  beyondGuard: 'the version is another resource',
  check: (prompt, graph) => (propertyOf(prompt, 'Variants') === undefined ? undefined : versionless(prompt, graph)),
  compliant: promptWithVersionOf({ 'Fn::GetAtt': ['Prompt', 'Arn'] }),
  nonCompliant: promptWithVersionOf('arn:aws:bedrock:eu-west-1:111122223333:prompt/ANOTHER001'),
});

function versionless(prompt: GraphResource, graph: TemplateGraph): Violation[] {
  const versions = [prompt.arn, prompt.name].flatMap((id) =>
    graph.where('AWS::Bedrock::PromptVersion', 'PromptArn', id),
  );
  return versions.length > 0 ? [] : [violation('Variants', 'found no AWS::Bedrock::PromptVersion of this prompt')];
}

function promptWithVersionOf(PromptArn: unknown): MinimalTemplate {
  return {
    Prompt: { Type: 'AWS::Bedrock::Prompt', Properties: { Variants: [{ Name: 'first' }] } },
    Version: { Type: 'AWS::Bedrock::PromptVersion', Properties: { PromptArn } },
  };
}
