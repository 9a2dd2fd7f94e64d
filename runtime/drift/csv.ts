/**
 * Fields of comma-separated text by row (RFC 4180), without empty rows. Total: an open quote ends with the text, and a
 * quote inside a field is a character like others.
 */
export function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endField = () => {
    row.push(field.trim());
    field = '';
  };
  const endRow = () => {
    endField();
    if (row.length > 1 || row[0] !== '') {
      rows.push(row);
    }
    row = [];
  };
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (quoted) {
      const doubled = character === '"' && text[index + 1] === '"';
      quoted = character !== '"' || doubled;
      field += quoted ? character : '';
      index += doubled ? 1 : 0;
    } else if (character === '"' && field.trim() === '') {
      quoted = true;
    } else if (character === ',') {
      endField();
    } else if (character === '\n') {
      endRow();
    } else {
      field += character;
    }
  }
  endRow();
  return rows;
}
