// A gzipped tar of a few small files, the same bytes every time.
import { gzipSync } from 'node:zlib';

const BLOCK = 512;

/** @param files contents by name */
export function tarball(files) {
  const entries = Object.entries(files).flatMap(([name, content]) => {
    const body = Buffer.from(content);
    return [header(name, body.length), body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)];
  });
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]));
}

/** POSIX.1-1988 (ustar). */
function header(name, size) {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write('0000644\0'.padStart(8, '0'), 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        0', 148);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
