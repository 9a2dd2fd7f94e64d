import * as z from 'zod';
import { redact as redactText } from '../../runtime/redaction';
import { type Command, EXIT, parse, UsageError } from './command';
import { answerLines, idSchema } from './json-lines';

const schema = z.object({ id: idSchema, text: z.string() });

/** Masks personal data and secrets. */
export const redact: Command = {
  usage: `palisade redact [FILE]

  Masks structured personal data and secrets: one JSON object a line, {"id", "text"}, from FILE or standard input, gives one a line,
  {"id", "text", "entities"}, in order. An entity has type, start and end, in UTF-16 units of the text that came in. Names of
  people, organisations and places are not claimed.`,
  run: async (args) => {
    const { positionals } = parse({ args, allowPositionals: true });
    if (positionals.length > 1) {
      throw new UsageError('one FILE at most is expected');
    }
    await answerLines(positionals[0], schema, ({ id, text }) => ({ id, ...redactText(text) }));
    return EXIT.clean;
  },
};
