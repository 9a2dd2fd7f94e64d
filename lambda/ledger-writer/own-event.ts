import { PalisadeError } from '../../runtime/errors';
import { type LedgerEvent, requireEvent } from '../../runtime/ledger';

/**
 * The event, if its caller may speak for its system. An alias of the function is one system, and IAM says who may call which:
 * AWS puts the alias that was called into the function's ARN.
 *
 * Throws PALISADE-L001 for what is no event, PALISADE-L102 for one of another system or stage.
 */
export function requireOwnEvent(value: unknown, invokedFunctionArn: string, stage: string): LedgerEvent {
  const event = requireEvent(value);
  const [, , , , , , , alias = 'none'] = invokedFunctionArn.split(':');
  if (event.system !== alias || event.stage !== stage) {
    throw new PalisadeError({
      code: 'PALISADE-L102',
      where: 'event',
      problem: `of ${event.system} in ${event.stage}, asked for by the alias ${alias} in ${stage}`,
      fix: 'call the alias of the function that is named as the system: GovernanceLedger.grantAppend makes and opens it',
    });
  }
  return event;
}
