import { loadPaths } from '../../lib/analysis';
import { contextOf } from '../../lib/check/check-paths';
import { RULES } from '../../lib/compliance/rules';
import { isWeaker, type Side, securityDiff } from '../../lib/diff/diff';
import { jsonDiff, markdownDiff, textDiff } from '../../lib/diff/diff-report';
import { type Command, choice, EXIT, parse, UsageError } from './command';

const FORMATS = { text: textDiff, markdown: markdownDiff, json: jsonDiff };

/** Says what changed for security between two assemblies. */
export const diff: Command = {
  usage: `palisade diff OLD NEW [--format text|markdown|json]

  Compares two assemblies, folders of templates or templates: findings added and resolved, reach added, principals that
  gained access, denials lost, encryption, retention and switches weakened. Markdown fits a pull-request comment.
  Exit codes: 0 nothing protects less, 1 something does, 2 wrong usage or input that cannot be read.`,
  run: async (args) => {
    const { values, positionals } = parse({
      args,
      allowPositionals: true,
      options: { format: { type: 'string', default: 'text' } },
    });
    if (positionals.length !== 2) {
      throw new UsageError('name the old templates and the new ones');
    }
    const format = choice('format', values.format, Object.keys(FORMATS) as (keyof typeof FORMATS)[]);
    const [before, after] = positionals.map(side);
    const found = securityDiff(before, after, RULES);
    console.log(FORMATS[format](found));
    return isWeaker(found) ? EXIT.findings : EXIT.clean;
  },
};

function side(item: string): Side {
  return { templates: loadPaths([item]), context: contextOf([item]) };
}
