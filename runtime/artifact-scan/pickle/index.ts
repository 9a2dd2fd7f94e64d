export { isDangerous, requireNoHiddenPickle } from './hidden';
export { type ImportVerdict, judgeImport } from './imports';
export { PICKLE_WINDOW, type PickleProbe, probePickle } from './probe';
export { type Pickles, readPickles, type TensorStorage } from './read';
