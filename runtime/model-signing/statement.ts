import { createHash } from 'node:crypto';
import * as z from 'zod';
import { fault } from './fault';
import { parseOnce } from './json';

/** in-toto's type of statements, and OpenSSF Model Signing's type of predicates (OMS 1.0, section 5.1). */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'https://model_signing/signature/v1.0';

/** Left out always, at the root of the model only (OMS 1.0, section 6.2). */
export const ALWAYS_IGNORED: readonly string[] = ['.git', '.gitattributes', '.github', '.gitignore'];

/** Hashes that files are named by. BLAKE3 is in the registry too; Node.js does not have it. */
export const HASHES = { sha256: 'sha256', blake2b: 'blake2b512' } as const;

/** A file of a model. */
export interface SignedFile {
  /** Path from the model's root, with slashes. */
  readonly name: string;
  /** In small hexadecimal digits. */
  readonly digest: string;
}

/** What is signed of a model. */
export interface ModelStatement {
  /** Name of the model: for people. */
  readonly subject: string;
  readonly hash: keyof typeof HASHES;
  /** In the order of their names. */
  readonly files: readonly SignedFile[];
  /** Paths from the root that were left out, besides `ALWAYS_IGNORED`. */
  readonly ignored: readonly string[];
}

/** Whether a path can be named as left out: from the root, without wildcards (OMS 1.0, section 6.2.1). */
export function isIgnorable(name: string): boolean {
  return isPath(name) && !/[*?[]/.test(name);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Relative, with slashes, and without steps that lead elsewhere (OMS 1.0, section 6.1.2). */
function isPath(name: string): boolean {
  return (
    !LONE_SURROGATE.test(name) &&
    name.split('/').every((part) => part !== '' && part !== '.' && part !== '..') &&
    !name.includes('\0')
  );
}

const schema = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z
    .array(
      z.looseObject({ name: z.string().min(1), digest: z.looseObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) }),
    )
    .length(1),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: z.strictObject({
    resources: z
      .array(z.looseObject({ name: z.string().min(1), digest: z.string().regex(/^[0-9a-f]+$/), algorithm: z.string() }))
      .min(1),
    serialization: z.strictObject({
      method: z.string(),
      hash_type: z.string(),
      /** With shards only, which are refused below by their name. */
      shard_size: z.number().int().positive().optional(),
      allow_symlinks: z.boolean(),
      ignore_paths: z.array(z.string().refine(isIgnorable, 'is no plain path within a model')).optional(),
    }),
  }),
});

/**
 * Reads a statement. Throws PALISADE-S020 for what OMS 1.0 does not allow, files out of order or twice among it, and S022 for what it
 * allows and this does not do: shards, links that are followed, BLAKE3.
 */
export function readStatement(text: string): ModelStatement {
  const parsed = schema.safeParse(parseOnce(text, 'statement'));
  if (!parsed.success) {
    const [{ path: place, message }] = parsed.error.issues;
    throw fault('S020', `statement: ${place.join('.')}`, message);
  }
  const { subject, predicate } = parsed.data;
  const {
    method,
    hash_type: hash,
    allow_symlinks: links,
    ignore_paths: ignored = [],
    shard_size: shard,
  } = predicate.serialization;
  const unknown = [
    [method !== 'files', `files that are signed as '${method}'`],
    [links, 'links that are followed'],
    [!Object.hasOwn(HASHES, hash), `files that are named by '${hash}'`],
  ].find(([holds]) => holds);
  if (unknown) {
    throw fault(
      'S022',
      'statement: serialization',
      `${unknown[1]} are not supported`,
      'sign the model anew, or use its own tool',
    );
  }
  if (shard !== undefined) {
    throw fault('S020', 'statement: serialization', 'has the size of shards, and none');
  }
  const files = predicate.resources.map(({ name, digest, algorithm }) => {
    if (algorithm !== hash) {
      throw fault('S020', `statement: ${name}`, `is named by ${algorithm}, and the others by ${hash}`);
    }
    return { name, digest };
  });
  requireOrder(files);
  if (rootOf(files) !== subject[0].digest.sha256) {
    throw fault('S020', 'statement: subject', 'is not the digest over the files');
  }
  return { subject: subject[0].name, hash: hash as ModelStatement['hash'], files, ignored };
}

/**
 * Files have the specification's order, by code points, or that of the reference implementation, which compares folder by folder:
 * `a/b` before `a.b`. Either way none is there twice. A model of one file alone may be called '.', as earlier versions did.
 */
function requireOrder(files: readonly SignedFile[]): void {
  const follows = [comparePaths, compareFolders].find((compare) =>
    files.every(({ name }, index) => index === 0 || compare(files[index - 1].name, name) < 0),
  );
  if (!follows) {
    throw fault('S020', 'statement: resources', 'are out of order, or one is there twice');
  }
  for (const { name } of files) {
    if (!isPath(name) && !(name === '.' && files.length === 1)) {
      throw fault('S020', `statement: ${JSON.stringify(name)}`, 'is no path within a model');
    }
  }
}

/** By code points: JavaScript's own order is by UTF-16 units, and differs beyond the basic plane. */
export function comparePaths(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** Folder by folder: the slash before every other character. */
function compareFolders(one: string, other: string): number {
  return comparePaths(one.replaceAll('/', '\0'), other.replaceAll('/', '\0'));
}

/**
 * The one text of a statement: what this project signs. Throws PALISADE-S023 for a model without files, and a path that cannot be left
 * out.
 */
export function statementText({ subject, hash, files, ignored }: ModelStatement): string {
  if (files.length === 0) {
    throw fault('S023', subject, 'has no file', 'give the folder of the model');
  }
  const odd = ignored.find((name) => !isIgnorable(name));
  if (odd !== undefined) {
    throw fault('S023', odd, 'cannot be left out', 'name it from the root, without . or .. or wildcards');
  }
  return JSON.stringify({
    _type: STATEMENT_TYPE,
    subject: [{ name: subject, digest: { sha256: rootOf(files) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      resources: files.map(({ name, digest }) => ({ name, digest, algorithm: hash })),
      serialization: {
        method: 'files',
        hash_type: hash,
        allow_symlinks: false,
        ignore_paths: [...new Set([...ALWAYS_IGNORED, ...ignored])].sort(comparePaths),
      },
    },
  });
}

/** SHA-256 over the bytes of all digests in order (OMS 1.0, section 6.5.1). */
export function rootOf(files: readonly SignedFile[]): string {
  const hash = createHash('sha256');
  for (const { digest } of files) {
    hash.update(Buffer.from(digest, 'hex'));
  }
  return hash.digest('hex');
}

/** Whether a path is left out: one of the paths, or below it. */
export function isIgnored(name: string, ignored: readonly string[]): boolean {
  return [...ALWAYS_IGNORED, ...ignored].some((path) => name === path || name.startsWith(`${path}/`));
}
