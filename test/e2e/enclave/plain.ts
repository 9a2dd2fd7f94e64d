// A door to the model server without any seal, beside the enclave app: only in the image that latency is measured with.
import * as http from 'node:http';
import { pipeline } from 'node:stream/promises';
import { listen } from '../../../enclave/vsock';

const agent = new http.Agent({ keepAlive: true });

const server = http.createServer((request, response) => {
  const { method, url: path, headers } = request;
  const asked = http.request({ host: '127.0.0.1', port: 8080, agent, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, response).catch(() => response.destroy());
  });
  asked.on('error', () => response.destroy());
  pipeline(request, asked).catch(() => response.destroy());
});

listen(server, { kind: 'vsock', cid: 0xffff_ffff, port: 5006 });
