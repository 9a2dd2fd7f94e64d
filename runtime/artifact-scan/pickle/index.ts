export { requireNoHiddenPickle } from './hidden';
export { type ImportVerdict, judgeImport } from './imports';
export { PICKLE_WINDOW, type PickleProbe, probePickle } from './probe';
export { readPickles, type TensorStorage } from './read';
