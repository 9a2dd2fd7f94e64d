import { hashOf } from './hash';
import { LEXICON, type WordClass } from './lexicon';
import { type Token, tokensOf } from './tokens';

/** Words of one class that stand in a text. */
export interface Mention {
  readonly kind: WordClass;
  /** The words, as the lexicon writes them. */
  readonly words: string;
  /** First and last token. */
  readonly first: number;
  readonly last: number;
}

interface Node {
  readonly next: Map<string, Node>;
  readonly ends: { readonly kind: WordClass; readonly words: string }[];
}

/** The lexicon writes a line break so, because its lines are wrapped. */
const LINE_BREAK = '¶';

const ROOT = trie();

/** Which hashes, cut to so many bits, the first words of phrases have: most tokens begin nothing, and need no more looking up. */
const BITS = 16;
const BEGINNINGS = new Uint8Array(1 << BITS);
for (const word of ROOT.next.keys()) {
  BEGINNINGS[cut(hashOf(word))] = 1;
}

function cut(hash: number): number {
  return (hash ^ (hash >>> BITS)) & (BEGINNINGS.length - 1);
}

/** Whether the lexicon knows a word as the beginning of something. */
export function isKnown(word: string): boolean {
  return ROOT.next.has(word);
}

/** First words of all that the lexicon knows. */
export function beginnings(): Iterable<string> {
  return ROOT.next.keys();
}

/** All mentions of the lexicon, by their last token; linear, since no phrase is long. */
export function mentionsIn(tokens: readonly Token[]): Mention[] {
  const mentions: Mention[] = [];
  for (let first = 0; first < tokens.length; first += 1) {
    const { text, hash } = tokens[first];
    let node = BEGINNINGS[cut(hash)] === 1 ? ROOT.next.get(text) : undefined;
    for (let last = first; node; ) {
      for (const { kind, words } of node.ends) {
        mentions.push({ kind, words, first, last });
      }
      last += 1;
      node = last < tokens.length ? node.next.get(tokens[last].text) : undefined;
    }
  }
  return mentions.sort((one, other) => one.last - other.last);
}

function trie(): Node {
  const root: Node = { next: new Map(), ends: [] };
  for (const [kind, list] of Object.entries(LEXICON) as [WordClass, string][]) {
    for (const words of list.replace(/\s+/g, ' ').split(/(?<!\\)\|/)) {
      add(root, kind, words.trim().replaceAll('\\', ''));
    }
  }
  return root;
}

function add(root: Node, kind: WordClass, words: string): void {
  let node = root;
  for (const { text } of tokensOf(words.replace(LINE_BREAK, '\n'))) {
    const next = node.next.get(text) ?? { next: new Map(), ends: [] };
    node.next.set(text, next);
    node = next;
  }
  if (node !== root && !node.ends.some((end) => end.kind === kind)) {
    node.ends.push({ kind, words });
  }
}
