import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ANNEX_A } from '../../compliance/annex-a';
import type { Crosswalk, Rule } from '../../compliance/rule';
import type { CheckReport } from '../check';
import { type Finding, fingerprint, type Place } from '../finding';

/** Catalogues that results point into, as SARIF taxonomies. Their entries are ids only; Annex A has titles too. */
const TAXONOMIES: readonly Taxonomy[] = [
  { name: 'ISO-IEC-42001-2023-Annex-A', organization: 'ISO/IEC', idsOf: ({ annexA }) => annexA },
  { name: 'OWASP-Top-10-LLM', organization: 'OWASP', idsOf: catalogue('owasp') },
  { name: 'MITRE-ATLAS', organization: 'MITRE', idsOf: catalogue('atlas') },
  { name: 'NIST-SP-800-53-r5', organization: 'NIST', idsOf: catalogue('nist80053') },
  { name: 'NIST-AI-RMF', organization: 'NIST', idsOf: catalogue('nistAiRmf') },
  { name: 'EU-2024-1689', organization: 'European Union', idsOf: catalogue('euAiAct') },
  { name: 'AWS-Security-Hub', organization: 'AWS', idsOf: catalogue('securityHub') },
];

interface Taxonomy {
  readonly name: string;
  readonly organization: string;
  readonly idsOf: (rule: Rule) => readonly string[];
}

function catalogue(key: keyof Crosswalk) {
  return ({ crosswalk }: Rule): readonly string[] => crosswalk[key] ?? [];
}

/** What a SARIF log says of the tool. */
export interface SarifTool {
  /** Version of this package. */
  readonly version: string;
}

/**
 * The report as a SARIF 2.1.0 log: places in templates and, where CDK recorded them, in the program; accepted findings
 * as suppressions; Annex A and the crosswalks as taxonomies.
 */
export function sarifReport({ findings, registry }: CheckReport, { version }: SarifTool): string {
  const ran = [...registry.values()];
  const index = new Map(ran.map(({ id }, position) => [id, position]));
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Palisade', semanticVersion: version, rules: ran.map(descriptor) } },
        taxonomies: TAXONOMIES.map((taxonomy) => component(taxonomy, ran)),
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, index)),
      },
    ],
  };
  return JSON.stringify(log, undefined, 2);
}

function descriptor(rule: Rule): object {
  const { id, why, fix, level, annexA } = rule;
  const text = `${why} ${fix}`;
  return {
    id,
    shortDescription: { text: why },
    fullDescription: { text },
    help: { text: fix, markdown: `${why}\n\n**Fix:** ${fix}` },
    defaultConfiguration: { level: level.high },
    properties: { tags: ['security', ...annexA], levels: level },
    relationships: TAXONOMIES.flatMap((taxonomy) =>
      taxonomy.idsOf(rule).map((taxon) => ({
        target: { id: taxon, toolComponent: { name: taxonomy.name } },
        kinds: ['relevant'],
      })),
    ),
  };
}

function component({ name, organization, idsOf }: Taxonomy, rules: readonly Rule[]): object {
  const ids = [...new Set(rules.flatMap(idsOf))].sort();
  const titles: Readonly<Record<string, string>> = ANNEX_A;
  return {
    name,
    organization,
    isComprehensive: false,
    taxa: ids.map((id) => ({ id, ...(titles[id] && { shortDescription: { text: titles[id] } }) })),
  };
}

function result(finding: Finding, index: ReadonlyMap<string, number>): object {
  const { rule, level, property, message, source, accepted, unresolved, annexA } = finding;
  return {
    ruleId: rule,
    ruleIndex: index.get(rule),
    level,
    message: { text: `${property}: ${message}` },
    locations: [{ physicalLocation: templateLocation(finding), logicalLocations: logicalLocations(finding) }],
    ...(source && {
      relatedLocations: [{ id: 1, physicalLocation: location(source), message: { text: 'made here' } }],
    }),
    partialFingerprints: { 'palisade/v1': fingerprint(finding) },
    taxa: annexA.map((id) => ({ id, toolComponent: { name: TAXONOMIES[0].name } })),
    ...(accepted !== undefined && {
      suppressions: [{ kind: 'external', status: 'accepted', justification: accepted }],
    }),
    ...(unresolved && { properties: { unresolved } }),
  };
}

function templateLocation({ file, line, column }: Finding): object {
  return line === undefined
    ? { artifactLocation: { uri: uriOf(file) } }
    : location({ file, line, column: column ?? 1 });
}

function location({ file, line, column }: Place): object {
  return { artifactLocation: { uri: uriOf(file) }, region: { startLine: line, startColumn: column } };
}

function logicalLocations({ stack, resource, path: construct, property }: Finding): object[] {
  return [
    { name: resource, fullyQualifiedName: `${stack}/${resource}`, kind: 'resource' },
    { fullyQualifiedName: construct, kind: 'module' },
    { fullyQualifiedName: `${stack}/${resource}/${property}`, kind: 'property' },
  ];
}

/** Relative paths stay relative, so that a log means the same in another checkout. */
function uriOf(file: string): string {
  return path.isAbsolute(file) ? pathToFileURL(file).href : file.split(path.sep).map(encodeURIComponent).join('/');
}
