/** ISO/IEC 7812-1, annex B: every second digit from the right is doubled. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]) * (index % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return digits.length > 1 && sum % 10 === 0;
}

/** ISO/IEC 7064, MOD 97-10: letters count from 10 on, the rest is 1. */
export function mod97(text: string): number {
  let rest = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** Sum of digits times weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);
}

/** ISO/IEC 7064, MOD 11,10. */
export function mod1110(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

/** Multiplication of the dihedral group of order ten. */
function dihedral(one: number, other: number): number {
  const turned = one < 5 ? (one + other) % 5 : (one - other + 5) % 5;
  const flipped = one < 5 === other < 5;
  return flipped ? turned : turned + 5;
}

const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** Verhoeff's check (1969), as Aadhaar numbers have it. */
export function verhoeff(digits: string): boolean {
  let check = 0;
  for (let index = 0; index < digits.length; index += 1) {
    let digit = Number(digits[digits.length - 1 - index]);
    for (let turn = 0; turn < index % 8; turn += 1) {
      digit = PERMUTATION[digit];
    }
    check = dihedral(check, digit);
  }
  return check === 0;
}

/** Whether day and month can be. */
export function isDayAndMonth(day: number, month: number): boolean {
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}
