export { DatasetVault, type DatasetVaultProps, type ReadOptions } from './dataset-vault';
