import * as path from 'node:path';
import { answerCall, type GatewayPorts, type GatewaySettings } from '../../runtime/gateway';
import { gatewayServer } from '../inference-gateway/http';
import { ports, settings } from '../inference-gateway/ports';
import { detectorSettings, WorkerDetector } from './detector';

const { CALLER_HEADER = '', DETECTOR = '', PORT = '8080' } = process.env;

/**
 * The gateway in a container: `node dist/lambda/inference-gateway-server/index.js`. Who calls is what the balancer in front says in
 * `CALLER_HEADER`, which it must set itself and take from nobody; without that setting every call is refused. With `DETECTOR` it
 * answers nothing until that model is loaded, and ends where it cannot be.
 */
async function serve(): Promise<void> {
  const [how, outside] = await withDetector();
  const server = gatewayServer({
    answer: (call) => answerCall(call, how, outside),
    identify: ({ headers }) => {
      const value = CALLER_HEADER === '' ? undefined : headers[CALLER_HEADER.toLowerCase()];
      return typeof value === 'string' ? value : '';
    },
  });
  server.listen(Number(PORT));
  process.once('SIGTERM', () => server.close());
}

async function withDetector(): Promise<[GatewaySettings, GatewayPorts]> {
  if (DETECTOR === '') {
    return [settings, ports];
  }
  const { classifier, detection } = detectorSettings(DETECTOR);
  const detector = new WorkerDetector(path.join(__dirname, '../inference-detector/index.js'), classifier);
  await detector.start();
  return [
    { ...settings, detection },
    { ...ports, detector },
  ];
}

serve().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
