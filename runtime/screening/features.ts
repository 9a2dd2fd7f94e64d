import type { Mention } from './mentions';
import { Room } from './room';
import type { Tokens } from './tokens';

/** Buckets that n-grams are hashed into: a power of two. */
export const BUCKETS = 1 << 16;

/** Most tokens between two mentions that make a pair, and most mentions that one is paired with. */
const PAIR = 8;
const PARTNERS = 4;

/**
 * So often in a row a word of the lexicon says what it says. Sums of features grow with their number faster than what they are divided
 * by, so a long enough row of nearly any such word ("prompt prompt prompt ...") would look like an attack.
 */
const IN_A_ROW = 8;

/** Kinds of features: each has places of its own. */
const KIND = { word: 1, pair: 2, triple: 3, beginning: 4, mention: 5, mentionPair: 6 } as const;

/** What the classifier sees of a text. */
export interface Features {
  /** Buckets, token by token. */
  readonly buckets: Int32Array;
  /** Where the features of each token begin in `buckets`; one more than there are tokens. */
  readonly starts: Int32Array;
}

/** Where features are written. */
export class FeatureRoom {
  readonly buckets = new Room(Int32Array);
  readonly starts = new Room(Int32Array);
}

/**
 * Features of each token: the word, the two and three words that end with it, its beginning, and the classes that the lexicon puts it
 * into, alone and with those just before. Linear.
 *
 * @param room holds them until it is used again. @default - room of their own
 */
export function featuresOf(tokens: Tokens, mentions: readonly Mention[], room = new FeatureRoom()): Features {
  const { count, hashes, beginnings } = tokens;
  const buckets = room.buckets.of(count * 4 + mentions.length * (1 + PARTNERS));
  const starts = room.starts.of(count + 1);
  let [length, last, next] = [0, 0, 0];
  let pair = mixed(0, 0);
  let row = 0;
  for (let index = 0; index < count; index += 1) {
    starts[index] = length;
    const word = hashes[index];
    const before = pair;
    row = word === last ? row + 1 : 1;
    pair = mixed(last, word);
    // What is said again at once, such as a line of signs, says nothing more.
    if (word !== last) {
      buckets[length++] = bucket(word, KIND.word);
      buckets[length++] = bucket(pair, KIND.pair);
      buckets[length++] = bucket(mixed(before, word), KIND.triple);
      if (beginnings[index] !== 0) {
        buckets[length++] = bucket(beginnings[index], KIND.beginning);
      }
    }
    for (; next < mentions.length && mentions[next].last === index; next += 1) {
      if (row > IN_A_ROW) {
        continue;
      }
      const { hash } = mentions[next];
      buckets[length++] = bucket(hash, KIND.mention);
      for (
        let other = next - 1;
        other >= 0 && next - other <= PARTNERS && index - mentions[other].last <= PAIR;
        other -= 1
      ) {
        buckets[length++] = bucket(mixed(mentions[other].hash, hash), KIND.mentionPair);
      }
    }
    last = word;
  }
  starts[count] = length;
  return { buckets: buckets.subarray(0, length), starts };
}

function mixed(one: number, other: number): number {
  return Math.imul(one ^ (other + 0x9e3779b9 + (one << 6) + (one >>> 2)), 0x85ebca6b);
}

/** The finalizer of MurmurHash3. */
function bucket(hash: number, kind: number): number {
  let spread = Math.imul(hash ^ (kind * 0x9e3779b1), 0x85ebca6b);
  spread ^= spread >>> 13;
  spread = Math.imul(spread, 0xc2b2ae35);
  return (spread ^ (spread >>> 16)) & (BUCKETS - 1);
}
