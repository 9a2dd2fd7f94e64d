import * as fs from 'node:fs';
import { loadAssembly } from '../../../lib/analysis';
import { outcomes } from './score';
test('scratch', () => {
  const started = Date.now();
  const prod = loadAssembly('/tmp/h/cdk.out').filter(({ stack }) => stack.includes('-prod-'));
  const all = outcomes(prod, Number(process.env.PER_KIND ?? 1));
  const line = (o: (typeof all)[number]) => `${o.mutant.type} ${o.mutant.property} | ${o.mutant.change} | expected ${o.expected.join(',')} | found ${o.found.join(',')}`;
  const missed = all.filter((o) => o.expected.length > 0 && !o.expected.some((r) => o.found.includes(r)));
  const unclaimed = all.filter((o) => o.expected.length === 0 && o.found.length === 0);
  fs.writeFileSync('/tmp/h/missed.txt', missed.map(line).join('\n'));
  fs.writeFileSync('/tmp/h/unclaimed.txt', unclaimed.map(line).join('\n'));
  console.log(all.length, 'missed', missed.length, 'unclaimed', unclaimed.length, Date.now() - started);
}, 600000);
