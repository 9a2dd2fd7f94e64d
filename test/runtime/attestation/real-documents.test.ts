import * as fs from 'node:fs';
import * as path from 'node:path';
import { pcrHex, verifyAttestation } from '../../../runtime/attestation';

const FOLDER = path.join(__dirname, '../../../../shared/data/attestation');
const documents = fs.existsSync(FOLDER) ? fs.readdirSync(FOLDER).filter((name) => name.endsWith('.bin')) : [];
const read = (name: string) => ({
  document: new Uint8Array(fs.readFileSync(path.join(FOLDER, name))),
  expected: JSON.parse(fs.readFileSync(path.join(FOLDER, name.replace(/bin$/, 'json')), 'utf8')),
});

if (documents.length === 0) {
  test.skip('documents of real hardware: ../shared/data/attestation is missing', () => {});
} else {
  test.each(documents)('%s holds at its own time, and says what it says', (name) => {
    const { document, expected } = read(name);
    const now = new Date(expected.timestamp);
    const verified = verifyAttestation(document, { pcrs: 'any', allowDebug: true }, now);
    expect(verified.moduleId).toBe(expected.moduleId);
    expect(verified.timestamp).toEqual(now);
    expect(verified.debug).toBe(expected.debug);
    expect(verified.certificate.notBefore.toISOString()).toBe(expected.leafValidity.from);
    expect(verified.certificate.notAfter.toISOString()).toBe(expected.leafValidity.to);
    const pcrs = [...verified.pcrs.keys()].map((register) => [String(register), pcrHex(verified.pcrs, register)]);
    expect(Object.fromEntries(pcrs)).toEqual(expected.pcrs);
    expect(verified.publicKey?.length ?? null).toBe(expected.publicKeyBytes);
    expect(verified.userData?.length ?? null).toBe(expected.userDataBytes);
    expect(verified.nonce?.length ?? null).toBe(expected.nonceBytes);
  });
}
