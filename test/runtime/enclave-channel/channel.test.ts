import * as fc from 'fast-check';
import { HEADER_LENGTH, refusalOf } from '../../../runtime/enclave-channel';
import { answer, bytes, chunksOf, codeOf, collect, NOW, pieces, read, request, responder, SYSTEM } from './channel';

const NONCE_LENGTH = 32;

test('any bytes come out as they went in, both ways, in any pieces', async () => {
  const enclave = await responder();
  const part = fc.uint8Array({ maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(
      part,
      fc.array(part, { maxLength: 5 }),
      part,
      fc.integer({ min: 1, max: 40 }),
      async (body, said, end, cut) => {
        const sealed = await request(enclave, body);
        const opened = await enclave.open(cutInto(sealed.bytes, cut));
        expect(opened.body).toEqual(body);
        const reply = opened.reply(
          { status: 200, headers: { 'content-type': 'text/plain' } },
          pieces(...said),
          () => end,
        );
        const { head, body: stream } = await sealed.open(cutInto(await collect(reply), cut));
        expect(head).toEqual({ status: 200, headers: { 'content-type': 'text/plain' } });
        expect(await read({ body: stream })).toEqual({
          body: Buffer.concat(said).toString('latin1'),
          end: Buffer.from(end).toString(),
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('long bodies are cut into chunks of 64 KiB', async () => {
  const enclave = await responder();
  const body = new Uint8Array(200_000).map((_, index) => index);
  const sealed = await request(enclave, body);
  expect(
    chunksOf(sealed.bytes, HEADER_LENGTH)
      .map((chunk) => chunk.length - 5 - 16)
      .slice(1),
  ).toEqual([65_536, 65_536, 65_536, 3392, 0]);
  const opened = await enclave.open(sealed.bytes);
  expect(opened.body).toEqual(body);
  expect((await read(await sealed.open(await answer(opened, body)))).body).toEqual(
    Buffer.from(body).toString('latin1'),
  );
});

test('the first piece of an answer is read before the second exists', async () => {
  const enclave = await responder();
  const sealed = await request(enclave);
  const opened = await enclave.open(sealed.bytes);
  let secondAskedFor = false;
  async function* tokens() {
    yield bytes('first');
    secondAskedFor = true;
    yield bytes('second');
  }
  const { body } = await sealed.open(opened.reply({ status: 200, headers: {} }, tokens()));
  expect((await body.next()).value).toEqual(bytes('first'));
  expect(secondAskedFor).toBe(false);
  expect((await body.next()).value).toEqual(bytes('second'));
});

test('nothing of what is said shows in what is sent', async () => {
  const enclave = await responder();
  const head = { method: 'POST', path: '/canary-path', headers: { accept: 'canary/accept' } };
  const sealed = await request(enclave, 'canary body', { head });
  const answered = await answer(await enclave.open(sealed.bytes), 'canary answer');
  expect(Buffer.from(sealed.bytes).includes('canary')).toBe(false);
  expect(Buffer.from(answered).includes('canary')).toBe(false);
});

describe('a request is refused', () => {
  test('with any bit flipped', async () => {
    const enclave = await responder();
    const { length } = (await request(enclave)).bytes;
    await fc.assert(
      fc.asyncProperty(fc.nat(length * 8 - 1), async (bit) => {
        const { bytes: message } = await request(enclave);
        expect(await codeOf(enclave.open(flipped(message, bit)))).toMatch(/^PALISADE-E20[012679]$/);
      }),
      { numRuns: 300 },
    );
  });

  test('cut off anywhere, and with anything behind it', async () => {
    const enclave = await responder();
    const { length: whole } = (await request(enclave)).bytes;
    for (let length = 0; length < whole; length += 1) {
      const { bytes: message } = await request(enclave);
      expect(await codeOf(enclave.open(message.slice(0, length)))).toBe('PALISADE-E207');
    }
    const { bytes: message } = await request(enclave);
    expect(await codeOf(enclave.open(pieces(message, 'x')))).toBe('PALISADE-E208');
  });

  test('with chunks dropped, doubled, swapped, or taken from another request', async () => {
    const enclave = await responder();
    const body = new Uint8Array(200_000);
    const sealed = async () => {
      const { bytes: message } = await request(enclave, body);
      return { header: message.slice(0, HEADER_LENGTH), chunks: chunksOf(message, HEADER_LENGTH) };
    };
    const other = await sealed();
    const changes: ((chunks: Uint8Array[], at: number) => Uint8Array[])[] = [
      (chunks, at) => chunks.toSpliced(at, 1),
      (chunks, at) => chunks.toSpliced(at, 0, chunks[at]),
      (chunks, at) => chunks.with(at, chunks[(at + 1) % chunks.length]).with((at + 1) % chunks.length, chunks[at]),
      (chunks, at) => chunks.with(at, other.chunks[at]),
    ];
    for (const change of changes) {
      for (let at = 0; at < other.chunks.length; at += 1) {
        const { header, chunks } = await sealed();
        const code = await codeOf(enclave.open(new Uint8Array(Buffer.concat([header, ...change(chunks, at)]))));
        expect(code).toMatch(/^PALISADE-E20[6789]$/);
      }
    }
    const { chunks } = await sealed();
    expect(await codeOf(enclave.open(new Uint8Array(Buffer.concat([other.header, ...chunks]))))).toBe('PALISADE-E206');
  });

  test('the second time, whole or not', async () => {
    const enclave = await responder();
    const { bytes: message } = await request(enclave);
    await enclave.open(message);
    expect(await codeOf(enclave.open(message))).toBe('PALISADE-E203');
    const cut = await request(enclave);
    expect(await codeOf(enclave.open(cut.bytes.slice(0, -1)))).toBe('PALISADE-E207');
    expect(await codeOf(enclave.open(cut.bytes))).toBe('PALISADE-E203');
  });

  test('two at the same moment: one is taken', async () => {
    const enclave = await responder();
    const { bytes: message } = await request(enclave);
    const codes = await Promise.all([enclave.open(message), enclave.open(message)].map(codeOf));
    expect(codes.sort()).toEqual(['PALISADE-E203', 'nothing was refused']);
  });

  test('by an enclave that was started anew, before anything else of it is read', async () => {
    const [before, after] = [await responder(), await responder()];
    const { bytes: message } = await request(before);
    expect(await codeOf(after.open(message.slice(0, HEADER_LENGTH)))).toBe('PALISADE-E201');
  });

  test('sealed for another system', async () => {
    const enclave = await responder();
    const { bytes: message } = await request(enclave, 'text', { system: `${SYSTEM}-2` });
    expect(await codeOf(enclave.open(message))).toBe('PALISADE-E206');
  });

  test.each([
    [-60_001, 'PALISADE-E202'],
    [-60_000, 'nothing was refused'],
    [60_000, 'nothing was refused'],
    [60_001, 'PALISADE-E202'],
  ])('sealed %d ms from now: %s', async (offset, code) => {
    const enclave = await responder();
    const { bytes: message } = await request(enclave, 'text', { time: NOW + offset });
    expect(await codeOf(enclave.open(message))).toBe(code);
  });

  test('sealed too long ago, before anything else of it is read', async () => {
    const enclave = await responder();
    const { bytes: message } = await request(enclave, 'text', { time: NOW - 60_001 });
    expect(await codeOf(enclave.open(message.slice(0, HEADER_LENGTH)))).toBe('PALISADE-E202');
  });

  test('with a body longer than allowed, when the limit is passed', async () => {
    const enclave = await responder({ maximumRequest: 100_000 });
    expect(await codeOf(enclave.open((await request(enclave, new Uint8Array(100_000))).bytes))).toBe(
      'nothing was refused',
    );
    const { bytes: message } = await request(enclave, new Uint8Array(400_000));
    const [first, second] = [message.slice(0, 100_000), message.slice(100_000)];
    let further = 0;
    async function* source() {
      yield first;
      further += 1;
      yield second.slice(0, 40_000);
      further += 1;
      yield second.slice(40_000);
    }
    expect(await codeOf(enclave.open(source()))).toBe('PALISADE-E205');
    expect(further).toBe(1);
  });

  test('whatever else it is: no bytes make anything but a refusal', async () => {
    const enclave = await responder();
    const { bytes: message } = await request(enclave);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.nat(HEADER_LENGTH + 8), async (noise, kept) => {
        const start = message.slice(0, kept);
        expect(await codeOf(enclave.open(new Uint8Array([...start, ...noise])))).toMatch(/^PALISADE-E20[012679]$/);
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 300) },
    );
  }, 3_600_000);

  test('with a chunk that claims four gigabytes, before it is waited for', async () => {
    const enclave = await responder();
    const { bytes: message } = await request(enclave);
    const huge = pieces(message.slice(0, HEADER_LENGTH), Uint8Array.of(1, 255, 255, 255, 255), 'never read');
    expect(await codeOf(enclave.open(huge))).toBe('PALISADE-E209');
  });
});

describe('an answer is refused', () => {
  const exchange = async (...said: string[]) => {
    const enclave = await responder();
    const sealed = await request(enclave);
    return { enclave, sealed, message: await answer(await enclave.open(sealed.bytes), ...said) };
  };
  const reading = async (sealed: Awaited<ReturnType<typeof request>>, message: Uint8Array) =>
    read(await sealed.open(message));

  test('with any bit flipped', async () => {
    const { sealed, message } = await exchange('an', 'answer');
    await fc.assert(
      fc.asyncProperty(fc.nat(message.length * 8 - 1), async (bit) => {
        expect(await codeOf(reading(sealed, flipped(message, bit)))).toMatch(/^PALISADE-E20[679]$/);
      }),
      { numRuns: 300 },
    );
    expect((await reading(sealed, message)).body).toBe('ananswer');
  });

  test('cut off anywhere, after the last piece too; or with anything behind it', async () => {
    const { sealed, message } = await exchange('an', 'answer');
    for (let length = 0; length < message.length; length += 1) {
      expect(await codeOf(reading(sealed, message.slice(0, length)))).toBe('PALISADE-E207');
    }
    expect(await codeOf(reading(sealed, new Uint8Array([...message, 0])))).toBe('PALISADE-E208');
  });

  test('with pieces dropped, doubled, swapped, or from another answer', async () => {
    const { enclave, sealed, message } = await exchange('one', 'two', 'six');
    const start = message.slice(0, NONCE_LENGTH);
    const chunks = chunksOf(message, NONCE_LENGTH);
    const another = await request(enclave);
    const foreign = chunksOf(await answer(await enclave.open(another.bytes), 'one', 'two', 'six'), NONCE_LENGTH);
    for (let at = 0; at < chunks.length; at += 1) {
      for (const changed of [
        chunks.toSpliced(at, 1),
        chunks.toSpliced(at, 0, chunks[at]),
        chunks.with(at, chunks[(at + 1) % chunks.length]),
        chunks.with(at, foreign[at]),
      ]) {
        expect(await codeOf(reading(sealed, new Uint8Array(Buffer.concat([start, ...changed]))))).toMatch(
          /^PALISADE-E20[6789]$/,
        );
      }
    }
    expect(await codeOf(reading(another, message))).toBe('PALISADE-E206');
  });

  test('that is the request itself', async () => {
    const { sealed } = await exchange();
    const mirrored = new Uint8Array([...new Uint8Array(NONCE_LENGTH), ...sealed.bytes.slice(HEADER_LENGTH)]);
    expect(await codeOf(reading(sealed, mirrored))).toBe('PALISADE-E206');
  });

  test('without end, when the model fails midway', async () => {
    const enclave = await responder();
    const sealed = await request(enclave);
    async function* failing() {
      yield bytes('half');
      throw new Error('the model died');
    }
    const parts: Uint8Array[] = [];
    const reply = (await enclave.open(sealed.bytes)).reply({ status: 200, headers: {} }, failing());
    await expect(
      (async () => {
        for await (const part of reply) {
          parts.push(part);
        }
      })(),
    ).rejects.toThrow('the model died');
    expect(await codeOf(reading(sealed, new Uint8Array(Buffer.concat(parts))))).toBe('PALISADE-E207');
  });
});

test('a request is answered once', async () => {
  const enclave = await responder();
  const opened = await enclave.open((await request(enclave)).bytes);
  await answer(opened, 'first');
  expect(await codeOf(answer(opened, 'second'))).toBe('PALISADE-E211');
});

test('a key that is none cannot be sealed to', async () => {
  const enclave = await responder();
  expect(await codeOf(request(enclave, '', { publicKey: new Uint8Array(31) }))).toBe('PALISADE-E212');
  // The point of order one: the shared secret would be known to everybody (RFC 7748, 6.1).
  expect(await codeOf(request(enclave, '', { publicKey: new Uint8Array(32) }))).toBe('PALISADE-E212');
});

test('a refusal says its code and nothing else', async () => {
  const enclave = await responder();
  const { bytes: message } = await request(enclave);
  await enclave.open(message);
  const replayed = await enclave.open(message).catch((error) => error);
  const say = (error: unknown) => {
    const { status, body } = refusalOf(error);
    return [status, new TextDecoder().decode(body)];
  };
  expect(say(replayed)).toEqual([409, '{"code":"PALISADE-E203"}']);
  expect(say(new Error('canary'))).toEqual([500, '{"code":"PALISADE-E213"}']);
  expect(say(Object.assign(new Error('canary'), { code: 'PALISADE-E203' }))).toEqual([500, '{"code":"PALISADE-E213"}']);
});

function flipped(message: Uint8Array, bit: number): Uint8Array {
  return message.with(bit >> 3, message[bit >> 3] ^ (1 << (bit & 7)));
}

async function* cutInto(message: Uint8Array, length: number) {
  for (let start = 0; start < message.length; start += length) {
    yield message.slice(start, start + length);
  }
}
