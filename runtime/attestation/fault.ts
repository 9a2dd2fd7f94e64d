import { PalisadeError } from '../errors';

const FIX = {
  form: 'take the document as the enclave gave it; nothing that was altered on the way can be trusted',
  policy: 'compare with the reviewed measurements and with what this client sent; do not loosen the policy',
  usage: 'correct the policy',
};

/** Why a document is refused. `kind` chooses what the reader should do about it. */
export function fault(step: string, where: string, problem: string, kind: keyof typeof FIX = 'form'): PalisadeError {
  return new PalisadeError({
    code: `PALISADE-${step}`,
    where: `attestation document: ${where}`,
    problem,
    fix: FIX[kind],
  });
}
