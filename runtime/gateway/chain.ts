import type { Step } from './exchange';
import { askModel } from './steps/ask-model';
import { canary } from './steps/canary';
import { inputGuardrail, outputGuardrail } from './steps/guardrail';
import { identity } from './steps/identity';
import { killSwitch } from './steps/kill-switch';
import { limits } from './steps/limits';
import { markUntrusted } from './steps/mark-untrusted';
import { outputChecks } from './steps/output-checks';
import { sanitise } from './steps/sanitise';
import { screen } from './steps/screen';
import { sizeAndSchema } from './steps/size-and-schema';
import { toolCalls } from './steps/tool-calls';

/** What every call passes, in this order. The record is no step: it is kept however the chain ends. */
export const CHAIN: readonly Step[] = [
  sizeAndSchema,
  identity,
  killSwitch,
  limits,
  // As it came: that words were hidden is evidence.
  screen,
  sanitise,
  inputGuardrail,
  markUntrusted,
  canary,
  askModel,
  toolCalls,
  outputGuardrail,
  outputChecks,
];
