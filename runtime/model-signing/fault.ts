import { PalisadeError } from '../errors';

/** A signature that is not in order: PALISADE-S020 its form, S021 its signature, S022 what it does not support, S023 what cannot be signed. */
export function fault(
  code: 'S020' | 'S021' | 'S022' | 'S023',
  where: string,
  problem: string,
  fix = FIX,
): PalisadeError {
  return new PalisadeError({ code: `PALISADE-${code}`, where, problem, fix });
}

const FIX = 'get model and signature from their publisher again; do not load the model';
