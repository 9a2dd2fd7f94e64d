export { ModelGuardrail, type ModelGuardrailProps } from './model-guardrail';
export type { DeniedTopic, SensitivePattern } from './policies';
