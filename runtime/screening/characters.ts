/**
 * Characters that show nothing, or that reorder what is shown: Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt,
 * Unicode 16) and the bidirectional controls of UAX #9.
 */
const INVISIBLE: readonly (readonly [number, number])[] = [
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

/** Tag characters mirror ASCII at this distance (Unicode block Tags). */
const TAGS = 0xe0000;

/** Whether a code point shows nothing. Line breaks and tabs show something: they are not among them. */
export function isInvisible(point: number): boolean {
  return point >= 0xad ? INVISIBLE.some(([first, last]) => point >= first && point <= last) : isControl(point);
}

function isControl(point: number): boolean {
  return (point < 0x20 && point !== 0x09 && point !== 0x0a && point !== 0x0d) || point === 0x7f;
}

/** The ASCII character that a tag character stands for; undefined for any other. */
export function tagged(point: number): string | undefined {
  const plain = point - TAGS;
  return plain >= 0x20 && plain < 0x7f ? String.fromCharCode(plain) : undefined;
}

/**
 * Letters of other scripts that look like Latin ones: those of Cyrillic, Greek, Armenian and Cherokee that are used to deceive, and
 * some of Latin itself, by the idea of UTS #39. What NFKC folds (fullwidth, mathematical, circled letters) is not here.
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'а ɑ α',
  b: 'Ь ƅ Ꮟ',
  c: 'с ϲ ᴄ',
  d: 'ԁ Ꮷ ɗ',
  e: 'е є ҽ',
  f: 'ғ ƒ',
  g: 'ɡ ց',
  h: 'һ հ Ꮒ',
  i: 'і ι ı Ꭵ',
  j: 'ј ϳ',
  k: 'к κ ᴋ',
  l: 'ӏ ⅼ',
  m: 'м ᴍ',
  n: 'п ո η',
  o: 'о ο օ σ',
  p: 'р ρ',
  q: 'ԛ գ',
  r: 'г ᴦ',
  s: 'ѕ ꜱ',
  t: 'т τ ᴛ',
  u: 'υ ս ц',
  v: 'ѵ ν',
  w: 'ԝ ա ω ѡ',
  x: 'х χ',
  y: 'у ү γ',
  z: 'ᴢ ʐ',
  A: 'А Α Ꭺ',
  B: 'В Β Ᏼ',
  C: 'С Ϲ Ꮯ',
  D: 'Ꭰ',
  E: 'Е Ε Ꭼ',
  F: 'Ϝ',
  G: 'Ԍ Ꮐ',
  H: 'Н Η Ꮋ',
  I: 'І Ι Ӏ',
  J: 'Ј Ꭻ',
  K: 'К Κ Ꮶ',
  L: 'Ꮮ',
  M: 'М Μ Ꮇ',
  N: 'Ν',
  O: 'О Ο Օ',
  P: 'Р Ρ Ꮲ',
  Q: 'Ԛ',
  R: 'Ꭱ',
  S: 'Ѕ Տ Ꮪ',
  T: 'Т Τ Ꭲ',
  U: 'Ս',
  V: 'Ѵ Ꮩ',
  W: 'Ԝ Ꮃ',
  X: 'Х Χ',
  Y: 'У Υ Ү',
  Z: 'Ζ Ꮓ',
};

const LATIN = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([latin, others]) => others.split(' ').map((other) => [other, latin] as const)),
);

/** The Latin letter that this one looks like; undefined where it looks like none. */
export function looksLike(letter: string): string | undefined {
  return LATIN.get(letter);
}
