import { evaluateRules, RULES } from '../../lib/compliance';
import { synthesize } from './support';

test('findings', () => {
  const { graph } = synthesize();
  const out = evaluateRules(graph, RULES).flatMap(({ violations, unresolvable }) =>
    [...violations, ...unresolvable].map((f) => `${f.level} ${f.rule.id} ${f.resource.path} ${f.property}: ${f.message}`),
  );
  console.log(out.sort().join('\n'), out.length);
});
