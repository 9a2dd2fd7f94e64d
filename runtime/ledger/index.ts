export { Ledger, type Receipt } from './append';
export {
  CHECKPOINT_FORMAT,
  type Checkpoint,
  type CheckpointContent,
  checkpointText,
  isSignedBy,
  makeCheckpoint,
  readCheckpoint,
} from './checkpoint';
export {
  ENTRY_FORMAT,
  type EntryKind,
  entryHash,
  entryText,
  genesisOf,
  type LedgerEntry,
  type LedgerEvent,
  OUTCOMES,
  readEntry,
  requireEvent,
} from './entry';
export { type LedgerExtension, proveExtension, verifyExtension } from './extension';
export { checkpointName, entryName, LAYOUT, requestName } from './layout';
export { LEDGER_NAMESPACE, type LedgerMetrics, ledgerMetricsLine } from './metrics';
export { type LedgerProof, proveEntry, verifyProof } from './proof';
export type { CheckpointSigner, CheckpointVerifier } from './signer';
export type { LedgerStore, StoredText } from './store';
export { type LedgerCopy, type LedgerFault, type LedgerReport, type NamedText, verifyLedger } from './verify';
