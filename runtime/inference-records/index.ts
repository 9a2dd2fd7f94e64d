export { type RecordDigest, recordDigest } from './digest';
export { hourBefore, hourOf, recordFolders } from './filing';
