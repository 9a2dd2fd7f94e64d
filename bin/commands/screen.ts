import * as z from 'zod';
import { type Provenance, screen as screenText } from '../../runtime/screening';
import { type Command, EXIT, parse, UsageError } from './command';
import { answerLines, idSchema } from './json-lines';

const FETCHED: readonly string[] = ['document', 'tool'];
const schema = z.object({ id: idSchema, text: z.string(), source: z.string().nullish() });

/** Screens texts for prompt injection. */
export const screen: Command = {
  usage: `palisade screen [FILE]

  Screens texts for prompt injection and jailbreaks: one JSON object a line, {"id", "text", "source"?}, from FILE or standard
  input, gives one a line, {"id", "verdict", "score", "reasons"}, in order. A verdict is allow, annotate or block; a reason has
  rule, start, end, weight and explanation. A source of "document" or "tool" marks what was fetched; any other is the caller's.`,
  run: async (args) => {
    const { positionals } = parse({ args, allowPositionals: true });
    if (positionals.length > 1) {
      throw new UsageError('one FILE at most is expected');
    }
    await answerLines(positionals[0], schema, ({ id, text, source }) => {
      const provenance = FETCHED.includes(source ?? '') ? (source as Provenance) : 'user';
      return { id, ...screenText({ text, provenance }) };
    });
    return EXIT.clean;
  },
};
