import type { ByteReader } from './byte-reader';
import { requireHarmlessTemplate } from './jinja';
import { type JsonListener, requireJson, requireJsonText } from './json';
import { describeKeras, judgeKeras, type KerasObject } from './keras';
import { judgeImport } from './pickle';
import { SCAN_CODES, ScanStop } from './verdict';

/** Checks one JSON text, and what it makes a loader do. */
export async function requireHarmlessConfig(reader: ByteReader): Promise<void> {
  const config = new ModelConfig();
  await requireJson(reader, config);
  if (config.doubt) {
    throw config.doubt;
  }
}

/** The same of a configuration that is text within another format; undefined where it was too long to be read. */
export function requireHarmlessText(text: string | undefined): void {
  const config = new ModelConfig();
  if (text === undefined) {
    throw new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', 'a configuration that is longer than is judged');
  }
  requireJsonText(text, config);
  if (config.doubt) {
    throw config.doubt;
  }
}

/** Fields whose text decides something. */
const FIELDS = [
  'class_name',
  'module',
  'registered_name',
  'config',
  'function_type',
  'vocabulary',
  'filepath',
  '__class__',
  '__module__',
] as const;
/** Values of one key in one object that are judged. */
const MAXIMUM_REPEATS = 16;

type Field = (typeof FIELDS)[number];

interface Frame {
  readonly container: '{' | '[';
  key: string | undefined;
  /** Every text of a field, since of two equal keys some readers take the first and some the last. */
  readonly texts: Partial<Record<Field, (string | undefined)[]>>;
  /** Keys that were there, whatever their value. */
  readonly keys: Set<string>;
}

/**
 * Judges what a JSON text makes a loader do: Keras builds the layers and functions that it names, skops the objects, and
 * a chat template is run. JSON that names none of these is data.
 *
 * Throws `ScanStop` with `unsafe`; what is merely not known is remembered in `doubt`.
 */
export class ModelConfig implements JsonListener {
  /** Why the text cannot be called safe, if nothing worse turns up. */
  doubt?: ScanStop;
  private readonly frames: Frame[] = [];

  begin(container: '{' | '['): void {
    this.frames.push({ container, key: this.frames.at(-1)?.key, texts: {}, keys: new Set() });
  }

  end(): void {
    const frame = this.frames.pop();
    if (frame) {
      this.judge(frame);
    }
  }

  key(text: string | undefined): void {
    const frame = this.frames.at(-1);
    if (frame) {
      frame.key = text;
      if (isField(text)) {
        frame.keys.add(text);
      }
    }
  }

  text(text: string | undefined): void {
    const frame = this.frames.at(-1);
    const key = frame?.key;
    if (key === 'chat_template' || key === 'template') {
      requireHarmlessTemplate(text ?? '{{'.padEnd(2 ** 21));
    }
    if (frame?.container === '{' && isField(key)) {
      const texts = frame.texts[key] ?? [];
      frame.texts[key] = texts;
      if (texts.length < MAXIMUM_REPEATS) {
        texts.push(text);
      } else {
        this.suspect('a JSON object with one key again and again');
      }
    }
  }

  private judge({ texts, keys }: Frame): void {
    for (const name of texts.__class__ ?? []) {
      this.skops(texts.__module__?.[0], name);
    }
    if (keys.has('class_name') && (keys.has('config') || keys.has('module'))) {
      for (const name of texts.class_name ?? []) {
        for (const module of texts.module ?? [null]) {
          this.keras({ name, module, registered: texts.registered_name?.[0], config: texts.config?.[0] });
        }
      }
    }
    if (texts.function_type?.includes('lambda')) {
      throw new ScanStop(SCAN_CODES.LAYER, 'unsafe', 'a Keras layer that is code');
    }
    if (texts.vocabulary) {
      throw new ScanStop(SCAN_CODES.EXTERNAL, 'unsafe', 'a Keras layer that reads its vocabulary from a file');
    }
  }

  private keras(object: KerasObject): void {
    const verdict = judgeKeras(object);
    if (verdict === 'dangerous') {
      throw new ScanStop(
        SCAN_CODES.LAYER,
        'unsafe',
        `a Keras object that runs or loads code: ${describeKeras(object)}`,
      );
    }
    if (verdict === 'unknown') {
      this.suspect(`a Keras object of which nothing is known: ${describeKeras(object)}`);
    }
  }

  private skops(module: string | undefined, name: string | undefined): void {
    const verdict = judgeImport(module ?? '', name ?? '');
    if (verdict === 'dangerous') {
      throw new ScanStop(SCAN_CODES.LAYER, 'unsafe', 'a skops object that runs or loads code');
    }
    if (verdict === 'unknown') {
      this.suspect('a skops object of which nothing is known');
    }
  }

  private suspect(problem: string): void {
    this.doubt ??= new ScanStop(SCAN_CODES.UNKNOWN, 'unknown', problem);
  }
}

function isField(key: string | undefined): key is Field {
  return (FIELDS as readonly (string | undefined)[]).includes(key);
}
