export { AimsConformancePack, type AimsConformancePackProps } from './aims-conformance-pack';
