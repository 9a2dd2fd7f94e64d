import { findEntities } from '../redaction';
import { sanitise } from '../screening/sanitise';
import { findCanary } from './canary';
import { AllowedHosts } from './hosts';
import { linksOutside } from './links';
import { type Edit, edited, type Span } from './span';

/** What a text is checked for. */
export type OutputCheck = 'canary' | 'secret' | 'personal-data' | 'link';

/** What may leave. */
export interface OutputSettings {
  /** A text that only the system prompt holds; an answer that has it is blocked. At least eight letters or digits. @default - none */
  readonly canary?: string;
  /** Hosts to which links may lead: `docs.example.com`, `*.example.com` for all below it, `host:8443` for a port. @default - none */
  readonly allowedLinks?: readonly string[];
  /** What becomes of keys, tokens and passwords. @default 'block' */
  readonly secrets?: 'block' | 'mask';
  /** What becomes of what identifies somebody. @default 'mask' */
  readonly personalData?: 'block' | 'mask';
}

/** What was found, and where, in UTF-16 units of the text that was checked. Never the finding itself. */
export interface OutputReason extends Span {
  readonly check: OutputCheck;
}

/** A text that was checked. */
export interface CheckedOutput {
  /** Whether it must not leave at all. */
  readonly blocked: boolean;
  /** The text with every finding masked: `[EMAIL]`, `[SECRET]`, `[LINK]`; `[CANARY]` alone where that was found. The same, unit for unit, where nothing was found. */
  readonly text: string;
  /** In the order of the text. */
  readonly reasons: readonly OutputReason[];
}

interface Finding extends OutputReason, Edit {}

/**
 * Checks what a model said before it leaves: the canary and secrets block, personal data is masked, links that lead outside the allow
 * list are removed. Characters that show nothing hide nothing. Linear in the length.
 *
 * Throws PALISADE-W163 or W164 when the settings cannot hold: a host that is none, a canary that ordinary text could have.
 */
export function checkOutput(text: string, settings: OutputSettings = {}): CheckedOutput {
  const canary = settings.canary === undefined ? undefined : findCanary(text, settings.canary);
  const findings = entities(text);
  // Masks are made first, so that none makes a link afterwards.
  const masked = edited(text, findings);
  const links = linksOutside(masked.text, new AllowedHosts(settings.allowedLinks ?? []));
  const reasons = [
    ...findings.map(({ check, start, end }) => ({ check, start, end })),
    ...links.map((link) => ({ check: 'link' as const, ...masked.originalOf(link) })),
    ...(canary ? [{ check: 'canary' as const, ...canary }] : []),
  ].sort((a, b) => a.start - b.start);
  return {
    blocked: reasons.some(({ check }) => isBlocking(check, settings)),
    // What surrounds a canary is the system prompt.
    text: canary ? '[CANARY]' : edited(masked.text, links).text,
    reasons,
  };
}

function isBlocking(check: OutputCheck, { secrets = 'block', personalData = 'mask' }: OutputSettings): boolean {
  return (
    check === 'canary' ||
    (check === 'secret' && secrets === 'block') ||
    (check === 'personal-data' && personalData === 'block')
  );
}

/** Sites are left to the check of links. */
function entities(text: string): Finding[] {
  const seen = sanitise(text);
  return findEntities(seen.text)
    .filter(({ type }) => type !== 'URL')
    .map(({ type, start, end }) => ({
      check: type === 'SECRET' ? 'secret' : 'personal-data',
      start: seen.originalOf(start),
      end: seen.originalOf(end),
      replacement: `[${type}]`,
    }));
}
