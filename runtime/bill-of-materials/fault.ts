import { PalisadeError } from '../errors';

/** A bill of materials that is not in order: PALISADE-S040 its form, S041 its references, S042 a file that is not the pinned one. */
export function fault(code: 'S040' | 'S041' | 'S042', where: string, problem: string, fix: string): PalisadeError {
  return new PalisadeError({ code: `PALISADE-${code}`, where, problem, fix });
}
