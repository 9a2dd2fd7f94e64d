export { openBundle, signModel } from './bundle';
export { type Difference, differencesOf } from './compare';
export { MAXIMUM_LENGTH } from './json';
export {
  ALWAYS_IGNORED,
  comparePaths,
  HASHES,
  isIgnorable,
  isIgnored,
  type ModelStatement,
  PREDICATE_TYPE,
  readStatement,
  rootOf,
  type SignedFile,
  statementText,
} from './statement';
