export { ApprovedModel, type ApprovedModelProps } from './approved-model';
export { ModelRegistry, type ModelRegistryProps, NO_APPROVED_MODEL } from './model-registry';
export { RegistryDuty } from './registry-role';
