/** One row of comma-separated text. */
export interface CsvRecord {
  readonly fields: string[];
  /** Line that it starts on, from 1. */
  readonly line: number;
}

/**
 * Reads comma-separated text (RFC 4180) piece by piece, without empty rows. Total: an open quote ends with the text, and a quote
 * inside a field is a character like others.
 */
export class CsvReader {
  /** Whether a quote is open: at the end of the text, something is wrong. */
  quoted = false;
  /** Characters of the row that is being read: what a caller bounds. */
  held = 0;
  /** Line that is being read, from 1. */
  line = 1;

  private row: string[] = [];
  private field = '';
  private started = 1;
  /** A quote inside quotes: the next character says whether it closes them. */
  private quoteSeen = false;

  /** Takes the next piece of the text; gives the rows that it ends. */
  push(text: string): CsvRecord[] {
    const rows: CsvRecord[] = [];
    for (const character of text) {
      this.take(character, rows);
    }
    return rows;
  }

  /** Ends the text; gives the last row, if it had no end of line. */
  end(): CsvRecord[] {
    const rows: CsvRecord[] = [];
    this.closeQuote();
    this.endRow(rows);
    return rows;
  }

  private take(character: string, rows: CsvRecord[]): void {
    this.held += 1;
    const doubled = this.quoteSeen && character === '"';
    this.closeQuote();
    if (doubled) {
      this.quoted = true;
      this.field += character;
    } else if (this.quoted) {
      this.quoteSeen = character === '"';
      this.field += this.quoteSeen ? '' : character;
    } else if (character === '"' && this.field.trim() === '') {
      this.quoted = true;
    } else if (character === ',') {
      this.endField();
    } else if (character === '\n') {
      this.endRow(rows);
    } else {
      this.field += character;
    }
    this.line += character === '\n' ? 1 : 0;
    this.started = this.row.length === 0 && this.field === '' && !this.quoted ? this.line : this.started;
  }

  private closeQuote(): void {
    this.quoted = this.quoted && !this.quoteSeen;
    this.quoteSeen = false;
  }

  private endField(): void {
    this.row.push(this.field.trim());
    this.field = '';
  }

  private endRow(rows: CsvRecord[]): void {
    this.endField();
    if (this.row.length > 1 || this.row[0] !== '') {
      rows.push({ fields: this.row, line: this.started });
    }
    this.row = [];
    this.held = 0;
  }
}

/** Fields of comma-separated text by row. */
export function rowsOf(text: string): string[][] {
  const reader = new CsvReader();
  return [...reader.push(text), ...reader.end()].map(({ fields }) => fields);
}
