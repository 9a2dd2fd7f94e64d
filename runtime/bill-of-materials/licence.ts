import listed from 'spdx-license-ids/index.json';

/** A licence as CycloneDX takes it. */
export type BillLicence = { license: { id: string } } | { license: { name: string } } | { expression: string };

const IDS: ReadonlySet<string> = new Set(listed);
const OPERATORS: ReadonlySet<string> = new Set(['AND', 'OR']);

/** Whether SPDX lists an identifier (spdx-license-ids: the list of spdx.org/licenses). */
export function isListed(id: string): boolean {
  return IDS.has(id);
}

/** An id where SPDX lists it, an expression where every id in it is listed, a name otherwise (`WITH` among it). */
export function licenceOf(licence: string): BillLicence {
  if (isListed(licence)) {
    return { license: { id: licence } };
  }
  return isExpression(licence) ? { expression: licence } : { license: { name: licence } };
}

/** Ids that are listed, with AND or OR between each two, and parentheses in pairs. */
export function isExpression(text: string): boolean {
  let open = 0;
  let operand = false;
  for (const token of text.match(/[()]|[^\s()]+/g) ?? []) {
    const starts = token === '(' || !(token === ')' || OPERATORS.has(token));
    if (starts === operand || (token !== '(' && token !== ')' && starts && !isListed(token))) {
      return false;
    }
    open += token === '(' ? 1 : token === ')' ? -1 : 0;
    operand = token !== '(' && !OPERATORS.has(token);
    if (open < 0) {
      return false;
    }
  }
  return operand && open === 0;
}
