import { PalisadeError } from '../errors';

/** What is wrong with a ledger: PALISADE-L001 to L016, each with the entry or checkpoint it was found at. */
export function fault(code: string, where: string, problem: string, fix = FIX): PalisadeError {
  return new PalisadeError({ code: `PALISADE-${code}`, where, problem, fix });
}

const FIX = 'compare with another copy: the bucket keeps every version; treat it as an incident if the bucket differs';
