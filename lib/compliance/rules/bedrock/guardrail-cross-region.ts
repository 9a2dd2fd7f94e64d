import { holdsPersonalData } from '../../conditions';
import { rule } from '../../define-rule';
import { isAbsent, matches } from '../../requirements';
import { ERROR_FROM_LIMITED } from '../../rule';

const PERSONAL = [{ Key: 'ai:data-class', Value: 'personal' }];

/**
 * Personal data is processed in the Region that it was sent to. Bedrock chooses the destination of a cross-Region
 * profile for each request; a residency that covers all of them is an accepted finding, with the person who decided it.
 */
export const bedrockGuardrailCrossRegion = rule({
  id: 'BedrockGuardrailCrossRegion',
  level: ERROR_FROM_LIMITED,
  annexA: ['A.7.2', 'A.10.3'],
  crosswalk: { nist80053: ['SA-9', 'AC-4'] },
  why: 'A cross-Region profile sends prompts with personal data to Regions that nobody agreed to, at each request anew.',
  fix: 'Leave out CrossRegionConfig, and copy an application inference profile from a foundation model of the Region.',
  appliesWhen: [holdsPersonalData],
  requires: {
    'AWS::Bedrock::ApplicationInferenceProfile': [
      matches('ModelSource.CopyFrom', /:foundation-model./, 'a foundation model of this Region'),
    ],
    'AWS::Bedrock::Guardrail': [isAbsent('CrossRegionConfig')],
  },
  compliant: {
    Profile: {
      Type: 'AWS::Bedrock::ApplicationInferenceProfile',
      Properties: {
        Tags: PERSONAL,
        ModelSource: { CopyFrom: 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0' },
      },
    },
  },
  nonCompliant: {
    Profile: {
      Type: 'AWS::Bedrock::ApplicationInferenceProfile',
      Properties: {
        Tags: PERSONAL,
        ModelSource: {
          CopyFrom: 'arn:aws:bedrock:eu-west-1:111122223333:inference-profile/global.amazon.nova-2-lite-v1:0',
        },
      },
    },
  },
});
