import { logTo, nameOf } from '../log';
import { openNsm } from '../nsm';
import { seedKernel } from './entropy';
import { raiseLoopback } from './loopback';
import { settingsOf } from './settings';
import { startEnclave } from './start';

/** Only the console of a debug enclave shows it. */
const log = logTo(process.stderr);

/** Whatever goes wrong ends the process, and with it the enclave: the parent starts another, with keys of its own. */
function fail(error: unknown): never {
  log('failed', { code: nameOf(error) });
  process.exit(1);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

async function main(): Promise<void> {
  const settings = settingsOf(process.env);
  const nsm = openNsm();
  raiseLoopback();
  await startEnclave(settings, {
    nsm,
    log,
    seedKernel: () => seedKernel(nsm),
    now: Date.now,
    fail,
  });
}

main().catch(fail);
