export * from './audit-trail';
export * from './dataset-vault';
export * from './isolated-network';
export * from './key-ring';
export * from './model-registry';
export * from './training-environment';
export * from './workload';
