import { RULES } from '../../../lib/compliance';
import { describeGuard } from '../../support/rules';

describeGuard(RULES);
