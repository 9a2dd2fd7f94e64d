import { receipt } from './attest-receipt';
import { attestVerify } from './attest-verify';
import { type Command, group } from './command';

/** Verifies what an enclave says of itself. */
export const attest: Command = group('attest', { verify: attestVerify, receipt });
