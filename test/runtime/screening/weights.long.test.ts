import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '../../..');
const there = fs.existsSync(path.join(ROOT, '../shared/data/prompts-dev.jsonl'));

(there ? test : test.skip)(
  'the weights are what training gives from these rules, features and corpora (skipped without ../shared/data)',
  () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/screening/train.mjs', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  },
  120_000,
);
