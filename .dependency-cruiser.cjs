// The arrows of the house (docs/architecture.md): each folder may reach only what stands to its right.
const LAYERS = ['bin', 'lib', 'constructs', 'lambda', 'runtime'];

const upward = LAYERS.slice(1).map((layer, index) => ({
  name: `${layer}-reaches-up`,
  severity: 'error',
  from: { path: `^${layer}/` },
  to: { path: `^(${LAYERS.slice(0, index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'runtime-is-pure',
      comment: 'AWS calls come in as interfaces; the handlers in lambda/ supply them.',
      severity: 'error',
      from: { path: '^(runtime|lib/analysis)/' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs|cdk-nag|@aws-sdk)/' },
    },
    {
      name: 'lambda-has-no-cdk',
      severity: 'error',
      from: { path: '^lambda/' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    },
    {
      name: 'constructs-do-not-import-handlers',
      comment: 'They deploy the bundle; the handler code runs in Lambda only.',
      severity: 'error',
      from: { path: '^constructs/' },
      to: { path: '^lambda/' },
    },
    {
      name: 'enclave-reaches-runtime-only',
      severity: 'error',
      from: { path: '^enclave/' },
      to: { path: '^(bin|lib|constructs|lambda)/' },
    },
    {
      name: 'analysis-knows-no-judge',
      severity: 'error',
      from: { path: '^lib/analysis/' },
      to: { path: '^lib/(?!analysis/)' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-copyleft-in-what-ships',
      comment: 'iam-simulate is AGPL-3.0: tests only.',
      severity: 'error',
      from: { path: '^(bin|lib|constructs|runtime|lambda|enclave)/' },
      to: { path: 'node_modules/@cloud-copilot/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
