import * as fs from 'node:fs';
import * as path from 'node:path';
import { verifyConsistency, verifyInclusion } from '../../../runtime/integrity';

/** Vectors of transparency-dev/merkle; kept beside the project. */
const VECTORS = path.join(__dirname, '../../../../shared/data/merkle-rfc6962/testdata');

interface Vector {
  readonly desc: string;
  readonly wantErr: boolean;
  readonly proof: string[] | null;
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly leafHash: string | null;
  readonly root: string | null;
  readonly size1: number;
  readonly size2: number;
  readonly root1: string | null;
  readonly root2: string | null;
}

const bytes = (text: string | null) => Buffer.from(text ?? '', 'base64');

function holds(kind: string, vector: Vector): boolean {
  const proof = (vector.proof ?? []).map(bytes);
  return kind === 'inclusion'
    ? verifyInclusion(
        { index: vector.leafIdx, size: vector.treeSize, leafHash: bytes(vector.leafHash), root: bytes(vector.root) },
        proof,
      )
    : verifyConsistency(
        {
          oldSize: vector.size1,
          newSize: vector.size2,
          oldRoot: bytes(vector.root1),
          newRoot: bytes(vector.root2),
        },
        proof,
      );
}

function read(kind: string): [string, Vector][] {
  const folder = path.join(VECTORS, kind);
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => [file, JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'))]);
}

describe('vectors of transparency-dev/merkle', () => {
  const present = fs.existsSync(VECTORS);
  if (!present) {
    console.log(`Merkle vectors are not in ${VECTORS}: only the project's own are tested`);
  }
  // A loop, because test.each fails on an empty list.
  for (const kind of present ? ['inclusion', 'consistency'] : []) {
    test(`${kind} proofs`, () => {
      const vectors = read(kind);
      expect(vectors.length).toBeGreaterThan(40);
      const wrong = vectors.filter(([, vector]) => holds(kind, vector) === vector.wantErr).map(([file]) => file);
      expect(wrong).toEqual([]);
    });
  }

  test('one vector of each kind is kept here', () => {
    const proof = [
      'lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=',
      'Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=',
      'a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=',
    ];
    const first = bytes('bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=');
    const root = bytes('XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=');
    const inclusion = { index: 0, size: 8, leafHash: first, root };
    const consistency = { oldSize: 1, newSize: 8, oldRoot: first, newRoot: root };
    expect(verifyInclusion(inclusion, proof.map(bytes))).toBe(true);
    expect(verifyConsistency(consistency, proof.map(bytes))).toBe(true);
    const other = ['hqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=', ...proof.slice(1)];
    expect(verifyInclusion(inclusion, other.map(bytes))).toBe(false);
    expect(verifyConsistency(consistency, other.map(bytes))).toBe(false);
  });
});
