import { textOf } from '../../../analysis';
import { asList } from '../../expect';
import type { Statement } from '../../statements';

/** Operators that fail where the request does not have the key. `ForAllValues:`, `...IfExists` and negations pass then. */
const HOLDS_BACK = /^(ForAnyValue:)?(Arn(Equals|Like)|Bool|IpAddress|String(Equals|EqualsIgnoreCase|Like))$/;

/** Whether some condition of a statement demands one of these keys of every request, with values that are no bare wildcards. */
export function demands({ conditions }: Statement, keys: RegExp): boolean {
  return Object.entries(conditions).some(
    ([operator, block]) =>
      HOLDS_BACK.test(operator) && Object.entries(block).some(([key, value]) => keys.test(key) && isDefinite(value)),
  );
}

function isDefinite(value: unknown): boolean {
  const values = asList(value).map(textOf);
  return values.length > 0 && values.every((text) => !/^[*?]*$/.test(text));
}
