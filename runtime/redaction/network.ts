import { isIP } from 'node:net';
import { type Candidate, isAfter, type Recognizer } from './entity';
import { everywhere, numbers, type Places, type Stretch } from './sight';

/** This host, all hosts, no host: nobody's addresses. */
const NOBODY = /^(?:0\.0\.0\.0|255\.255\.255\.255|127\.|::1?$)/;

/** `10.0.0.0/16`: many machines, and so nobody's. */
function isNetwork({ text, value, end }: Candidate): boolean {
  return value.endsWith('.0') && /^\/\d{1,2}(?!\d)/.test(text.slice(end, end + 4));
}

function isAddress(candidate: Candidate): boolean {
  const { value } = candidate;
  return (
    isIP(value) > 0 &&
    /\d/.test(value) &&
    !NOBODY.test(value) &&
    !value.endsWith('::') &&
    !isNetwork(candidate) &&
    !isAfter(/version[: ]{0,2}$|\bv$|(?:release|chapter|section|figure|build) $/i, candidate, 12)
  );
}

const HEXADECIMAL = /[0-9A-Fa-f:.]/;
/** Longest address in text form (RFC 4291, section 2.2), and room to see that it ends. */
const LONGEST = 48;

/** Groups with as many colons as an address has. */
const groupsWithColons: Places = (sight) => {
  const { text } = sight;
  const stretches: Stretch[] = [];
  let until = 0;
  const places = sight.placesOf(':');
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index];
    const dense = places[index + 1] === place + 1 || places[index + 5] < place + LONGEST;
    if (place < until || !dense) {
      continue;
    }
    let [start, end] = [place, place];
    while (start > until && place - start < LONGEST && HEXADECIMAL.test(text[start - 1])) {
      start -= 1;
    }
    while (end < text.length && end - place < LONGEST && HEXADECIMAL.test(text[end])) {
      end += 1;
    }
    const group = text.slice(start, end);
    if (group.includes('::') || group.split(':').length > 6) {
      stretches.push({ start, end: Math.min(text.length, end + 1) });
    }
    until = end;
  }
  return stretches;
};

/** Where somebody's machine is. */
export const NETWORK: readonly Recognizer[] = [
  {
    type: 'MAC',
    places: everywhere,
    pattern:
      /(?=[0-9A-F]{2}[:-])(?:(?<![0-9A-Za-z:-])|(?<=[g-z][a-z]{0,8}:))[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-])/gi,
  },
  {
    type: 'IP',
    pattern:
      /(?:(?<![0-9A-Za-z:.])|(?<=[g-z][a-z]{0,8}:))[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:\.\d{1,3}){0,3}(?![0-9A-Za-z:])/gi,
    places: groupsWithColons,
    accept: isAddress,
  },
  {
    type: 'IP',
    places: numbers(4, { dots: 3 }),
    pattern: /(?<![\d.]|[A-Za-z]\/)\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)/g,
    accept: isAddress,
  },
];
