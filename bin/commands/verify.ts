import { createPublicKey } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { PalisadeError } from '../../runtime/errors';
import { differencesOf, MAXIMUM_LENGTH, openBundle, readStatement } from '../../runtime/model-signing';
import { type Command, EXIT, parse, UsageError } from './command';
import { filesOf } from './model-folder';
import { keyOf, LIST, modelFolder, pathWithin, SIGNATURE } from './seal';

/** Verifies a sealed folder. */
export const verify: Command = {
  usage: `palisade verify DIR [--key FILE] [--signature FILE]

  Verifies a folder against its signature (DIR/${SIGNATURE} unless given): an OpenSSF Model Signing 1.0 bundle by a key, made by
  palisade seal or by another tool. --key is the public key (PEM): the bundle's own word for it is not believed. Without --key
  it is compared with the list that palisade seal wrote without a key (DIR/${LIST}), and the output says that nothing is signed.
  Prints JSON lines: {"name", "difference"} for each file that is altered, missing or extra, then {"valid", "signed", "files",
  "differences"}, with code and problem where the signature itself is not in order.
  Exit code 0: nothing differs. 1: something does. 2: wrong usage, or no such files.`,
  run: async (args) => {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: { key: { type: 'string' }, signature: { type: 'string' } },
    });
    const folder = modelFolder(positionals);
    const signed = values.key !== undefined;
    const signature = values.signature ?? path.join(folder, signed ? SIGNATURE : LIST);
    const found = fs.statSync(signature, { throwIfNoEntry: false });
    if (!found?.isFile() || found.size > MAXIMUM_LENGTH) {
      const hint = signed ? '' : '; a model that is signed needs --key';
      throw new UsageError(
        `${signature} is ${found?.isFile() ? `longer than ${MAXIMUM_LENGTH} bytes` : `not there${hint}`}`,
      );
    }
    const key = values.key === undefined ? undefined : keyOf(values.key, createPublicKey);
    try {
      const text = fs.readFileSync(signature, 'utf8');
      const statement = key ? openBundle(text, key) : readStatement(text);
      const own = pathWithin(folder, signature);
      const ignored = [...statement.ignored, ...(own === undefined ? [] : [own])];
      const differences = differencesOf(statement, filesOf(folder, { hash: statement.hash, ignored }));
      for (const difference of differences) {
        console.log(JSON.stringify(difference));
      }
      const valid = differences.length === 0;
      const { length } = statement.files;
      console.log(JSON.stringify({ valid, signed, files: length, differences: differences.length }));
      return valid ? EXIT.clean : EXIT.findings;
    } catch (error) {
      if (error instanceof PalisadeError) {
        const { code, where, problem } = error;
        console.log(JSON.stringify({ valid: false, code, where, problem }));
        return EXIT.findings;
      }
      throw error;
    }
  },
};
