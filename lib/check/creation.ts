import * as fs from 'node:fs';
import * as path from 'node:path';
import type { GraphResource } from '../analysis';
import type { Place } from './finding';

type Metadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

/** A frame of a stack trace as CDK records it: `new Bucket (/app/lib/stack.ts:12:5)`. */
const FRAME = /\((.+):(\d+):(\d+)\)$/;

/**
 * Finds the line of the program that made a resource, from what CDK recorded in an assembly (`aws:cdk:creationStack`):
 * the innermost frame of the app's own code. The record is read when a place is first asked for.
 */
export function creationPlaces(directory: string): (resource: GraphResource) => Place | undefined {
  let places: ReadonlyMap<string, Place> | undefined;
  return (resource) => {
    places ??= new Map(metadataFiles(directory).flatMap(placesIn));
    return places.get(resource.path);
  };
}

function metadataFiles(directory: string): string[] {
  const names = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.metadata.json')).map((name) => path.join(directory, name));
}

function placesIn(file: string): [string, Place][] {
  const metadata = JSON.parse(fs.readFileSync(file, 'utf8')) as Metadata;
  return Object.entries(metadata).flatMap(([construct, entries]) => {
    const frames = entries.find(({ type }) => type === 'aws:cdk:creationStack')?.data;
    const place = Array.isArray(frames) ? frames.map(placeOf).find((found) => found !== undefined) : undefined;
    return place ? [[construct.replace(/^\//, ''), place] as [string, Place]] : [];
  });
}

/** Relative to where the command runs, so that reports of two checkouts agree. */
function placeOf(frame: unknown): Place | undefined {
  const [, file, line, column] = FRAME.exec(String(frame)) ?? [];
  if (!file || file.includes('node_modules')) {
    return undefined;
  }
  return { file: path.relative(process.cwd(), file), line: Number(line), column: Number(column) };
}
