import { PalisadeError } from '../errors';

/** What is wrong with a text that is to be encoded, or with settings: PALISADE-W160 to W164. */
export function fault(code: string, where: string, problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code: `PALISADE-${code}`, where, problem, fix });
}
