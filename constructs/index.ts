export * from './audit-trail';
export * from './isolated-network';
export * from './key-ring';
export * from './training-environment';
export * from './workload';
