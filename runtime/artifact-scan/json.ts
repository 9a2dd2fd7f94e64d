import type { ByteReader } from './byte-reader';
import { decodedText } from './text';
import { SCAN_CODES, ScanStop } from './verdict';

const MAXIMUM_DEPTH = 512;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const BLANK = ' \t\n\r';
/** States of a number: what may follow which part (RFC 8259, section 6). */
const NUMBER: Record<string, Record<string, string>> = {
  sign: { '0': 'zero', d: 'whole' },
  zero: { '.': 'point', e: 'exponent' },
  whole: { '0': 'whole', d: 'whole', '.': 'point', e: 'exponent' },
  point: { '0': 'fraction', d: 'fraction' },
  fraction: { '0': 'fraction', d: 'fraction', e: 'exponent' },
  exponent: { '0': 'power', d: 'power', '+': 'power sign', '-': 'power sign' },
  'power sign': { '0': 'power', d: 'power' },
  power: { '0': 'power', d: 'power' },
};
const COMPLETE = new Set(['zero', 'whole', 'fraction', 'power']);

/** Told of a JSON text as it is read. Text that is longer than `MAXIMUM_TEXT` is given as undefined. */
export interface JsonListener {
  /** An object or array begins. */
  begin(container: '{' | '['): void;
  /** The innermost object or array ends. */
  end(): void;
  key(text: string | undefined): void;
  text(text: string | undefined): void;
  /** A number, as it is written. */
  number?(text: string): void;
  /** true, false or null. */
  literal?(): void;
}

/** Longest key or text that a listener is given, in UTF-16 units. */
export const MAXIMUM_TEXT = 2 ** 20;

/** Checks one JSON text (RFC 8259) of any length in bounded memory. */
export async function requireJson(reader: ByteReader, listener?: JsonListener): Promise<void> {
  const machine = new JsonMachine(listener);
  for await (const text of decodedText(reader)) {
    for (const character of text) {
      machine.push(character);
    }
  }
  machine.end();
}

/** Checks one JSON text that is in memory. */
export function requireJsonText(text: string, listener?: JsonListener): void {
  const machine = new JsonMachine(listener);
  for (const character of text) {
    machine.push(character);
  }
  machine.end();
}

type Expectation = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end' | 'nothing';

class JsonMachine {
  private expects: Expectation = 'value';
  private readonly containers: ('{' | '[')[] = [];
  private mode: 'structure' | 'string' | 'escape' | 'unicode' | 'number' | 'literal' = 'structure';
  private isKey = false;
  private hexDigits = 0;
  private number = '';
  private literal = '';
  private escape = '';
  private captured: string[] = [];
  private capturedLength = 0;
  private readonly steps = {
    structure: (character: string) => this.inStructure(character),
    string: (character: string) => this.inString(character),
    escape: (character: string) => this.inEscape(character),
    unicode: (character: string) => this.inUnicode(character),
    number: (character: string) => this.inNumber(character),
    literal: (character: string) => this.inLiteral(character),
  };

  constructor(private readonly listener?: JsonListener) {}

  push(character: string): void {
    this.steps[this.mode](character);
  }

  end(): void {
    if (this.mode === 'number') {
      this.endNumber();
    }
    if (this.mode !== 'structure' || this.expects !== 'nothing') {
      throw notJson();
    }
  }

  private inStructure(character: string): void {
    if (BLANK.includes(character)) {
      return;
    }
    if (this.expects === 'value or ]' && character === ']') {
      this.close('[');
    } else if (this.expects === 'key or }' && character === '}') {
      this.close('{');
    } else if (this.expects === 'value' || this.expects === 'value or ]') {
      this.startValue(character);
    } else if (this.expects === 'key' || this.expects === 'key or }') {
      this.startKey(character);
    } else if (this.expects === 'comma or end') {
      this.afterValue(character);
    } else {
      this.require(this.expects === 'colon' && character === ':', 'value');
    }
  }

  private afterValue(character: string): void {
    const container = this.containers.at(-1);
    if (character === ',') {
      this.expects = container === '{' ? 'key' : 'value';
    } else {
      this.require(character === '}' || character === ']', 'comma or end');
      this.close(character === '}' ? '{' : '[');
    }
  }

  private startKey(character: string): void {
    this.require(character === '"', 'colon');
    this.isKey = true;
    this.mode = 'string';
  }

  private startValue(character: string): void {
    if (character === '"') {
      this.isKey = false;
      this.mode = 'string';
    } else if (character === '{' || character === '[') {
      this.require(this.containers.length < MAXIMUM_DEPTH, character === '{' ? 'key or }' : 'value or ]');
      this.containers.push(character);
      this.listener?.begin(character);
    } else if (character === '-' || isDigit(character)) {
      this.mode = 'number';
      this.number = character === '-' ? 'sign' : character === '0' ? 'zero' : 'whole';
      this.capture(character);
    } else {
      const literal = ['true', 'false', 'null'].find((word) => word[0] === character);
      this.require(literal !== undefined, this.expects);
      this.mode = 'literal';
      this.literal = (literal as string).slice(1);
    }
  }

  private inString(character: string): void {
    if (character === '\\') {
      this.mode = 'escape';
    } else if (character === '"') {
      this.mode = 'structure';
      this.tell();
      if (!this.isKey) {
        this.endValue();
      }
    } else if (character < ' ') {
      throw notJson();
    } else {
      this.capture(character);
    }
  }

  private capture(character: string): void {
    if (this.listener && this.capturedLength <= MAXIMUM_TEXT) {
      this.captured.push(character);
      this.capturedLength += character.length;
    }
  }

  private tell(): void {
    const text = this.taken();
    this.listener?.[this.isKey ? 'key' : 'text'](text);
  }

  /** What was captured, unless it is too long. */
  private taken(): string | undefined {
    const text = this.capturedLength > MAXIMUM_TEXT ? undefined : this.captured.join('');
    this.captured = [];
    this.capturedLength = 0;
    return text;
  }

  private inEscape(character: string): void {
    if (character === 'u') {
      this.mode = 'unicode';
      this.hexDigits = 0;
      this.escape = '';
    } else if (ESCAPES.has(character)) {
      this.mode = 'string';
      this.capture(ESCAPES.get(character) ?? '');
    } else {
      throw notJson();
    }
  }

  private inUnicode(character: string): void {
    if (!/^[0-9a-fA-F]$/.test(character)) {
      throw notJson();
    }
    this.hexDigits += 1;
    this.escape += character;
    if (this.hexDigits === 4) {
      this.mode = 'string';
      this.capture(String.fromCharCode(Number.parseInt(this.escape, 16)));
    }
  }

  private inNumber(character: string): void {
    const kind = character === '0' ? '0' : isDigit(character) ? 'd' : character === 'E' ? 'e' : character;
    const next = NUMBER[this.number][kind];
    if (next) {
      this.number = next;
      this.capture(character);
    } else {
      this.endNumber();
      this.push(character);
    }
  }

  private endNumber(): void {
    if (!COMPLETE.has(this.number)) {
      throw notJson();
    }
    this.mode = 'structure';
    const text = this.taken();
    if (text !== undefined) {
      this.listener?.number?.(text);
    }
    this.endValue();
  }

  private inLiteral(character: string): void {
    if (character !== this.literal[0]) {
      throw notJson();
    }
    this.literal = this.literal.slice(1);
    if (this.literal === '') {
      this.mode = 'structure';
      this.listener?.literal?.();
      this.endValue();
    }
  }

  private close(container: '{' | '['): void {
    if (this.containers.pop() !== container) {
      throw notJson();
    }
    this.listener?.end();
    this.endValue();
  }

  private endValue(): void {
    this.expects = this.containers.length > 0 ? 'comma or end' : 'nothing';
  }

  private require(holds: boolean, next: Expectation): void {
    if (!holds) {
      throw notJson();
    }
    this.expects = next;
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function notJson(): ScanStop {
  return new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'begins as JSON but is not JSON');
}
