// A guest that shows what vsock and NSM do: bundled by the test, run in the emulator.
import * as http from 'node:http';
import { seedKernel } from '../../../enclave/app/entropy';
import { openNsm } from '../../../enclave/nsm';
import { connect, listen } from '../../../enclave/vsock';
import { ask } from '../../../enclave/vsock/http';

const nsm = openNsm();
seedKernel(nsm);

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url ?? '', 'http://enclave');
  if (url.pathname === '/attestation') {
    response.end(nsm.attestation({ nonce: Buffer.from(url.searchParams.get('nonce') ?? '', 'hex') }));
  } else if (url.pathname === '/nsm') {
    const states = [0, 3, 16].map((index) => nsm.describePcr(index).locked);
    response.end(JSON.stringify({ ...nsm.describe(), states, random: nsm.random().length }));
  } else if (url.pathname === '/extend') {
    nsm.extendPcr(16, Buffer.from('x'));
    nsm.lockPcr(16);
    response.end(JSON.stringify(nsm.describePcr(16).locked));
  } else if (url.pathname === '/echo') {
    request.pipe(response);
  } else if (url.pathname === '/parent') {
    const answer = await ask(() => connect({ kind: 'vsock', cid: 3, port: 8001 }), { method: 'GET', path: '/hello' });
    answer.pipe(response);
  } else if (url.pathname === '/nobody') {
    const failure = await ask(() => connect({ kind: 'vsock', cid: 3, port: 8002 }), { method: 'GET', path: '/' }).catch(
      (error) => error,
    );
    response.end(failure.code ?? 'answered');
  } else {
    response.end('probe');
  }
});

listen(server, { kind: 'vsock', cid: 0xffff_ffff, port: 5005 });
