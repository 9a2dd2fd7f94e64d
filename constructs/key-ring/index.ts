export { KeyRing, type KeyRingProps } from './key-ring';
export { Purpose } from './purpose';
export { PurposeKey, type PurposeKeyProps } from './purpose-key';
