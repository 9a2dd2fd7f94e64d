import * as fs from 'node:fs';
import { PalisadeError } from '../../runtime/errors';
import { type Finding, fingerprint } from './finding';

/** Fingerprints of the findings of an earlier report in JSON. Throws PALISADE-C002 for a file that holds none. */
export function readBaseline(file: string): ReadonlySet<string> {
  const findings = findingsIn(file);
  if (!Array.isArray(findings)) {
    throw new PalisadeError({
      code: 'PALISADE-C002',
      where: file,
      problem: 'is no report of findings',
      fix: 'make it with palisade check --format json > FILE',
    });
  }
  return new Set(findings.filter((item): item is Finding => typeof item?.property === 'string').map(fingerprint));
}

function findingsIn(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))?.findings;
  } catch {
    return undefined;
  }
}
