import type { Finding, GatewayPorts, GatewaySettings, Model } from './ports';
import type { Route } from './protocols';
import type { Asked, GatewayCall } from './protocols/protocol';
import type { AnswerEvent, ModelAnswer, Question, Usage } from './question';
import type { Decision, Refusal } from './refusal';

/** Everything that is known of one call so far. Steps read it and add to it. */
export class Exchange {
  readonly started: number;
  /** Pseudonym, once the caller is known. */
  caller?: string;
  /** Pseudonym of whom limits are counted for: the role, whatever its session is called. */
  principal?: string;
  /** What is asked, as steps have changed it. */
  question?: Question;
  /** What the body said, beside the question. */
  asked?: Asked;
  /** What screening says of each text, in the order of `textsOf`; of data, of the whole. */
  findings: readonly Finding[] = [];
  /** Text that only the system prompt holds. */
  canary?: string;
  toolsWithheld = false;
  /** The model that answers, or was asked last. */
  model?: Model;
  readonly failedOver: string[] = [];
  /** The answer, whole... */
  answer?: ModelAnswer;
  /** ...or in pieces. */
  stream?: AsyncIterable<AnswerEvent>;
  /** Ends a stream that nobody will read. */
  readonly halt = new AbortController();
  /** Why checks found something. */
  readonly reasons: string[] = [];

  private readonly afterwards: ((usage: Usage | undefined) => Promise<void>)[] = [];

  constructor(
    readonly call: GatewayCall,
    readonly route: Route | undefined,
    readonly settings: GatewaySettings,
    readonly ports: GatewayPorts,
  ) {
    this.started = ports.now();
  }

  /** What the served models take. */
  get takes(): Question['kind'] {
    return this.ports.models[0]?.model.takes ?? 'chat';
  }

  /** The names by which callers may ask. */
  get modelNames(): string[] {
    return [this.settings.system, ...this.ports.models.map(({ model }) => model.name)];
  }

  /** Has `work` done when the call has ended, however it did. It gets the tokens used, where any were. */
  atEnd(work: (usage: Usage | undefined) => Promise<void>): void {
    this.afterwards.push(work);
  }

  /** Does what was to be done at the end. Its failures are the operator's, not the caller's. */
  async end(usage: Usage | undefined): Promise<void> {
    for (const work of this.afterwards.splice(0)) {
      await work(usage).catch((error: unknown) => this.ports.report(error));
    }
  }
}

/** How a call ended. */
export interface Ending {
  readonly decision: Decision;
  readonly refusal?: Refusal;
  /** What was given, or what was kept from the caller. */
  readonly output?: string;
  readonly usage?: Usage;
}

/** One step of the chain. Throws a Refusal to end the call; anything else that it throws is a fault of the inside. */
export interface Step {
  readonly name: string;
  run(exchange: Exchange): void | Promise<void>;
}
