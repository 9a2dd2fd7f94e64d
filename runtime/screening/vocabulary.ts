import { hashOf } from './hash';
import type { Tokens } from './tokens';

/** Words that are found by their hash, so that looking a token up makes no string. What is found is compared, letter by letter. */
export class Vocabulary {
  /** By id; no word has the id 0. */
  private readonly texts: string[] = [''];
  private readonly ids = new Map<string, number>();
  private hashes = new Int32Array(0x400);
  /** Ids, each in the first place free from that of its hash; four times as many places as words. */
  private places = new Uint16Array(4 * this.hashes.length);

  constructor(words: Iterable<string> = []) {
    for (const word of words) {
      this.add(word);
    }
  }

  /** Takes a word, if it has not; gives its id. */
  add(word: string): number {
    const known = this.ids.get(word);
    if (known !== undefined) {
      return known;
    }
    const id = this.texts.push(word) - 1;
    this.ids.set(word, id);
    if (id === this.hashes.length) {
      this.grow();
    }
    this.hashes[id] = hashOf(word);
    this.place(id);
    return id;
  }

  /** All of them. */
  words(): string[] {
    return this.texts.slice(1);
  }

  /** The id of a word, or 0. */
  idOf(word: string): number {
    return this.ids.get(word) ?? 0;
  }

  /** The id of a token, or 0. */
  idAt(tokens: Tokens, index: number): number {
    const hash = tokens.hashes[index];
    let place = this.placeOf(hash);
    for (let id = this.places[place]; id !== 0; id = this.places[place]) {
      if (this.hashes[id] === hash && tokens.is(index, this.texts[id])) {
        return id;
      }
      place = this.after(place);
    }
    return 0;
  }

  /** Whether a word has this hash. */
  hasHash(hash: number): boolean {
    let place = this.placeOf(hash);
    while (this.places[place] !== 0 && this.hashes[this.places[place]] !== hash) {
      place = this.after(place);
    }
    return this.places[place] !== 0;
  }

  private placeOf(hash: number): number {
    return (hash ^ (hash >>> 16)) & (this.places.length - 1);
  }

  private after(place: number): number {
    return (place + 1) & (this.places.length - 1);
  }

  private place(id: number): void {
    let place = this.placeOf(this.hashes[id]);
    while (this.places[place] !== 0) {
      place = this.after(place);
    }
    this.places[place] = id;
  }

  private grow(): void {
    const hashes = new Int32Array(2 * this.hashes.length);
    hashes.set(this.hashes);
    this.hashes = hashes;
    this.places = new Uint16Array(4 * hashes.length);
    for (let id = 1; id < this.texts.length - 1; id += 1) {
      this.place(id);
    }
  }
}
