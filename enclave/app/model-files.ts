import { createWriteStream, mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { entriesOf, openModel } from '../../runtime/sealed-model';
import type { EnclaveKms } from '../kms';
import type { Agent } from './agent';

/**
 * Fetches the sealed model, opens it with KMS's help, and writes its files into a folder of the enclave's memory. Resolves
 * with the digest of the model.
 *
 * Rejects with what `openModel`, `entriesOf`, `EnclaveKms.decrypt` and `Agent` reject with; nothing has been started by then.
 */
export async function fetchModel(
  agent: Pick<Agent, 'model'>,
  kms: Pick<EnclaveKms, 'decrypt'>,
  { system, directory }: { readonly system: string; readonly directory: string },
): Promise<string> {
  const opened = await openModel(await agent.model(), {
    system,
    unwrap: (wrappedKey, context) => kms.decrypt(wrappedKey, context),
  });
  for await (const { name, content } of entriesOf(opened.plaintext)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    // Only what is new: a name cannot lead to a file of the image.
    await pipeline(content, createWriteStream(file, { flags: 'wx', mode: 0o444 }));
  }
  return opened.digest();
}
