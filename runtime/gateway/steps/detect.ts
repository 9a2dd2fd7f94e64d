import { beforeAbort, TimedOut } from '../before-abort';
import type { Exchange } from '../exchange';
import type { Detection, Finding, InjectionDetector } from '../ports';
import type { Said } from '../question';
import { Refusal } from '../refusal';

/** UTF-16 units of a window: some 250 tokens of English, half of what the usual models take. Windows overlap by a tenth. */
const WINDOW = 1000;
const STEP = 900;
/** Most windows of one call: a model takes many milliseconds for each. */
const MAXIMUM_WINDOWS = 64;

/**
 * Findings as a detector sharpens them: never to less than the rules say. Looks at the newest texts first, and no further once one is to be
 * blocked. What became of a detector that failed stands among the call's reasons.
 */
export async function detected(
  exchange: Exchange,
  said: readonly Said[],
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  const { call, ports, reasons, settings } = exchange;
  const { detector } = ports;
  const { detection } = settings;
  if (!detector || !detection || findings.some(({ verdict }) => verdict === 'block')) {
    return findings;
  }
  const sharpened = [...findings];
  try {
    const texts = said.map(({ text }) => ports.screening.sanitise(text));
    await look(detector, detection, texts, sharpened, ports.timeout(detection.timeout, call.signal));
  } catch (error) {
    ports.report(error);
    reasons.push(`detector:${error instanceof TooLong ? 'too-long' : error instanceof TimedOut ? 'late' : 'failed'}`);
    if (detection.failure === 'block') {
      throw new Refusal('PALISADE-W018', 'the input could not be screened');
    }
  }
  return sharpened;
}

class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** Changes the findings as it goes: what was seen before a failure was seen. */
async function look(
  detector: InjectionDetector,
  detection: Detection,
  texts: readonly string[],
  findings: Finding[],
  signal: AbortSignal,
): Promise<void> {
  let left = MAXIMUM_WINDOWS;
  for (let index = texts.length - 1; index >= 0; index -= 1) {
    for (const window of windowsOf(texts[index])) {
      if (left === 0) {
        throw new TooLong(`more than ${MAXIMUM_WINDOWS} windows`);
      }
      left -= 1;
      const score = await beforeAbort(detector.score(window, signal), signal);
      findings[index] = sharper(findings[index], score, detection, detector.name);
      if (findings[index].verdict === 'block') {
        return;
      }
    }
  }
}

function sharper(
  finding: Finding,
  score: number,
  { annotateFrom, blockFrom = Infinity }: Detection,
  name: string,
): Finding {
  if (!(score >= 0 && score <= 1)) {
    throw new Error('the detector gave no score');
  }
  if (score < Math.min(annotateFrom, blockFrom)) {
    return finding;
  }
  const reason = `detector:${name}`;
  return {
    verdict: score >= blockFrom ? 'block' : 'annotate',
    score: Math.max(finding.score, score),
    reasons: finding.reasons.includes(reason) ? finding.reasons : [...finding.reasons, reason],
  };
}

function* windowsOf(text: string): Generator<string> {
  for (let start = 0; start === 0 || start + WINDOW - STEP < text.length; start += STEP) {
    const window = text.slice(start, start + WINDOW);
    if (window.trim() !== '') {
      yield window;
    }
  }
}
