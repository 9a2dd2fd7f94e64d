export { EndpointService } from './endpoint-service';
export { IsolatedNetwork, type IsolatedNetworkProps } from './isolated-network';
