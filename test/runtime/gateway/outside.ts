import { createHash, randomBytes } from 'node:crypto';
import {
  answerCall,
  CHAIN,
  CircuitBreaker,
  type Finding,
  type GatewayCall,
  type GatewayPorts,
  type GatewaySettings,
  type Guardrail,
  type InferenceRecord,
  type LimitStore,
  type Model,
  type ModelAnswer,
  type Question,
  type Reply,
  type SealedBodies,
  type Step,
} from '../../../runtime/gateway';

export const NOW = 1_764_000_000_000;
export const SETTINGS: GatewaySettings = {
  system: 'assistant',
  maximumTokens: 1000,
  answerWithin: 21_000,
  modelTimeout: 20_000,
  limits: { requestsPerMinute: 100, tokensPerDay: 100_000 },
  uncertain: 'block',
  screeningFailure: 'block',
  canary: true,
};
/** What a test puts into an error, and no caller may ever see. */
export const SECRET = 'table credit_scores not found';
/** Texts by which the screening below tells what is what. */
export const ATTACK = 'ATTACK';
export const DOUBTFUL = 'DOUBTFUL';
/** What output checks block, and mask. */
export const FORBIDDEN = 'FORBIDDEN';
export const CARD = '4111';

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
export const failing = async (): Promise<never> => {
  throw new Error(SECRET);
};

/** A store as DynamoDB is one: each write looks and changes in one moment, and answers later. */
export class MemoryLimits implements LimitStore {
  readonly counters = new Map<string, number>();

  async take(counter: string, amount: number, limit: number): Promise<boolean> {
    await turn();
    const used = this.counters.get(counter) ?? 0;
    const fits = used + amount <= limit;
    if (fits) {
      this.counters.set(counter, used + amount);
    }
    await turn();
    return fits;
  }

  async correct(counter: string, amount: number): Promise<void> {
    this.counters.set(counter, (this.counters.get(counter) ?? 0) + amount);
  }
}

/** Lets everybody else go first. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The outside of a gateway: it answers, and keeps what it was told. */
export class Outside {
  readonly records: InferenceRecord[] = [];
  readonly bodies: SealedBodies[] = [];
  readonly reported: unknown[] = [];
  readonly asked: Question[] = [];
  readonly judged: string[] = [];
  readonly limits = new MemoryLimits();
  readonly dataKey = {
    plaintext: new Uint8Array(randomBytes(32)),
    wrapped: new Uint8Array([1, 2, 3]),
    keyId: 'arn:key',
  };
  now = NOW;

  ports(other: Partial<GatewayPorts> = {}): GatewayPorts {
    return {
      models: [this.served(this.model())],
      screening: {
        sanitise: (text) => text.replaceAll('\u200b', ''),
        screen: ({ text }): Finding => {
          const verdict = text.includes(ATTACK) ? 'block' : text.includes(DOUBTFUL) ? 'annotate' : 'allow';
          return { verdict, score: 0.5, reasons: [`rule-of-${verdict}`] };
        },
      },
      outputChecks: {
        check: (text, canary) => ({
          blocked: text.includes(FORBIDDEN) || (canary !== undefined && text.includes(canary)),
          text: text.replaceAll(CARD, '[card]'),
          reasons: text.includes(CARD) ? ['card'] : [],
        }),
      },
      limits: this.limits,
      stopped: async () => false,
      pseudonym: async (caller) => `pseudonym-of-${caller.length}`,
      dataKey: async () => this.dataKey,
      keepBodies: async (bodies) => {
        this.bodies.push(bodies);
      },
      record: async (record) => {
        this.records.push(record);
      },
      report: (error) => {
        this.reported.push(error);
      },
      now: () => this.now,
      timeout: (_, cancel) => cancel ?? new AbortController().signal,
      random: randomBytes,
      ...other,
    };
  }

  model(answer: Partial<ModelAnswer> = {}, other: Partial<Model> = {}): Model {
    return {
      name: 'model-1',
      takes: 'chat',
      invoke: async (question) => {
        this.asked.push(question);
        return { text: 'answer', usage: { inputTokens: 7, outputTokens: 3 }, ...answer };
      },
      ...other,
    };
  }

  served(model: Model) {
    return { model, breaker: new CircuitBreaker(() => this.now, { failures: 3, openFor: 30_000 }) };
  }

  /** A guardrail that blocks what it is told to, and notes what it sees. */
  guardrail(blocks = 'NEVER'): Guardrail {
    return {
      apply: async (side, text) => {
        this.judged.push(`${side} ${text}`);
        return { blocked: text.includes(blocks), text };
      },
    };
  }

  call(
    call: Partial<GatewayCall>,
    ports = this.ports(),
    settings = SETTINGS,
    chain: readonly Step[] = CHAIN,
  ): Promise<Reply> {
    return answerCall({ ...CALL, ...call }, settings, ports, chain);
  }
}

export const CALL: GatewayCall = {
  requestId: 'r-1',
  caller: 'arn:aws:sts::111122223333:assumed-role/App/session',
  method: 'POST',
  path: '/invoke',
  contentType: 'application/json',
  body: '{"input":"question"}',
};

/** A call of the `openai` client. */
export function openAi(body: object): Partial<GatewayCall> {
  return { path: '/v1/chat/completions', body: JSON.stringify({ model: 'assistant', ...body }) };
}

export const says = (content: unknown) => openAi({ messages: [{ role: 'user', content }] });

export const without = (name: string): Step[] => {
  const rest = CHAIN.filter((step) => step.name !== name);
  expect(rest).toHaveLength(CHAIN.length - 1);
  return rest;
};

// biome-ignore lint/suspicious/noExplicitAny: tests look at what they expect
export const bodyOf = ({ body }: Reply): any => JSON.parse(body as string);

export async function textOf({ body }: Reply): Promise<string> {
  let text = '';
  for await (const piece of typeof body === 'string' ? [body] : body) {
    text += piece;
  }
  return text;
}
