// A loan book of any size, the same bytes every time: what a bank would deliver, without a bank's customers.

/** CSV with a header and `rows` distinct loans. */
export function loanBook(rows) {
  const random = generator(20261124);
  const lines = ['loan_id,amount,term_months,income,age,employed_years,defaulted'];
  for (let row = 0; row < rows; row += 1) {
    const amount = 500 + Math.floor(random() * 49_500);
    const income = 12_000 + Math.floor(random() * 88_000);
    const term = 6 + Math.floor(random() * 78);
    const risk = 0.05 + 0.4 * (amount / (income + 1));
    const defaulted = random() < risk ? 1 : 0;
    lines.push(
      [`L${row}`, amount, term, income, 18 + Math.floor(random() * 60), Math.floor(random() * 40), defaulted].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** mulberry32, a small generator with a seed. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
