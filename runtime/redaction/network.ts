import { isIP } from 'node:net';
import { type Candidate, isAfter, type Recognizer } from './entity';

/** This host, all hosts, no host: nobody's addresses. */
const NOBODY = /^(?:0\.0\.0\.0|255\.255\.255\.255|127\.|::1?$)/;

function isAddress(candidate: Candidate): boolean {
  const { value } = candidate;
  return (
    isIP(value) > 0 &&
    !NOBODY.test(value) &&
    !value.endsWith('::') &&
    !isAfter(/version[: ]{0,2}$|\bv$|(?:release|chapter|section|figure|build) $/i, candidate, 12)
  );
}

/** Where somebody's machine is. */
export const NETWORK: readonly Recognizer[] = [
  {
    type: 'MAC',
    pattern: /(?<![0-9A-Fa-f:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-])/g,
  },
  { type: 'IP', pattern: /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)/g, numeric: true, accept: isAddress },
  {
    type: 'IP',
    pattern: /(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?![0-9A-Za-z:])/g,
    numeric: true,
    accept: isAddress,
  },
];
