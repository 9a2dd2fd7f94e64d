// The data plane of AppConfig, which moto does not have: one flag, said to whoever asks, whatever the application.
import { once } from 'node:events';
import { createServer } from 'node:http';

/** Starts it; resolves to its endpoint, functions that set and take back the flag, and one that stops the server. */
export async function startAppConfig() {
  let stopped = false;
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST') {
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ InitialConfigurationToken: 'first' }));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'next-poll-configuration-token': 'next' });
    response.end(JSON.stringify({ stopped }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    set: (value) => {
      stopped = value;
    },
    stop: () => server.close(),
  };
}
