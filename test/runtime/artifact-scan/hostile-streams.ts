// Run by fuzz.long.test.ts in a process of its own: scans a stream that is made to fill memory, and prints the peak.
import { gzipSync } from 'node:zlib';
import { scanArtifact } from '../../../runtime/artifact-scan';
import { hdf5, u32, u64 } from './format-writers';
import { bytes, zip } from './support';

const MIB = 2 ** 20;

const ZEROS = gzipSync(Buffer.alloc(MIB));

/** The beginning of a stream, and what is repeated behind it. */
const STREAMS: Readonly<Record<string, readonly [head: Buffer, repeated: (index: number) => Buffer]>> = {
  'pickle of lists': [bytes('\x80\x04'), () => bytes(']')],
  'pickle of tuples in tuples': [bytes('\x80\x04]'), () => bytes('\x85')],
  'pickle of memo entries': [bytes('\x80\x04N'), () => bytes(']\x94')],
  'pickle of texts': [bytes('\x80\x04'), (index) => bytes(`\x8c\x08${String(index).padStart(8, 'x')}\x940`)],
  'pickle of marks': [bytes('\x80\x04'), () => bytes('(')],
  'pickle of dictionaries': [bytes('\x80\x04'), () => bytes('}\x8c\x05dtypeNs')],
  'pickle of places to begin': [bytes('\xee'), () => bytes('\x80\x04]')],
  'nested arrays of JSON': [bytes('['), () => bytes('[')],
  'one text of JSON': [bytes('["'), () => bytes('abcdefgh')],
  'keys of JSON': [bytes('{'), (index) => bytes(`"class_name":"k${index}",`)],
  'safetensors header': [Buffer.concat([u64(16 * MIB), bytes('{')]), (index) => bytes(`"t${index}":[0],`)],
  'GGUF texts': [
    Buffer.concat([bytes('GGUF'), u32(3), u64(0), u64(90_000)]),
    (index) =>
      Buffer.concat([u64(8), bytes(String(index).padStart(8, 'k')), u32(8), u64(1000), Buffer.alloc(1000, 97)]),
  ],
  'protobuf messages': [
    bytes('\x08\x08\x12\x07pytorch'),
    (index) => bytes(`\x42\x0a\x0a\x08${String(index).padStart(8, 'd')}`),
  ],
  HDF5: [hdf5([]), () => Buffer.alloc(1024)],
  'zip entries': [
    Buffer.alloc(0),
    (index) => zip([{ name: `${index}`.padStart(20, 'n'), content: bytes('a'), stored: true }]).subarray(0, 51),
  ],
  'gzip of zeros': [Buffer.alloc(0), () => ZEROS],
  text: [Buffer.alloc(0), () => bytes('one line of a table\n')],
  'records of zip ends': [bytes('{"a":"'), () => bytes('PK\u0005\u0006')],
};

async function* stream(name: string, length: number): AsyncGenerator<Uint8Array> {
  const [head, repeated] = STREAMS[name];
  let sent = head.length;
  yield head;
  for (let index = 0; sent < length; ) {
    const parts: Buffer[] = [];
    for (let size = 0; size < 65_536; ) {
      const part = repeated(index++);
      parts.push(part);
      size += part.length;
    }
    const piece = Buffer.concat(parts);
    sent += piece.length;
    yield piece;
  }
}

async function main([name, mebibytes]: string[]): Promise<void> {
  const { verdict } = await scanArtifact(stream(name, Number(mebibytes) * MIB));
  console.log(JSON.stringify({ verdict, peak: process.resourceUsage().maxRSS * 1024 }));
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
