export type { IDecisionLedger } from './decision-ledger';
export { GovernanceLedger, type GovernanceLedgerProps, type IInferenceRecords } from './governance-ledger';
