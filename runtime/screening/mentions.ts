import { hashOf } from './hash';
import { LEXICON, type WordClass } from './lexicon';
import { Tokens } from './tokens';
import { Vocabulary } from './vocabulary';

/** Words of one class that stand in a text. */
export interface Mention extends Meaning {
  /** First and last token. */
  readonly first: number;
  readonly last: number;
}

/** What a phrase says. */
interface Meaning {
  readonly kind: WordClass;
  /** Of `kind`. */
  readonly hash: number;
  /** The words, as the lexicon writes them. */
  readonly words: string;
}

interface Node {
  /** By the id of the next word. */
  readonly next: Map<number, Node>;
  readonly ends: Meaning[];
}

/** The lexicon writes a line break so, because its lines are wrapped. */
const LINE_BREAK = '¶';

/** Every word of every phrase. */
const VOCABULARY = new Vocabulary();
const SPARE = new Tokens();
/** By the id of the first word. */
const PHRASES: (Node | undefined)[] = phrases();

/** Ids of words, whether the lexicon has them or not. */
export function idsOf(words: readonly string[]): ReadonlySet<number> {
  return new Set(words.map((word) => VOCABULARY.add(word)));
}

/** The id of each token's word; 0 where it is none of the lexicon's. Looked up once for a text. */
export function wordsOf(tokens: Tokens): Uint16Array {
  if (!tokens.lookedUp) {
    for (let index = 0; index < tokens.count; index += 1) {
      tokens.words[index] = VOCABULARY.idAt(tokens, index);
    }
    tokens.lookedUp = true;
  }
  return tokens.words;
}

/** The id of a word, or 0. */
export function idOf(word: string): number {
  return VOCABULARY.idOf(word);
}

/** Whether a word that has an id may have this hash: of most, one need not ask further. */
export function isHash(hash: number): boolean {
  return VOCABULARY.hasHash(hash);
}

/** Whether something that the lexicon knows begins with this word. */
export function begins(id: number): boolean {
  return PHRASES[id] !== undefined;
}

/** First words of all that the lexicon knows. */
export function beginnings(): string[] {
  return VOCABULARY.words().filter((word) => begins(idOf(word)));
}

/** All mentions of the lexicon, by their last token; linear, since no phrase is long. */
export function mentionsIn(tokens: Tokens): Mention[] {
  const { count } = tokens;
  const words = wordsOf(tokens);
  const mentions: Mention[] = [];
  for (let first = 0; first < count; first += 1) {
    let node = PHRASES[words[first]];
    for (let last = first; node; ) {
      for (const { kind, hash, words: phrase } of node.ends) {
        insert(mentions, { kind, hash, words: phrase, first, last });
      }
      last += 1;
      node = last < count ? node.next.get(words[last]) : undefined;
    }
  }
  return mentions;
}

/** Keeps the order of last tokens. Few stand behind where one belongs: what began later and ends before it. */
function insert(mentions: Mention[], mention: Mention): void {
  let place = mentions.length;
  while (place > 0 && mentions[place - 1].last > mention.last) {
    place -= 1;
  }
  if (place === mentions.length) {
    mentions.push(mention);
  } else {
    mentions.splice(place, 0, mention);
  }
}

function phrases(): (Node | undefined)[] {
  const root: Node = { next: new Map(), ends: [] };
  for (const [kind, list] of Object.entries(LEXICON) as [WordClass, string][]) {
    const hash = hashOf(kind);
    for (const words of list.replace(/\s+/g, ' ').split(/(?<!\\)\|/)) {
      add(root, { kind, hash, words: words.trim().replaceAll('\\', '') });
    }
  }
  const first: (Node | undefined)[] = [undefined];
  for (const [id, node] of root.next) {
    first[id] = node;
  }
  return first;
}

function add(root: Node, meaning: Meaning): void {
  let node = root;
  const tokens = SPARE.read(meaning.words.replace(LINE_BREAK, '\n'));
  for (let index = 0; index < tokens.count; index += 1) {
    const id = VOCABULARY.add(tokens.textAt(index));
    const next = node.next.get(id) ?? { next: new Map(), ends: [] };
    node.next.set(id, next);
    node = next;
  }
  if (node !== root && !node.ends.some((end) => end.kind === meaning.kind)) {
    node.ends.push(meaning);
  }
}
