import * as v8 from 'node:v8';

/**
 * Lets V8 run a function for longer before it compiles it anew with its optimizing compiler. A check is over in a fraction
 * of a second: at the usual budget (132 KiB of bytecode) the optimizer takes more of that time than it gives back, most of
 * all on a machine with one core. Long checks are as fast as before (docs/performance.md).
 *
 * Call it first, in a process of one's own.
 */
export function optimizeLate(): void {
  v8.setFlagsFromString('--interrupt-budget=1000000');
}
