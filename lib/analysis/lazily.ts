import { createRequire } from 'node:module';

/** Loads a package when it is first needed: the start of the command line does not wait for what it may never use. */
const load = createRequire(__filename);

/** The package `yaml`. */
export function yamlPackage(): typeof import('yaml') {
  return load('yaml');
}

/** The package `jsonc-parser`: JSON with places. */
export function jsonPackage(): typeof import('jsonc-parser') {
  return load('jsonc-parser');
}
