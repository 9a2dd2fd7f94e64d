// The data plane of Lambda, which moto has only with Docker: what functions ask of other functions is run here.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { invoke } from './invoke.mjs';

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/**
 * Starts it; resolves to its endpoint, a function that tells it of the deployment, and one that stops it. Calls of one function are answered one
 * after the other: moto looks and then writes where S3 does both at once, so its conditional writes hold for one writer only.
 */
export async function startLambda() {
  let deployed;
  const last = new Map();
  const server = createServer(async (request, response) => {
    const arn = decodeURIComponent(PATH.exec(request.url)?.[1] ?? '');
    const name = arn.split(':')[6] ?? arn;
    const event = JSON.parse((await text(request)) || 'null');
    const { environment, deployment } = deployed;
    const answer = (last.get(name) ?? Promise.resolve()).then(() => invoke(environment, deployment, name, event, arn));
    last.set(
      name,
      answer.catch(() => undefined),
    );
    await answer.then(
      (result) => respond(response, result),
      (error) => respond(response, { errorType: error.name, errorMessage: error.message }, 'Unhandled'),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    serve: (environment, deployment) => {
      deployed = { environment, deployment };
    },
    stop: () => server.close(),
  };
}

function respond(response, payload, failure) {
  response.writeHead(200, { 'content-type': 'application/json', ...(failure && { 'x-amz-function-error': failure }) });
  response.end(JSON.stringify(payload));
}
