/** What runs on the parent instance, beside an enclave: the agent that carries what it cannot read, and the watchdog. */
export { type AgentPorts, type RunningAgent, startAgent } from './agent';
export { ParentHealth } from './health';
export { Watchdog, type WatchdogPorts } from './watchdog';
