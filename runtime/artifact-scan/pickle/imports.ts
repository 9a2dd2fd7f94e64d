import { DANGEROUS_PACKAGES, HARMLESS, PYTHON_2_NAMES, REACHED, STANDARD_LIBRARY } from './python-names';

/** `harmless`: makes data, whatever it is called with. `dangerous`: runs, reads, writes or sends. `unknown`: the rest. */
export type ImportVerdict = 'harmless' | 'dangerous' | 'unknown';

/** A module of NumPy's that only shares its name with Python's. */
const NUMPY_PICKLE = /(?<=^numpy\.random)\._pickle$/;
/** `__globals__`. Not `__randomstate_ctor`, as NumPy and Cython name functions that unpickle their own. */
const SPECIAL = /(^|\.)__[^.]*__(\.|$)/;

/**
 * What a pickle can do with an import. Harmless is only what is listed, by its exact name; of the standard library
 * everything else is dangerous, since a model has no use for it and an attacker has; so are what other modules have
 * imported of it (`torch` and then `os.system`), special attributes, and packages and parts of frameworks that load, run,
 * fetch or write. Anything else is unknown.
 */
export function judgeImport(writtenModule: string, writtenName: string): ImportVerdict {
  const module = PYTHON_2_NAMES.get(writtenModule) ?? writtenModule;
  const name = module === 'builtins' && writtenName === 'unicode' ? 'str' : writtenName;
  if (HARMLESS.has(`${module} ${name}`)) {
    return 'harmless';
  }
  const path = [...module.replace(NUMPY_PICKLE, '').split('.'), ...name.split('.').slice(0, -1)];
  const reaches = STANDARD_LIBRARY.has(path[0]) || path.some((part) => REACHED.has(part));
  return reaches || SPECIAL.test(name) || isDangerousPart(module, name) ? 'dangerous' : 'unknown';
}

/** Whether the import, or a package that holds it, is listed. */
function isDangerousPart(module: string, name: string): boolean {
  const path = `${module}.${name}`.split('.');
  return path.some((_, index) => DANGEROUS_PACKAGES.has(path.slice(0, index + 1).join('.')));
}

/** An import as a report names it: only if it is made of what names are made of, and not long. */
export function describeImport(module: string, name: string): string {
  const described = `${module}.${name}`;
  return /^[\w.-]{1,120}$/.test(described) ? described : 'a name that is none';
}
