export { type CborMap, type CborOptions, CborTag, type CborValue, decodeCbor } from './decode';
export { encodeCbor } from './encode';
