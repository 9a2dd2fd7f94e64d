import { guardPolicy } from '../../lib/compliance/guard-policy';
import { RULES } from '../../lib/compliance/rules';
import { rulesJson, rulesMarkdown, rulesTable } from '../../lib/compliance/rules-document';
import { type Command, choice, EXIT, parse } from './command';

const FORMATS = { table: rulesTable, markdown: rulesMarkdown, json: rulesJson, guard: guardPolicy };

/** Lists the rules of the pack. */
export const rules: Command = {
  usage: `palisade rules [--format table|markdown|json|guard]

  Lists the rules of the ISO/IEC 42001 pack. JSON is an array of registry entries: id, appliesTo, scope, level by
  impact tier, annexA, crosswalk, why, fix, claims, guard, configRules, compliant and nonCompliant templates. Guard
  is the policy for CloudFormation Guard, of the rules that it can express.`,
  run: async (args) => {
    const { values } = parse({ args, options: { format: { type: 'string', default: 'table' } } });
    const format = choice('format', values.format, Object.keys(FORMATS) as (keyof typeof FORMATS)[]);
    console.log(FORMATS[format](RULES));
    return EXIT.clean;
  },
};
