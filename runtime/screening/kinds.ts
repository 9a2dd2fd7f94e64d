/** What a character is to whoever splits a text. */
export enum Kind {
  Space = 1,
  Word,
  Alone,
  Mark,
}

const WORD = /[\p{L}\p{N}\p{M}_]/u;
const SPACE = /\s/u;
/** Scripts that are written without spaces, or whose words have endings: each character is a word of its own. */
const ALONE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u;

/** Of ASCII. */
export const ASCII = Uint8Array.from({ length: 0x80 }, (_, unit) => {
  if (/\w/.test(String.fromCharCode(unit))) {
    return Kind.Word;
  }
  return unit > 0x20 || unit === 0x0a ? Kind.Mark : Kind.Space;
});

/** Of the planes that texts are written in, each asked for once: patterns with properties take their time. */
const KINDS = new Uint8Array(0x20000);
KINDS.set(ASCII);

/** Of the character that begins here. */
export function kindAt(text: string, index: number): Kind {
  const point = text.codePointAt(index) as number;
  if (point >= KINDS.length) {
    return kindOf(point);
  }
  if (KINDS[point] === 0) {
    KINDS[point] = kindOf(point);
  }
  return KINDS[point];
}

/** UTF-16 units of the character that begins here. */
export function lengthAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit < 0xdc00 && (text.codePointAt(index) as number) > 0xffff ? 2 : 1;
}

function kindOf(point: number): Kind {
  const character = String.fromCodePoint(point);
  if (WORD.test(character)) {
    return point >= 0xe00 && ALONE.test(character) ? Kind.Alone : Kind.Word;
  }
  return SPACE.test(character) ? Kind.Space : Kind.Mark;
}
