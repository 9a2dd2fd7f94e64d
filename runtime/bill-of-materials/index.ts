export {
  type BillDataset,
  type BillLibrary,
  type BillTraining,
  type BillVersion,
  billOfMaterials,
  type ModelBill,
} from './bill';
export { type PinnedModel, requirePinned } from './pin';
export { type ReadBill, readBill } from './read';
