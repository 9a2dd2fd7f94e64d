export { GovernanceLedger, type GovernanceLedgerProps } from './governance-ledger';
