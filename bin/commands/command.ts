import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Exit codes of every command. */
export const EXIT = {
  /** Nothing to complain of. */
  clean: 0,
  /** Open findings at or above the level that fails. */
  findings: 1,
  /** Wrong usage, or input that cannot be read. */
  usage: 2,
  /** Whoever read the output stopped: 128 and the number of SIGPIPE, as shells have it. */
  brokenPipe: 141,
} as const;

/** One command of `palisade`. */
export interface Command {
  /** What `palisade <name> --help` prints. */
  readonly usage: string;
  /** Exit code for input that is not in order. @default 2 */
  readonly badInput?: number;
  /** Runs with the arguments after the name; gives the exit code. */
  readonly run: (args: string[]) => Promise<number>;
}

/** Wrong usage: the message says what is wrong, the usage follows. */
export class UsageError extends Error {}

/** Parses arguments strictly. Throws UsageError. */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The value, if it is one of those allowed. Throws UsageError. */
export function choice<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((item) => item === value);
  if (found === undefined) {
    throw new UsageError(`--${option} is '${value}', allowed: ${allowed.join(', ')}`);
  }
  return found;
}

/** A command that has commands of its own: `palisade attest verify`. */
export function group(name: string, commands: Readonly<Record<string, Command>>): Command {
  const usage = Object.values(commands)
    .map((command) => command.usage)
    .join('\n\n');
  return {
    usage,
    badInput: Object.values(commands)[0].badInput,
    run: async ([first = '', ...args]) => {
      if (!Object.hasOwn(commands, first)) {
        throw new UsageError(`palisade ${name} '${first}', allowed: ${Object.keys(commands).join(', ')}`);
      }
      return commands[first].run(args);
    },
  };
}
