import * as fs from 'node:fs';
import { loadAssembly } from '../../../lib/analysis';
import { RULES } from '../../../lib/compliance';
import { stackOf } from '../support';
import { type Outcome, outcomes } from './score';
import { EQUIVALENT, EQUIVALENT_IN_MINIMAL, rowOf } from './exempt';
import { ENCLAVE } from './enclave';

const line = (o: Outcome) =>
  `${o.mutant.type} ${o.mutant.property} | ${o.mutant.change} | expected ${o.expected.join(',')} | found ${o.found.join(',')}`;
function report(name: string, all: Outcome[], ms: number) {
  const rows = [...EQUIVALENT, ...EQUIVALENT_IN_MINIMAL];
  const missed = all.filter((o) => !rowOf(o.mutant, rows) && o.expected.length > 0 && !o.expected.some((r) => o.found.includes(r)));
  const unclaimed = all.filter((o) => o.expected.length === 0 && o.found.length === 0);
  const other = all.filter((o) => o.expected.length === 0 && o.found.length > 0);
  fs.writeFileSync(`/tmp/${name}-missed.txt`, missed.map(line).join('\n') + '\n');
  fs.writeFileSync(`/tmp/${name}-unclaimed.txt`, unclaimed.map(line).join('\n') + '\n');
  fs.writeFileSync(`/tmp/${name}-other.txt`, other.map(line).join('\n') + '\n');
  fs.writeFileSync(`/tmp/${name}-all.txt`, all.map(line).join('\n') + '\n');
  return `${name}: ${all.length} missed ${missed.length} other ${other.length} unclaimed ${unclaimed.length} ${ms.toFixed(0)} ms`;
}
test('scratch', () => {
  const out: string[] = [];
  let s = performance.now();
  if (process.env.ONLY !== 'mini') {
    out.push(
      report('plat', outcomes(loadAssembly('/tmp/mutasm'), { perKind: Number(process.env.PER_KIND ?? 1), isSpecial: (m) => rowOf(m, EQUIVALENT) !== undefined }), performance.now() - s),
    );
  }
  s = performance.now();
  if (process.env.ONLY !== 'plat') {
    const mini = [...outcomes([stackOf(JSON.parse(JSON.stringify(ENCLAVE)), 'enclave')]), ...RULES.flatMap((rule) => outcomes([stackOf(JSON.parse(JSON.stringify(rule.compliant)), rule.id)]))];
    out.push(report('mini', mini, performance.now() - s));
  }
  fs.writeFileSync('/tmp/mut-summary.txt', out.join('\n') + '\n');
}, 600000);
