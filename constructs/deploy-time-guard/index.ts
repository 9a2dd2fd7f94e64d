export {
  DeployTimeGuard,
  type DeployTimeGuardProps,
  GuardedOperation,
  GuardFailureMode,
} from './deploy-time-guard';
