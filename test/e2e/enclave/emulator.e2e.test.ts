import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as os from 'node:os';
import * as path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { connect } from '../../../enclave/vsock';
import { ask, type HttpRequest } from '../../../enclave/vsock/http';
import { decodeCbor } from '../../../runtime/cbor';
import { bundle } from './bundle';
import { type Emulator, findEmulator } from './emulator';
import { buildGuest, type Guest } from './guest';
import { Machine } from './machine';

/*
 * vsock and NSM as the enclave app uses them, in a virtual machine that boots an image of `palisade eif build`.
 */

const found = findEmulator();
const emulator = found as Emulator;
const PARENT_ROLE = 'arn:aws:iam::111122223333:role/dev-clinical-notes-enclave-host';
const PARENT_ID = 'i-0123456789abcdef0';

if (typeof found === 'string') {
  test.skip(`${found}`, () => {});
} else {
  describe('an emulated enclave', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'e-'));
    const parent = http.createServer((request, response) => response.end(`parent says ${request.url}`));
    let machine: Machine;
    let guest: Guest;

    beforeAll(async () => {
      const probe = path.join(folder, 'probe.cjs');
      await bundle(path.join(__dirname, 'probe.ts'), probe);
      guest = buildGuest({
        emulator,
        folder: path.join(folder, 'guest'),
        files: {
          'opt/probe.cjs': probe,
          'opt/koffi.node': path.resolve('node_modules/@koromix/koffi-linux-x64/linux_x64/koffi.node'),
        },
        environment: {},
        command: ['/bin/node', '/opt/probe.cjs'],
      });
      await new Promise<void>((resolve) => parent.listen(path.join(folder, 'parent.sock'), resolve));
      machine = await Machine.boot({
        emulator,
        eif: guest.eif,
        folder,
        parentRole: PARENT_ROLE,
        parentId: PARENT_ID,
        serve: { 8001: path.join(folder, 'parent.sock') },
      });
    });

    afterAll(async () => {
      await machine?.kill();
      parent.closeAllConnections();
      parent.close();
      fs.rmSync(folder, { recursive: true });
    });

    const get = async (where: string, asked: Partial<HttpRequest> = {}) =>
      buffer(await ask(() => connect({ kind: 'unix', path: machine.door }), { method: 'GET', path: where, ...asked }));

    test('is measured as palisade eif measures its image, and bound to its parent', async () => {
      const nonce = randomBytes(32).toString('hex');
      const [header, , payload, signature] = decodeCbor(await get(`/attestation?nonce=${nonce}`)) as Uint8Array[];
      const claims = decodeCbor(payload, { indefiniteOutermostMap: true }) as Map<string, unknown>;
      const pcr = (index: number) =>
        Buffer.from((claims.get('pcrs') as Map<number, Uint8Array>).get(index) ?? []).toString('hex');
      const extended = (text: string) => createHash('sha384').update(Buffer.alloc(48)).update(text).digest('hex');
      expect([pcr(0), pcr(1), pcr(2)]).toEqual([
        guest.measurements.PCR0,
        guest.measurements.PCR1,
        guest.measurements.PCR2,
      ]);
      expect([pcr(3), pcr(4)]).toEqual([extended(PARENT_ROLE), extended(PARENT_ID)]);
      expect(Buffer.from(claims.get('nonce') as Uint8Array).toString('hex')).toBe(nonce);
      // What the emulator cannot do: sign.
      expect(decodeCbor(header)).toEqual(new Map([[1, -1]]));
      expect(Buffer.from(signature).every((byte) => byte === 0)).toBe(true);
    });

    test('has an NSM that answers every question of enclave/nsm', async () => {
      const described = JSON.parse(String(await get('/nsm')));
      expect(described).toMatchObject({ digest: 'SHA384', maximumPcrs: 32, states: [true, true, false], random: 256 });
      expect(described.moduleId).toContain(PARENT_ID);
      expect(JSON.parse(String(await get('/extend')))).toBe(true);
    });

    test('carries bytes both ways, whole and in order', async () => {
      const bytes = randomBytes(4_000_000);
      const echoed = await get('/echo', { method: 'POST', send: (request) => request.end(bytes) });
      expect(echoed.equals(bytes)).toBe(true);
    });

    test('answers many at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 32 }, (_, index) =>
          get('/echo', { method: 'POST', send: (request) => request.end(`${index}`) }),
        ),
      );
      expect(answers.map(String)).toEqual(Array.from({ length: 32 }, (_, index) => `${index}`));
    });

    test('reaches the ports of its parent that are served, and no other', async () => {
      expect(String(await get('/parent'))).toBe('parent says /hello');
      expect(String(await get('/nobody'))).toBe('PALISADE-E301');
    });
  });
}
