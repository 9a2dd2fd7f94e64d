import { synthesize } from './support';

const { graph } = synthesize(undefined, 'dev');

/** What records by itself: without the variable a function would go on and say nothing. */
const RECORDING = [
  'dev/clinical-notes-data/Registry/Approval/Resource',
  'dev/clinical-notes-data/Vault/Seal/Resource',
  'dev/credit-scoring-data/Registry/Approval/Resource',
  'dev/credit-scoring-data/Vault/Seal/Resource',
  'dev/credit-scoring-inference/Drift/Monitor/Resource',
  'dev/credit-scoring-inference/Drift/Rollback/Resource',
  'dev/ledger/Ledger/Digest-clinical-notes/Resource',
  'dev/ledger/Ledger/Digest-credit-scoring/Resource',
  'dev/ledger/Ledger/Digest-support-assistant/Resource',
];

const variablesOf = ({ properties }: { properties: Record<string, unknown> }) =>
  ((properties.Environment as { Variables?: Record<string, string> } | undefined)?.Variables ?? {}) as Record<
    string,
    string
  >;

test('whatever decides records it, through the alias of its own system', () => {
  const recording = graph.ofType('AWS::Lambda::Function').filter((fn) => variablesOf(fn).LEDGER_WRITER !== undefined);
  expect(recording.map(({ path }) => path).sort()).toEqual(RECORDING);
  for (const fn of recording) {
    const [system] = /clinical-notes|credit-scoring|support-assistant/.exec(fn.path) ?? [];
    const [alias] = graph.atPath(`dev/ledger/Ledger/Writer-${system}`);
    expect([variablesOf(fn).LEDGER_WRITER, variablesOf(fn).STAGE]).toEqual([alias.arn, 'dev']);
  }
});

test('every AI system has its records digested', () => {
  const systems = graph.ofType('AWS::Lambda::Function').flatMap(({ path }) => /Inference\/Gateway\//.exec(path) ?? []);
  expect(RECORDING.filter((path) => path.includes('Digest-'))).toHaveLength(systems.length);
});
