import type { CircuitBreaker } from './circuit-breaker';
import type { AnswerEvent, Chat, ModelAnswer, Provenance, Question, Side } from './question';
import type { InferenceRecord, SealedBodies } from './records/record';

/** Answers questions. */
export interface Model {
  /** Id of the model, or name of the endpoint, as records name it. */
  readonly name: string;
  /** What it can be asked. */
  readonly takes: Question['kind'];
  /** Whether each call passes a guardrail of the model's own. @default false */
  readonly guarded?: boolean;
  /** Rejects with `ModelRejected` what the model will never answer, and with anything else when it cannot now. */
  invoke(question: Question, signal: AbortSignal): Promise<ModelAnswer>;
  /** The same in pieces. @default - the model answers whole */
  stream?(question: Chat, signal: AbortSignal): AsyncIterable<AnswerEvent>;
}

/** The model understood, and refuses the question as it is: no other model is asked. */
export class ModelRejected extends Error {
  override readonly name = 'ModelRejected';
}

/** A model, and the memory of how it fared. */
export interface ServedModel {
  readonly model: Model;
  readonly breaker: CircuitBreaker;
}

/** A managed guardrail. */
export interface Guardrail {
  /** Whether the text may pass, and what is left of it after masking. Rejects when it did not look at all of it. */
  apply(side: Side, text: string): Promise<{ blocked: boolean; text: string }>;
}

/** What the screening of one text says. */
export interface Finding {
  readonly verdict: 'allow' | 'annotate' | 'block';
  /** 0 to 1. */
  readonly score: number;
  /** Which rules, and where; never the text itself. */
  readonly reasons: readonly string[];
}

/** Looks at what goes in. */
export interface Screening {
  /** The text without what hides words from readers: invisible characters, odd forms of letters. */
  sanitise(text: string): string;
  screen(said: { readonly text: string; readonly provenance: Provenance }): Finding | Promise<Finding>;
}

/** A model that was trained to tell injections from other texts, beside the rules of `Screening`. */
export interface InjectionDetector {
  /** As records name it: which model, to the byte. */
  readonly name: string;
  /** How much one window of a text looks like an attack: 0 to 1. Rejects when the model cannot say. */
  score(window: string, signal: AbortSignal): Promise<number>;
}

/** Looks at what comes out. */
export interface OutputChecks {
  /** Whether the beginning of a checked text may change with its end, so that answers cannot come in pieces. @default false */
  readonly needsWhole?: boolean;
  /** @param canary text that only the system prompt holds. @default - none */
  check(text: string, canary?: string): { blocked: boolean; text: string; reasons: readonly string[] };
}

/** What a caller may still do, kept where all instances of the gateway see it. Rejects when the store fails. */
export interface LimitStore {
  /** Adds `amount` to a counter, unless that would take it above `limit`. False where it would. Atomic. */
  take(counter: string, amount: number, limit: number, expires: Date): Promise<boolean>;
  /** Corrects a counter after the fact. */
  correct(counter: string, amount: number): Promise<void>;
}

/** A data key, and the same wrapped by the AI system's CMK. */
export interface DataKey {
  /** 256 bits. */
  readonly plaintext: Uint8Array;
  readonly wrapped: Uint8Array;
  /** ARN of the CMK. */
  readonly keyId: string;
}

/** Who called, and the keeping of records: what every gateway needs. */
export interface AuditPorts {
  /** A name for the caller that only the holder of the HMAC key can compute. */
  pseudonym(caller: string): Promise<string>;
  /** Stores an audit record. Rejects when it is not stored. */
  record(record: InferenceRecord): Promise<void>;
  /** Tells the operator what failed; the caller never learns it. */
  report(error: unknown): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Everything that the gateway needs of the outside. */
export interface GatewayPorts extends AuditPorts {
  /** In the order in which they are asked; all take the same. Empty while none is approved. */
  readonly models: readonly ServedModel[];
  readonly screening: Screening;
  /** Goes with `settings.detection`. @default - none: the rules say what is screened out */
  readonly detector?: InjectionDetector;
  readonly outputChecks: OutputChecks;
  /** @default - none: what is annotated is then judged as `settings.uncertain` says */
  readonly guardrail?: Guardrail;
  /** Whether somebody stopped the AI system. @default - no flag: the platform stops the gateway from outside */
  readonly stopped?: () => Promise<boolean>;
  /** Needed where settings name limits. */
  readonly limits?: LimitStore;
  /** A data key for bodies. @default - bodies are not kept */
  readonly dataKey?: () => Promise<DataKey>;
  /** Stores encrypted bodies. Rejects when they are not stored. Goes with `dataKey`. */
  readonly keepBodies?: (bodies: SealedBodies) => Promise<void>;
  /** A signal that goes off after so many milliseconds, or with `cancel`. */
  timeout(milliseconds: number, cancel?: AbortSignal): AbortSignal;
  /** So many random bytes. */
  random(bytes: number): Uint8Array;
}

/** How one gateway decides. */
export interface GatewaySettings {
  /** AI system that it serves. */
  readonly system: string;
  /** Longest answer, in tokens. */
  readonly maximumTokens: number;
  /** From the call's start to the last moment at which a model may answer, in milliseconds. */
  readonly answerWithin: number;
  /** For one model, in milliseconds. */
  readonly modelTimeout: number;
  /** Per caller. @default - none */
  readonly limits?: Limits;
  /** What becomes of a text that screening annotated, where no guardrail can be asked. */
  readonly uncertain: 'allow' | 'block';
  /** What becomes of a call whose screening failed. */
  readonly screeningFailure: 'allow' | 'block';
  /** How a detector is heeded. Goes with the port `detector`. @default - there is none */
  readonly detection?: Detection;
  /** Whether system prompts carry a token by which their leaking shows. */
  readonly canary: boolean;
  /** Tools, and arguments as `tool.argument`, that may take what only documents and results of tools name. @default - none */
  readonly untrustedArguments?: readonly string[];
}

/** How the scores of a detector are heeded. It only ever adds to what the rules say. */
export interface Detection {
  /** Score from which a text is annotated. */
  readonly annotateFrom: number;
  /** Score from which the call is blocked. @default - never: the guardrail decides */
  readonly blockFrom?: number;
  /** For all texts of a call together, in milliseconds. */
  readonly timeout: number;
  /** What counts when the detector fails, is late, or has too much to look at: the rules alone, or nothing, and the call is refused. */
  readonly failure: 'rules' | 'block';
}

/** What one caller may do. Windows are those of the clock, in UTC. */
export interface Limits {
  readonly requestsPerMinute: number;
  /** Tokens in and out. */
  readonly tokensPerDay: number;
}
