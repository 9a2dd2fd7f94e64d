import { PalisadeError } from '../../runtime/errors';

/** An environment variable of the function. Throws PALISADE-T014 when its construct did not set it. */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new PalisadeError({
      code: 'PALISADE-T014',
      where: `environment.${name}`,
      problem: 'not set',
      fix: 'deploy the function with the construct that it belongs to',
    });
  }
  return value;
}
