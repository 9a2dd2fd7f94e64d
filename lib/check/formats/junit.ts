import { grouped } from '../../analysis';
import type { CheckReport } from '../check';
import { type Finding, isOpen } from '../finding';

/**
 * The report as JUnit XML: one suite for each template, one test case for each rule and resource at fault, and one
 * passed case for each rule that found nothing, so that a rule that never ran does not look green.
 */
export function junitReport({ findings, rules }: CheckReport): string {
  const atFault = new Set(findings.map(({ rule }) => rule));
  const passed = rules.filter(({ rule, compliant }) => compliant > 0 && !atFault.has(rule)).map(({ rule }) => rule);
  const suites = [
    ...[...grouped(findings, ({ file }) => file)].map(([file, own]) => suite(file, own)),
    ...(passed.length > 0 ? [passedSuite(passed)] : []),
  ];
  const failures = findings.filter(isFailure).length;
  const total = findings.length + passed.length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="palisade" tests="${total}" failures="${failures}">`,
    ...suites,
    '</testsuites>',
  ].join('\n');
}

/** Warnings and accepted findings are reported as skipped: they do not fail a build. */
function isFailure(finding: Finding): boolean {
  return isOpen(finding) && finding.level === 'error';
}

function suite(file: string, findings: readonly Finding[]): string {
  const failures = findings.filter(isFailure).length;
  const skipped = findings.length - failures;
  return [
    `  <testsuite name="${xml(file)}" tests="${findings.length}" failures="${failures}" skipped="${skipped}">`,
    ...findings.map(testCase),
    '  </testsuite>',
  ].join('\n');
}

function testCase(finding: Finding): string {
  const { rule, resource, property, message, file, line, accepted, level } = finding;
  const text = `${property}: ${message}`;
  const place = line === undefined ? file : `${file}:${line}`;
  const body = isFailure(finding)
    ? `<failure type="${level}" message="${xml(text)}">${xml(`${place} ${text}`)}</failure>`
    : `<skipped message="${xml(accepted === undefined ? `${level}: ${text}` : `accepted: ${accepted}`)}"/>`;
  return `    <testcase classname="${xml(rule)}" name="${xml(`${resource} ${property}`)}" file="${xml(file)}">${body}</testcase>`;
}

function passedSuite(rules: readonly string[]): string {
  return [
    `  <testsuite name="rules without findings" tests="${rules.length}" failures="0" skipped="0">`,
    ...rules.map((rule) => `    <testcase classname="${xml(rule)}" name="every resource complies"/>`),
    '  </testsuite>',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function xml(text: string): string {
  return [...text]
    .map((character) => (isXml(character.codePointAt(0) ?? 0) ? character : '\ufffd'))
    .join('')
    .replace(/[\t\n\r]/g, ' ')
    .replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** XML 1.0 has no way to write most control characters and lone surrogates (section 2.2); templates may hold them. */
function isXml(code: number): boolean {
  return (
    [9, 10, 13].includes(code) ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code !== 0xfffe && code !== 0xffff)
  );
}
