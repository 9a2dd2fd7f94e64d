import { answerCall } from '../../runtime/gateway';
import { gatewayServer } from '../inference-gateway/http';
import { ports, settings } from '../inference-gateway/ports';

const { CALLER_HEADER = '', PORT = '8080' } = process.env;

/**
 * The gateway in a container: `node dist/lambda/inference-gateway-server/index.js`. Who calls is what the balancer in front says in
 * `CALLER_HEADER`, which it must set itself and take from nobody; without that setting every call is refused.
 */
const server = gatewayServer({
  answer: (call) => answerCall(call, settings, ports),
  identify: ({ headers }) => {
    const value = CALLER_HEADER === '' ? undefined : headers[CALLER_HEADER.toLowerCase()];
    return typeof value === 'string' ? value : '';
  },
});

server.listen(Number(PORT));
process.once('SIGTERM', () => server.close());
