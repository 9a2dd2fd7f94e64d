import type { Exchange, Step } from '../exchange';
import { stringsIn } from '../json';
import type { Finding } from '../ports';
import { isUntrusted, type Said, textsOf } from '../question';
import { Refusal } from '../refusal';
import { detected } from './detect';

const HARMLESS: Finding = { verdict: 'allow', score: 0, reasons: [] };

/**
 * Screens every text for injection and jailbreak, by rules and then by a detector where there is one: prompts, and what documents and tools say. What is sure is blocked; what is
 * likely is annotated, and left to the guardrail. Where a document or a tool's result is annotated, the model gets no tools: what
 * it says shall not make anything happen.
 */
export const screen: Step = {
  name: 'screen',
  run: async (exchange) => {
    const { ports, settings } = exchange;
    const said = saidIn(exchange);
    let findings: readonly Finding[];
    try {
      findings = await Promise.all(said.map(async (text) => ports.screening.screen(text)));
    } catch (error) {
      ports.report(error);
      if (settings.screeningFailure === 'block') {
        throw new Refusal('PALISADE-W018', 'the input could not be screened');
      }
      findings = said.map(() => HARMLESS);
    }
    findings = await detected(exchange, said, findings);
    exchange.findings = findings;
    exchange.reasons.push(...new Set(findings.flatMap(({ verdict, reasons }) => (verdict === 'allow' ? [] : reasons))));
    if (findings.some(({ verdict }) => verdict === 'block')) {
      throw new Refusal('PALISADE-W003', 'the input is not allowed');
    }
    if (said.some(({ provenance }, index) => isUntrusted(provenance) && findings[index].verdict === 'annotate')) {
      withholdTools(exchange);
    }
  },
};

function saidIn({ question }: Exchange): Said[] {
  if (!question) {
    return [];
  }
  if (question.kind === 'chat') {
    return textsOf(question);
  }
  const json = question.contentType !== 'text/csv' && question.contentType !== 'text/plain';
  return [{ text: json ? stringsIn(question.body).join('\n') : question.body, provenance: 'user' }];
}

function withholdTools(exchange: Exchange): void {
  if (exchange.question?.kind === 'chat' && exchange.question.tools) {
    const { tools: _withheld, toolChoice: _choice, ...chat } = exchange.question;
    exchange.question = chat;
    exchange.toolsWithheld = true;
  }
}
