export {
  type BuilderImage,
  EnclaveImagePipeline,
  type EnclaveImagePipelineProps,
  type EnclaveImageSigning,
} from './enclave-image-pipeline';
