import { KEYS_RULES } from '../../../../lib/compliance/rules/keys';
import { describeRules } from '../../../support/rules';

describeRules(KEYS_RULES);
