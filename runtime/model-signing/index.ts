export { openBundle, signModel } from './bundle';
export { type Difference, differencesOf } from './compare';
export {
  ALWAYS_IGNORED,
  comparePaths,
  HASHES,
  isIgnored,
  type ModelStatement,
  PREDICATE_TYPE,
  readStatement,
  rootOf,
  type SignedFile,
  statementText,
} from './statement';
