import { type Command, group } from './command';
import { enclaveDoctor } from './enclave-doctor';
import { enclaveSeal } from './enclave-seal';

/** Seals models for enclaves, and looks at their hosts. */
export const enclave: Command = group('enclave', { seal: enclaveSeal, doctor: enclaveDoctor });
