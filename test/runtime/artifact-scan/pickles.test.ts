import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { scanArtifact } from '../../../runtime/artifact-scan';
import { probePickle } from '../../../runtime/artifact-scan/pickle';
import { bytes, streamOf } from './support';

const SAMPLES = path.join(__dirname, '../../../../shared/data/pickles');

interface Sample {
  readonly file: string;
  readonly verdict: 'malicious' | 'benign' | 'unknown';
}

describe('published malicious samples', () => {
  if (!existsSync(`${SAMPLES}/expected.json`)) {
    test('are not on this machine', () => {
      console.log(`SKIPPED: no pickle samples in ${SAMPLES}`);
    });
    return;
  }
  const samples: Sample[] = JSON.parse(readFileSync(`${SAMPLES}/expected.json`, 'utf8'));

  test.each(samples.map((sample) => [sample.file, sample.verdict]))('%s (%s)', async (file, verdict) => {
    const { verdict: found } = await scanArtifact(streamOf(readFileSync(`${SAMPLES}/${file}`), 7));
    if (verdict === 'malicious') {
      expect(found).toBe('unsafe');
    } else if (verdict === 'unknown') {
      expect(found).not.toBe('safe');
    } else {
      expect(found).toBe('safe');
    }
  });
});

describe('what a loader would do', () => {
  test.each([
    ['protocol 0', "cos\nsystem\n(S'id'\ntR."],
    ['an import that breaks afterwards', 'cos\nsystem\n\xff\xff'],
    ['an import behind other instructions', "(lp0\nI1\nacos\nsystem\n(S'id'\ntR."],
    ['protocol 4', '\x80\x04\x8c\x02os\x8c\x06system\x93.'],
    ['an extension code', '\x82\x01.'],
    ['INST', "(S'id'\nios\nsystem\n."],
    ['data only', '\x80\x02}q\x00.'],
    ['a number without protocol', 'I1\n.'],
  ])('%s is a pickle', (_, program) => {
    expect(probePickle(bytes(program))).toMatch(/^(imports|complete)$/);
  });

  test.each([
    ['a table whose header begins as GLOBAL', 'class,age\nyes,1\nno,2\n'],
    ['prose', 'This model scores credit.\n'],
    ['JSON', '{"a": 1}'],
    ['a short safetensors header of 640 bytes', '\x80\x02\x00\x00\x00\x00\x00\x00{"a'],
    ['nothing', ''],
    ['an empty stack at STOP', '.'],
  ])('%s is not', (_, content) => {
    expect(probePickle(bytes(content))).toBe('no');
  });

  test('a program that goes on past the window stays open', () => {
    const long = bytes(`X\x00\x00\x02\x00${'a'.repeat(70_000)}`).subarray(0, 65_536);
    expect(probePickle(long)).toBe('perhaps');
    expect(probePickle(long, 70_000)).toBe('no');
    expect(probePickle(long, 140_000)).toBe('perhaps');
  });
});
