import { RULES } from '../../../lib/compliance';
import { guardPolicy } from '../../../lib/compliance/guard-policy';
import * as fs from 'node:fs';
test('x', () => {
  const p = guardPolicy(RULES); fs.writeFileSync('/tmp/palisade.guard', p);
  const g = RULES.filter((r) => 'clauses' in r.guard);
  const w = g.filter((r) => r.level.high !== 'error').map((r)=>r.id);
  const ids = RULES.flatMap((r) => r.configRules.map((c) => `${c} ${r.id}`)).sort();
  fs.writeFileSync('/tmp/cr.txt', ids.join('\n'));
  console.log(RULES.length, g.length, p.length, w, p.split('\nrule ').length);
});
