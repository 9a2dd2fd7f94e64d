import { looksLike } from './characters';

const LATIN_LETTER = /[a-z]/i;

/** A word in small letters, without accents, and in Latin letters where it has some and others look like them. */
export function fold(word: string): string {
  switch (caseOf(word)) {
    case Case.Small:
      return word;
    case Case.Ascii:
      return word.toLowerCase();
    default:
      return foldOther(word.toLowerCase().replace('\u2019', "'"));
  }
}

enum Case {
  /** ASCII without capitals: nothing to do. */
  Small,
  Ascii,
  Other,
}

function caseOf(word: string): Case {
  let found = Case.Small;
  for (let index = 0; index < word.length; index += 1) {
    const unit = word.charCodeAt(index);
    if (unit > 0x7e) {
      return Case.Other;
    }
    found = unit >= 0x41 && unit <= 0x5a ? Case.Ascii : found;
  }
  return found;
}

/** Accents are written or not as people please; marks of other scripts make words what they are. */
function foldOther(word: string): string {
  if (!LATIN_LETTER.test(word)) {
    return word;
  }
  let folded = '';
  for (let index = 0; index < word.length; index += 1) {
    const unit = word.charCodeAt(index);
    if (unit >= FIRST_MARK) {
      return foldAnew(word);
    }
    LETTERS[unit] ??= foldAnew(word[index]);
    folded += LETTERS[unit];
  }
  return folded;
}

/** Below it, where the letters of Europe's Latin scripts are, no character changes another: each is folded once. */
const FIRST_MARK = 0x300;
const LETTERS: (string | undefined)[] = new Array(FIRST_MARK).fill(undefined);

function foldAnew(word: string): string {
  const latin = Array.from(word, (letter) => looksLike(letter) ?? letter).join('');
  return latin
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
}
