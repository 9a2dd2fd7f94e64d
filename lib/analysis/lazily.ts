// Packages that are loaded when they are first needed: the start of the command line does not wait for what it may never
// use. `require`, and not `import()`, because reading a template is synchronous.

/** The package `yaml`. */
export function yamlPackage(): typeof import('yaml') {
  return require('yaml');
}

/** The package `jsonc-parser`: JSON with places. */
export function jsonPackage(): typeof import('jsonc-parser') {
  return require('jsonc-parser');
}
