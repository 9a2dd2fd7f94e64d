/** `safe` may be loaded; `unsafe` must not be; `unknown` could not be judged, and is refused as well. */
export type Verdict = 'safe' | 'unsafe' | 'unknown';

/** One thing that stands against an artifact. */
export interface ScanFinding {
  /** Stable code, such as `PALISADE-T041`. */
  readonly code: string;
  readonly verdict: 'unsafe' | 'unknown';
  /** Path of the entry, archives joined with `!`; empty for the artifact itself. */
  readonly entry: string;
  /** What was found. Of the artifact's own content only names that are made of letters, digits, dots and underscores. */
  readonly problem: string;
}

/** Codes of findings. */
export const SCAN_CODES = {
  /** A pickle that runs, reads or sends something when it is loaded. */
  PICKLE: 'PALISADE-T041',
  /** A path that leaves the folder it is unpacked to. */
  PATH: 'PALISADE-T042',
  /** A link, device, or anything else in an archive that is not a file or folder. */
  LINK: 'PALISADE-T043',
  /** More entries, bytes, nesting or compression than the limits allow. */
  LIMIT: 'PALISADE-T044',
  /** An archive or file that contradicts itself: readers would disagree on what it holds. */
  MALFORMED: 'PALISADE-T045',
  /** Content of no format that the scanner knows to be data only. */
  UNKNOWN: 'PALISADE-T046',
  /** Source code or a script that a container would run. */
  CODE: 'PALISADE-T047',
  /** A chat template that does more than lay out a conversation. */
  TEMPLATE: 'PALISADE-T051',
  /** A layer or object of a model that is code, or that loads some. */
  LAYER: 'PALISADE-T052',
  /** An operator of a graph that reads, writes or runs something outside the model. */
  OPERATOR: 'PALISADE-T053',
  /** A model that takes part of its content from another file. */
  EXTERNAL: 'PALISADE-T054',
  /** Content that is one format to one reader, and another to another. */
  POLYGLOT: 'PALISADE-T055',
} as const;

/** Ends a scan, or the part of it that reads one entry. */
export class ScanStop extends Error {
  constructor(
    readonly code: string,
    readonly verdict: 'unsafe' | 'unknown',
    problem: string,
  ) {
    super(problem);
    this.name = 'ScanStop';
  }
}

/** The artifact contradicts itself. */
export function malformed(problem: string): ScanStop {
  return new ScanStop(SCAN_CODES.MALFORMED, 'unsafe', problem);
}

/** The worst of the findings; safe without any. */
export function worst(findings: readonly ScanFinding[]): Verdict {
  if (findings.some((finding) => finding.verdict === 'unsafe')) {
    return 'unsafe';
  }
  return findings.length > 0 ? 'unknown' : 'safe';
}
