import { PalisadeError } from '../errors';

const FIX = {
  form: 'take the receipt as the client received it, unchanged',
  match: 'take the receipt, the document and the texts of the same exchange; if they are, something was altered',
};

/** Why a receipt does not hold. */
export function fault(step: string, where: string, problem: string, kind: keyof typeof FIX = 'match'): PalisadeError {
  return new PalisadeError({ code: `PALISADE-${step}`, where: `receipt: ${where}`, problem, fix: FIX[kind] });
}
