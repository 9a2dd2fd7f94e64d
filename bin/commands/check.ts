import { checkPaths, type Judgement } from '../../lib/check/check-paths';
import { explain } from '../../lib/check/explain';
import { jsonReport } from '../../lib/check/formats/json';
import { junitReport } from '../../lib/check/formats/junit';
import { markdownReport } from '../../lib/check/formats/markdown';
import { sarifReport } from '../../lib/check/formats/sarif';
import { textReport } from '../../lib/check/formats/text';
import { packageVersion } from '../../lib/check/package-version';
import { selectRules } from '../../lib/check/select-rules';
import { RULES } from '../../lib/compliance/rules';
import { type Command, choice, EXIT, parse, UsageError } from './command';

const FORMATS = ['text', 'json', 'sarif', 'junit', 'markdown'] as const;
const FAILS = ['error', 'warning', 'never'] as const;

/** Judges CloudFormation templates, made by CDK or not. */
export const check: Command = {
  usage: `palisade check PATH... [--format ${FORMATS.join('|')}] [--rule RULE ...] [--each]
               [--baseline FILE] [--exceptions FILE] [--as-of YYYY-MM-DD] [--fail-on ${FAILS.join('|')}]
palisade check --explain RULE

  Judges CloudFormation templates by the ISO/IEC 42001 rules: files in JSON or YAML, folders of them, or a synthesized
  assembly (cdk.out). All of them are one assembly, unless --each makes every file its own.
  --rule        only these rules
  --baseline    a report in JSON: what it lists is known, and neither shown nor counted
  --exceptions  an exception register (manifests/exceptions.yaml): what it accepts on --as-of is shown as accepted
  --fail-on     the level from which an open finding fails [error]
  --explain     why a rule exists, which control it serves, and how to fix what it finds
  Exit codes: 0 nothing fails, 1 open findings at or above --fail-on, 2 wrong usage or input that cannot be read.`,
  run: async (args) => {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: {
        format: { type: 'string', default: 'text' },
        rule: { type: 'string', multiple: true, default: [] },
        each: { type: 'boolean', default: false },
        baseline: { type: 'string' },
        exceptions: { type: 'string' },
        'as-of': { type: 'string' },
        'fail-on': { type: 'string', default: 'error' },
        explain: { type: 'string' },
      },
    });
    if (values.explain !== undefined) {
      console.log(explain(selectRules(RULES, [values.explain])[0]));
      return EXIT.clean;
    }
    if (positionals.length === 0) {
      throw new UsageError('name at least one template, folder or assembly');
    }
    const format = choice('format', values.format, FORMATS);
    const failOn = choice('fail-on', values['fail-on'], FAILS);
    const judgement = await checkPaths(positionals, selectRules(RULES, values.rule), {
      each: values.each,
      baseline: values.baseline,
      exceptions: values.exceptions,
      asOf: values['as-of'],
    });
    console.log(render(judgement, format));
    for (const fault of judgement.unreadable) {
      console.error(fault.message);
    }
    return exitCode(judgement, failOn);
  },
};

function render({ report, unreadable }: Judgement, format: (typeof FORMATS)[number]): string {
  switch (format) {
    case 'json':
      return jsonReport(report, unreadable);
    case 'sarif':
      return sarifReport(report, { version: packageVersion() });
    case 'junit':
      return junitReport(report);
    case 'markdown':
      return markdownReport(report);
    case 'text':
      return textReport(report, { colour: process.stdout.isTTY && !process.env.NO_COLOR });
  }
}

function exitCode({ report, unreadable }: Judgement, failOn: (typeof FAILS)[number]): number {
  const { errors, warnings } = report.summary;
  if (unreadable.length > 0) {
    return EXIT.usage;
  }
  const failing = { error: errors, warning: errors + warnings, never: 0 }[failOn];
  return failing > 0 ? EXIT.findings : EXIT.clean;
}
