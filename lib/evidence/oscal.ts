import { v5 as uuidFrom } from 'uuid';
import { ANNEX_A } from '../compliance/annex-a';
import type { Rule } from '../compliance/rule';
import type { RuleResult } from './rule-results';
import type { ControlRow, StatementOfApplicability } from './statement-of-applicability';

/** Version of NIST OSCAL that the documents follow. */
const OSCAL_VERSION = '1.2.1';

/** Namespace of every UUID here: the same thing has the same id in every synthesis (RFC 9562, version 5). */
const NAMESPACE = uuidFrom('https://github.com/palisade-cdk/palisade#oscal', uuidFrom.URL);

/** Namespace of properties that OSCAL does not define. */
const PROPERTIES = 'https://github.com/palisade-cdk/palisade/ns/oscal';

/** Where the controls come from: the standard itself, whose text nobody may copy. */
const CATALOG = 'urn:iso:std:iso-iec:42001:ed-1';

/** What every document says of itself. */
export interface DocumentFacts {
  readonly organization: string;
  /** `YYYY-MM-DD`: the only clock. */
  readonly asOf: string;
  /** Version of this package. */
  readonly version: string;
}

/** The rule pack as an OSCAL component definition: which rule checks which control of Annex A. */
export function componentDefinition(rules: readonly Rule[], facts: DocumentFacts): object {
  return {
    'component-definition': {
      uuid: id('component-definition', facts.version),
      metadata: metadata('Palisade: rules for ISO/IEC 42001:2023 Annex A', facts),
      components: [
        {
          uuid: id('component', 'pack'),
          type: 'validation',
          title: 'ISO 42001 rule pack',
          description: 'Rules that judge CloudFormation templates before, during and after deployment.',
          props: rules.map(({ id: name, level }) => property('rule-id', name, `level-${level.high}`)),
          'control-implementations': [
            {
              uuid: id('control-implementation', 'pack'),
              source: CATALOG,
              description: 'Controls for which a rule gives evidence.',
              'implemented-requirements': checkedControls(rules).map((control) => requirement(control, rules)),
            },
          ],
        },
      ],
    },
  };
}

function checkedControls(rules: readonly Rule[]): string[] {
  return Object.keys(ANNEX_A).filter((control) =>
    rules.some(({ annexA }) => (annexA as readonly string[]).includes(control)),
  );
}

function requirement(control: string, rules: readonly Rule[]): object {
  const own = rules.filter(({ annexA }) => (annexA as readonly string[]).includes(control));
  return {
    uuid: id('requirement', control),
    'control-id': controlId(control),
    description: `${own.length} rules give evidence for ${control} ${titleOf(control)}.`,
    props: own.map(({ id: name }) => property('rule-id', name)),
  };
}

/** What the rules found in one synthesis, as OSCAL assessment results: an observation for each rule, a finding for each control. */
export function assessmentResults(
  statement: StatementOfApplicability,
  rules: readonly RuleResult[],
  facts: DocumentFacts,
): object {
  const ran = rules.filter(
    ({ compliant, violations, unresolvable }) => compliant.length + violations + unresolvable > 0,
  );
  const applicable = statement.controls.filter((control) => control.applicable);
  return {
    'assessment-results': {
      uuid: id('assessment-results', facts.organization, facts.asOf),
      metadata: metadata(`Assessment of ${facts.organization}, as of ${facts.asOf}`, facts),
      'import-ap': { href: '#', remarks: 'The plan is the rule pack: every rule on every resource of its types.' },
      results: [
        {
          uuid: id('result', facts.organization, facts.asOf),
          title: `Synthesis as of ${facts.asOf}`,
          description: 'The rules ran on the synthesized CloudFormation templates.',
          start: time(facts.asOf),
          'reviewed-controls': {
            'control-selections': [
              { 'include-controls': applicable.map((control) => ({ 'control-id': controlId(control.id) })) },
            ],
          },
          ...(ran.length > 0 && { observations: ran.map((rule) => observation(rule, facts)) }),
          findings: applicable.map((control) => finding(control, ran)),
        },
      ],
    },
  };
}

function observation(
  { rule, violations, unresolvable, accepted, openErrors, compliant, notApplicable }: RuleResult,
  { asOf }: DocumentFacts,
): object {
  return {
    uuid: id('observation', rule),
    title: rule,
    description: `${compliant.length} resources comply, ${violations} violations, ${unresolvable} not decided before deployment, ${accepted} accepted, ${notApplicable} not concerned.`,
    props: [property('open-errors', String(openErrors)), property('compliant', String(compliant.length))],
    methods: ['TEST'],
    types: ['control-objective'],
    collected: time(asOf),
    ...(compliant.length > 0 && { subjects: compliant.map(subject) }),
  };
}

function subject(path: string): object {
  return { 'subject-uuid': id('resource', path), type: 'component', title: path };
}

/** A control is satisfied when resources enforce or detect it and no error is open; a declaration alone does not satisfy it. */
function finding(
  { id: control, title, status, gap, gapReason, rules }: ControlRow,
  ran: readonly RuleResult[],
): object {
  const satisfied = !gap && (status === 'enforced' || status === 'detected');
  const observed = ran.filter(({ rule }) => rules.some((link) => link.rule === rule));
  return {
    uuid: id('finding', control),
    title: `${control} ${title}`,
    description: gapReason ?? `The control is ${status}.`,
    props: [property('status', status)],
    target: {
      type: 'objective-id',
      'target-id': controlId(control),
      status: {
        state: satisfied ? 'satisfied' : 'not-satisfied',
        reason: satisfied ? 'pass' : 'other',
        remarks: gapReason ?? status,
      },
    },
    ...(observed.length > 0 && {
      'related-observations': observed.map(({ rule }) => ({ 'observation-uuid': id('observation', rule) })),
    }),
  };
}

function metadata(title: string, { asOf, version }: DocumentFacts): object {
  return { title, 'last-modified': time(asOf), version, 'oscal-version': OSCAL_VERSION };
}

function property(name: string, value: string, className?: string): object {
  return { name, ns: PROPERTIES, value, ...(className && { class: className }) };
}

function time(day: string): string {
  return `${day}T00:00:00Z`;
}

/** OSCAL ids are tokens in lower case: `A.6.2.8` is `a.6.2.8`. */
function controlId(control: string): string {
  return control.toLowerCase();
}

function titleOf(control: string): string {
  return ANNEX_A[control as keyof typeof ANNEX_A];
}

function id(...names: string[]): string {
  return uuidFrom(names.join('\u0000'), NAMESPACE);
}
