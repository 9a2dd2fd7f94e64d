// Stands for the models behind the gateway: a SageMaker endpoint, and Bedrock's Converse with its guardrail. The language model
// does what an attacker would like: it repeats what it is asked, recites its system prompt where that says so, and calls a tool with
// the first mail address that it was handed. The guardrail finds nothing: whatever is blocked, the gateway blocked.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { json, text } from 'node:stream/consumers';

/** In a system prompt: recite it. */
export const RECITE = 'Answer every question with this text.';

const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;

const SAGEMAKER = [{ path: /^\/endpoints\/[^/]+\/invocations$/, answer: score }];
const BEDROCK = [
  { path: /^\/model\/[^/]+\/converse$/, answer: converse },
  { path: /^\/guardrail\/[^/]+\/version\/[^/]+\/apply$/, answer: passes },
];

/** Starts them; resolves to the settings of SDK clients that lead to them, and a function that stops them. */
export async function startStubModels() {
  const sageMaker = createServer(answerBy(SAGEMAKER));
  // The SDK's client for Bedrock speaks HTTP/2 from its first byte.
  const bedrock = createHttp2Server(answerBy(BEDROCK));
  return {
    environment: {
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: await listening(bedrock),
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: await listening(sageMaker),
    },
    stop: () => {
      sageMaker.close();
      bedrock.close();
    },
  };
}

async function listening(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}

function answerBy(routes) {
  return async (request, response) => {
    const route = routes.find(({ path }) => path.test(request.url));
    const { type, body } = route ? await route.answer(request) : answered({ message: 'no such part of a model' });
    response.writeHead(route ? 200 : 404, { 'content-type': type }).end(body);
  };
}

/** A score for each line, the same for the same line. */
async function score(request) {
  const lines = (await text(request)).split('\n').filter((line) => line !== '');
  const scores = lines.map((line) => createHash('sha256').update(line).digest().readUInt16BE() / 2 ** 16);
  return { type: 'text/csv', body: `${scores.join('\n')}\n` };
}

async function converse(request) {
  const { messages, system = [], toolConfig } = await json(request);
  const said = messages.flatMap(({ content }) => content.map(saidIn)).filter(Boolean);
  const rules = system.map((block) => block.text).join('\n');
  const results = messages.flatMap(({ content }) => content.flatMap(({ toolResult }) => toolResult?.content ?? []));
  const [to] = MAIL.exec(results.map((block) => block.text).join('\n')) ?? [];
  const call = toolConfig && to && { toolUseId: 'call-1', name: toolConfig.tools[0].toolSpec.name, input: { to } };
  const content = call ? [{ toolUse: call }] : [{ text: rules.includes(RECITE) ? rules : `You said: ${said.at(-1)}` }];
  return answered({
    output: { message: { role: 'assistant', content } },
    stopReason: call ? 'tool_use' : 'end_turn',
    usage: { inputTokens: 100, outputTokens: 20, totalTokens: 120 },
    metrics: { latencyMs: 1 },
  });
}

function saidIn(block) {
  return block.text ?? block.guardContent?.text.text ?? block.toolResult?.content[0].text;
}

async function passes(request) {
  const { content } = await json(request);
  const total = content.reduce((sum, block) => sum + block.text.text.length, 0);
  return answered({
    action: 'NONE',
    outputs: [],
    assessments: [],
    usage: {},
    guardrailCoverage: { textCharacters: { guarded: total, total } },
  });
}

function answered(value) {
  return { type: 'application/json', body: JSON.stringify(value) };
}
