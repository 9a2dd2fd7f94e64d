export * from './key-ring';
export * from './workload';
