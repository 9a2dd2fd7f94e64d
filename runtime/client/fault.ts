import { PalisadeError } from '../errors';

const FIX = {
  options: 'correct the options or the call',
  enclave: 'look at the enclave: its agent, its log, palisade enclave doctor; then call again',
  identity: 'check the address, and that the client names the system and model that it wants',
  fleet:
    'where several enclaves answer at one address, let each client reach one of them (docs/client.md, "Several enclaves")',
  receipt: 'set `receipts: true`, and read the answer to its end',
};

/** Why a call did not come to an answer. `kind` chooses what the reader should do about it. */
export function fault(step: string, where: string, problem: string, kind: keyof typeof FIX = 'enclave'): PalisadeError {
  return new PalisadeError({ code: `PALISADE-${step}`, where, problem, fix: FIX[kind] });
}
