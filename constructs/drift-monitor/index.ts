export {
  DriftMonitor,
  type DriftMonitorProps,
  type IApprovedPackages,
  type IStop,
  type IWatchedEndpoint,
} from './drift-monitor';
