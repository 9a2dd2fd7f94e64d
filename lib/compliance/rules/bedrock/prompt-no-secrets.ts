import { textOf } from '../../../analysis';
import { rule } from '../../define-rule';
import { asList, propertyOf, violation } from '../../expect';
import { ALWAYS_ERROR, type Verdict } from '../../rule';
import { credentialIn } from '../models/secret-patterns';

/** Properties that become part of what the model reads, by type. */
const INSTRUCTIONS: Readonly<Record<string, readonly string[]>> = {
  'AWS::Bedrock::Agent': ['Instruction', 'PromptOverrideConfiguration'],
  'AWS::Bedrock::Prompt': ['Variants'],
};

/** No credential stands in what a model is told: sooner or later it says it. */
export const bedrockPromptNoSecrets = rule({
  id: 'BedrockPromptNoSecrets',
  appliesTo: Object.keys(INSTRUCTIONS),
  level: ALWAYS_ERROR,
  annexA: ['A.6.1.3'],
  crosswalk: { owasp: ['LLM07:2025', 'LLM02:2025'], atlas: ['AML.T0056'], nist80053: ['IA-5'] },
  why: 'Users get the instructions of a model out of it with a few questions, and every credential in them.',
  fix: 'Keep the credential in Secrets Manager and let the code that the model calls read it.',
  claims: Object.values(INSTRUCTIONS).flat(),
  beyondGuard: 'credentials are told from other text by many forms',
  check: (resource): Verdict => {
    const told = INSTRUCTIONS[resource.type].filter((property) => propertyOf(resource, property) !== undefined);
    return told.length === 0
      ? undefined
      : told.flatMap((property) =>
          asList(propertyOf(resource, property)).flatMap((item, index) => {
            const credential = credentialIn(textOf(item));
            const at = property === 'Variants' ? `${property}.${index}` : property;
            return credential === undefined ? [] : [violation(at, `found ${credential} in the text`)];
          }),
        );
  },
  compliant: promptOf('Answer from the help pages only.'),
  nonCompliant: promptOf('Call the API with the key AKIAIOSFODNN7EXAMPLE.'),
});

function promptOf(Text: string) {
  const Variants = [{ Name: 'first', TemplateType: 'TEXT', TemplateConfiguration: { Text: { Text } } }];
  return { Prompt: { Type: 'AWS::Bedrock::Prompt', Properties: { Variants } } };
}
