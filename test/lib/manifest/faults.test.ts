import { mkdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { loadManifests, MANIFEST_CODES } from '../../../lib/manifest';
import { Folder, type Loose } from './folder';

const CREDIT = 'systems/credit-scoring.yaml';
const SUPPORT = 'systems/support-assistant.yaml';
const CLINICAL = 'systems/clinical-notes.yaml';
const ORGANIZATION = 'organization.yaml';
const EXCEPTIONS = 'exceptions.yaml';

/** What the shipped manifest could have of Model Monitor. */
const OUTCOMES = { problemType: 'BinaryClassification', probabilityThreshold: 0.5, delayDays: 60 };

const exception = (changes: object = {}) => ({
  id: 'access-log-encryption',
  rules: ['AwsSolutions::AwsSolutions-S1', 'AwsSolutions::AwsSolutions-IAM5[Resource::*]'],
  paths: ['*/**/AccessLogs/Resource'],
  owner: 'platform@example.com',
  approver: 'security@example.com',
  reason: 'Access logs of the log bucket would log themselves without end, and hold no data of customers.',
  ticket: 'SEC-7',
  residualRisk: 'low',
  approvedOn: '2026-11-01',
  expires: '2027-10-31',
  ...changes,
});

const edit = (file: string, change: (data: Loose) => void) => (folder: Folder) => folder.edit(file, change);
const excepted = (...changes: object[]) =>
  edit(EXCEPTIONS, (data) => {
    data.exceptions = changes.map(exception);
  });

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const CASES: [expected: string, spoil: (folder: Folder) => void][] = [
  // files
  ['M002 manifests/organization.yaml', (f) => rmSync(f.file(ORGANIZATION))],
  ['M002 manifests/exceptions.yaml', (f) => rmSync(f.file(EXCEPTIONS))],
  ['M002 manifests/systems', (f) => rmSync(f.file('systems'), { recursive: true })],
  [
    'M003 manifests/exceptions.yaml',
    (f) => {
      rmSync(f.file(EXCEPTIONS));
      mkdirSync(f.file(EXCEPTIONS));
    },
  ],
  ['M003 manifests/systems/linked.yaml', (f) => symlinkSync(f.file(CREDIT), f.file('systems/linked.yaml'))],
  [
    'M003 manifests/systems',
    (f) => {
      rmSync(f.file('systems'), { recursive: true });
      symlinkSync('/tmp', f.file('systems'));
    },
  ],
  ['M004 manifests/exceptions.yaml', (f) => truncateSync(f.file(EXCEPTIONS), 1024 * 1024 + 1)],
  ['M005 manifests/exceptions.yaml', (f) => f.write(EXCEPTIONS, Uint8Array.of(0x61, 0xff))],
  ['M006 manifests/exceptions.yaml: line 2, column 3', (f) => f.write(EXCEPTIONS, 'exceptions:\n  }')],
  ['M007 manifests/exceptions.yaml: line 2, column 13', (f) => f.write(EXCEPTIONS, 'a: &a []\nexceptions: *a\n')],
  ['M007 manifests/exceptions.yaml: line 1, column 19', (f) => f.write(EXCEPTIONS, 'exceptions: !!set {}\n')],
  ['M007 manifests/exceptions.yaml: line 1, column 18', (f) => f.write(EXCEPTIONS, 'exceptions: !own []\n')],
  ['M008 manifests/systems', (f) => f.write('systems/other.yml', '')],
  [
    'M009 manifests/systems/credit-scoring.yaml: id',
    edit(CREDIT, (system) => {
      system.id = 'credit-score';
    }),
  ],
  // form
  [
    'M010 manifests/systems/credit-scoring.yaml: intendeduse',
    edit(CREDIT, (system) => {
      system.intendeduse = 'x';
    }),
  ],
  [
    'M010 manifests/systems/credit-scoring.yaml: serving.maxCapcity',
    edit(CREDIT, (system) => {
      system.serving.maxCapcity = 4;
    }),
  ],
  [
    'M010 manifests/systems/credit-scoring.yaml: stages.qa',
    edit(CREDIT, (system) => {
      system.stages.qa = {};
    }),
  ],
  [
    'M011 manifests/organization.yaml: roles.riskOwner',
    edit(ORGANIZATION, (organization) => {
      delete organization.roles.riskOwner;
    }),
  ],
  [
    'M011 manifests/systems/credit-scoring.yaml: serving.kind',
    edit(CREDIT, (system) => {
      delete system.serving.kind;
    }),
  ],
  [
    'M013 manifests/organization.yaml: stages.dev.account',
    edit(ORGANIZATION, (organization) => {
      organization.stages.dev.account = 123456789012;
    }),
  ],
  ['M013 manifests/exceptions.yaml', (f) => f.write(EXCEPTIONS, '')],
  [
    'M013 manifests/systems/credit-scoring.yaml: model.hyperparameters.depth',
    edit(CREDIT, (system) => {
      system.model.hyperparameters.depth = [1];
    }),
  ],
  [
    'M014 manifests/systems/credit-scoring.yaml: model.pretrained[0].sha256',
    edit(CREDIT, (system) => {
      const [name, version, licence] = ['base.safetensors', '1', 'MIT'];
      system.model.pretrained = [{ name, version, sha256: 'latest', source: 'https://example.com/base', licence }];
    }),
  ],
  [
    'M014 manifests/organization.yaml: retention.logDays',
    edit(ORGANIZATION, (organization) => {
      organization.retention.logDays = 90;
    }),
  ],
  [
    'M014 manifests/organization.yaml: approvalPolicy.high',
    edit(ORGANIZATION, (organization) => {
      organization.approvalPolicy.high = 1;
    }),
  ],
  [
    'M014 manifests/systems/credit-scoring.yaml: owner',
    edit(CREDIT, (system) => {
      system.owner = "o'brien@example.com";
    }),
  ],
  [
    'M014 manifests/systems/credit-scoring.yaml: serving.kind',
    edit(CREDIT, (system) => {
      system.serving.kind = 'sagemaker-endpiont';
    }),
  ],
  [
    'M014 manifests/systems/credit-scoring.yaml: model.images[0]',
    edit(CREDIT, (system) => {
      system.model.images = ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/xgboost:latest'];
    }),
  ],
  [
    'M014 manifests/systems/credit-scoring.yaml: prohibitedUses[0].definition',
    edit(CREDIT, (system) => {
      system.prohibitedUses[0].definition = 'a'.repeat(201);
    }),
  ],
  [
    'M014 manifests/systems/credit-scoring.yaml: prohibitedUses[0].topic',
    edit(CREDIT, (system) => {
      system.prohibitedUses[0].topic = 'Pricing & terms';
    }),
  ],
  [
    'M014 manifests/systems/credit-scoring.yaml: prohibitedUses[0].examples',
    edit(CREDIT, (system) => {
      system.prohibitedUses[0].examples = ['1', '2', '3', '4', '5', '6'];
    }),
  ],
  [
    'M014 manifests/systems/support-assistant.yaml: serving.guardrail.grounding.groundingThreshold',
    edit(SUPPORT, (system) => {
      system.serving.guardrail.grounding.groundingThreshold = 1;
    }),
  ],
  ['M014 manifests/exceptions.yaml: exceptions[0].reason', excepted({ reason: 'a'.repeat(60) })],
  ['M014 manifests/exceptions.yaml: exceptions[0].reason', excepted({ reason: 'a b c d e f g h' })],
  ['M014 manifests/exceptions.yaml: exceptions[0].rules[0]', excepted({ rules: ['AwsSolutions-S1'] })],
  ['M014 manifests/exceptions.yaml: exceptions[0].expires', excepted({ expires: '2027-02-29' })],
  // repetition
  ['M015 manifests/exceptions.yaml: exceptions[1]', excepted({}, { ticket: 'SEC-8' })],
  ['M015 manifests/exceptions.yaml: line 2, column 1', (f) => f.write(EXCEPTIONS, 'exceptions: []\nexceptions: []\n')],
  [
    'M015 manifests/systems/credit-scoring.yaml: prohibitedUses[1]',
    edit(CREDIT, (system) => {
      system.prohibitedUses[1].topic = 'employment decisions';
    }),
  ],
  [
    'M015 manifests/systems/support-assistant.yaml: serving.guardrail.pii[9]',
    edit(SUPPORT, (system) => {
      system.serving.guardrail.pii.anonymize.push('PIN');
    }),
  ],
  [
    'M015 manifests/systems/credit-scoring.yaml: stages.prod.approvals[1].approver',
    edit(CREDIT, (system) => {
      system.stages.prod.approvals[1].approver = 'Model.Risk+again@example.com';
    }),
  ],
  // people
  [
    'M016 manifests/systems/credit-scoring.yaml: approver',
    edit(CREDIT, (system) => {
      system.approver = 'Lending.Models+2@Example.com';
    }),
  ],
  [
    'M016 manifests/systems/credit-scoring.yaml: stages.prod.approvals[0].approver',
    edit(CREDIT, (system) => {
      system.stages.prod.approvals[0].approver = system.owner;
    }),
  ],
  ['M016 manifests/exceptions.yaml: exceptions[0].approver', excepted({ approver: 'platform@example.com' })],
  // approvals
  [
    'M012 manifests/systems/credit-scoring.yaml: stages.prod.approvals',
    edit(CREDIT, (system) => {
      system.stages.prod.approvals.pop();
    }),
  ],
  [
    'M012 manifests/systems/support-assistant.yaml: stages.prod.approvals',
    edit(SUPPORT, (system) => {
      system.stages.prod = {};
    }),
  ],
  // dates
  [
    'M017 manifests/systems/credit-scoring.yaml: stages.prod.approvals[0].date',
    edit(CREDIT, (system) => {
      system.stages.prod.approvals[0].date = '2026-11-25';
    }),
  ],
  [
    'M017 manifests/systems/credit-scoring.yaml: datasets[0].acquiredOn',
    edit(CREDIT, (system) => {
      system.datasets[0].acquiredOn = '2027-01-01';
    }),
  ],
  [
    'M017 manifests/systems/credit-scoring.yaml: impact.nextReview',
    edit(CREDIT, (system) => {
      system.impact.nextReview = system.impact.assessedOn;
    }),
  ],
  [
    'M034 manifests/systems/credit-scoring.yaml: impact.nextReview',
    edit(CREDIT, (system) => {
      system.impact.nextReview = '2027-04-11';
    }),
  ],
  ['M017 manifests/exceptions.yaml: exceptions[0].approvedOn', excepted({ approvedOn: '2026-11-25' })],
  ['M027 manifests/exceptions.yaml: exceptions[0].expires', excepted({ expires: '2027-11-02' })],
  [
    'M027 manifests/exceptions.yaml: exceptions[0].expires',
    excepted({ highImpact: true, approvedOn: '2026-11-01', expires: '2027-01-31' }),
  ],
  ['M028 manifests/exceptions.yaml: exceptions[0].expires', excepted({ expires: '2026-11-23' })],
  ['M029 manifests/exceptions.yaml: exceptions[0].residualRisk', excepted({ residualRisk: 'high' })],
  [
    'M029 manifests/exceptions.yaml: exceptions[0].residualRisk',
    excepted({ residualRisk: 'medium', highImpact: true, expires: '2027-01-01' }),
  ],
  ['M030 manifests/exceptions.yaml: exceptions[0].paths[0]', excepted({ paths: ['*/**'] })],
  // impact
  [
    'M018 manifests/systems/credit-scoring.yaml: impact.tier',
    edit(CREDIT, (system) => {
      system.impact.tier = 'limited';
      system.stages = { dev: {} };
    }),
  ],
  [
    'M019 manifests/systems/credit-scoring.yaml: impact.prohibitedPractices',
    edit(CREDIT, (system) => {
      system.impact.prohibitedPractices = ['social-scoring'];
    }),
  ],
  [
    'M026 manifests/systems/clinical-notes.yaml: impact.specialCategoryData',
    edit(CLINICAL, (system) => {
      system.impact.specialCategoryData = false;
    }),
  ],
  // places
  [
    'M020 manifests/systems/credit-scoring.yaml: stages.staging',
    edit(CREDIT, (system) => {
      system.stages.staging = {};
    }),
  ],
  [
    'M021 manifests/organization.yaml: stages.dev.region',
    edit(ORGANIZATION, (organization) => {
      organization.stages.dev.region = 'us-east-1';
    }),
  ],
  [
    'M021 manifests/systems/support-assistant.yaml: model.inferenceProfile.regions[4]',
    edit(SUPPORT, (system) => {
      system.model.inferenceProfile.regions.push('eu-south-1');
    }),
  ],
  [
    'M022 manifests/systems/support-assistant.yaml: stages.dev',
    edit(ORGANIZATION, (organization) => {
      organization.allowedRegions.push('cn-north-1');
      organization.stages.dev.region = 'cn-north-1';
    }),
  ],
  ...['10.10.0.0', '10.10.0.1/20', '10.300.0.0/20', '8.8.0.0/20', '10.0.0.0/8', '10.40.0.0/25'].map(
    (range): [string, (folder: Folder) => void] => [
      'M023 manifests/organization.yaml: stages.dev.network.trainingCidr',
      edit(ORGANIZATION, (organization) => {
        organization.stages.dev.network.trainingCidr = range;
      }),
    ],
  ),
  [
    'M023 manifests/organization.yaml: stages.prod.network.inferenceCidr',
    edit(ORGANIZATION, (organization) => {
      organization.stages.prod.network.inferenceCidr = '10.10.0.0/16';
    }),
  ],
  [
    'M026 manifests/organization.yaml: stages.dev.availabilityZones',
    edit(ORGANIZATION, (organization) => {
      organization.stages.dev.availabilityZones = ['eu-west-1a', 'eu-west-2a'];
    }),
  ],
  [
    'M026 manifests/organization.yaml: approvalPolicy.limited',
    edit(ORGANIZATION, (organization) => {
      organization.approvalPolicy = { minimal: 2, limited: 1, high: 2 };
    }),
  ],
  // model and serving
  [
    'M024 manifests/systems/support-assistant.yaml: serving.kind',
    edit(SUPPORT, (system) => {
      system.serving = {
        kind: 'sagemaker-endpoint',
        instanceType: 'ml.m5.large',
        minCapacity: 2,
        maxCapacity: 2,
        captureSamplingPercent: 1,
      };
    }),
  ],
  [
    'M026 manifests/systems/credit-scoring.yaml: serving.minCapacity',
    edit(CREDIT, (system) => {
      system.serving.minCapacity = 7;
    }),
  ],
  [
    'M037 manifests/systems/credit-scoring.yaml: serving.monitoring',
    edit(CREDIT, (system) => {
      system.serving.monitoring = {};
    }),
  ],
  [
    'M026 manifests/systems/credit-scoring.yaml: serving.monitoring.outcomes.probabilityThreshold',
    edit(CREDIT, (system) => {
      system.serving.monitoring = { outcomes: { ...OUTCOMES, problemType: 'Regression' } };
    }),
  ],
  [
    'M014 manifests/systems/credit-scoring.yaml: serving.monitoring.outcomes.delayDays',
    edit(CREDIT, (system) => {
      system.serving.monitoring = { outcomes: { ...OUTCOMES, delayDays: 89 } };
    }),
  ],
  [
    'M026 manifests/systems/credit-scoring.yaml: model.evaluation[0]',
    edit(CREDIT, (system) => {
      delete system.model.evaluation[0].minimum;
    }),
  ],
  [
    'M026 manifests/systems/credit-scoring.yaml: model.evaluation[0].minimum',
    edit(CREDIT, (system) => {
      system.model.evaluation[0].maximum = 0.5;
    }),
  ],
  ...['global.amazon.nova-lite-v1:0', 'eu.amazon.nova-pro-v1:0', 'amazon.nova-lite-v1:0'].map(
    (id): [string, (folder: Folder) => void] => [
      'M026 manifests/systems/support-assistant.yaml: model.inferenceProfile.id',
      edit(SUPPORT, (system) => {
        system.model.inferenceProfile.id = id;
      }),
    ],
  ),
  [
    'M036 manifests/systems/credit-scoring.yaml: datasets',
    edit(CREDIT, (system) => {
      system.datasets = [];
    }),
  ],
  // prod and high impact
  [
    'M032 manifests/organization.yaml: stages.prod.removal',
    edit(ORGANIZATION, (organization) => {
      organization.stages.prod.removal = 'destroy';
    }),
  ],
  [
    'M032 manifests/organization.yaml: stages.prod.objectLock.mode',
    edit(ORGANIZATION, (organization) => {
      organization.stages.prod.objectLock.mode = 'governance';
    }),
  ],
  [
    'M032 manifests/organization.yaml: stages.prod.objectLock.days',
    edit(ORGANIZATION, (organization) => {
      organization.stages.prod.objectLock.days = 1095;
    }),
  ],
];

test.each(CASES)('%s (case %#)', (expected, spoil) => {
  spoil(folder);
  expect(folder.faults()).toEqual([expected]);
});

describe('faults that show in several places', () => {
  test('an organization without a committee is named at each high-impact AI system', () => {
    folder.edit(ORGANIZATION, (organization) => {
      organization.committees = [];
    });
    expect(folder.faults()).toEqual([
      'M031 manifests/systems/clinical-notes.yaml: impact.tier',
      'M031 manifests/systems/credit-scoring.yaml: impact.tier',
    ]);
  });

  test('an organization without stages is named, and so is each stage of an AI system', () => {
    folder.edit(ORGANIZATION, (organization) => {
      organization.stages = {};
    });
    expect(folder.faults()).toEqual([
      'M014 manifests/organization.yaml: stages',
      'M020 manifests/systems/clinical-notes.yaml: stages.dev',
      'M020 manifests/systems/credit-scoring.yaml: stages.dev',
      'M020 manifests/systems/credit-scoring.yaml: stages.prod',
      'M020 manifests/systems/support-assistant.yaml: stages.dev',
      'M020 manifests/systems/support-assistant.yaml: stages.prod',
    ]);
  });

  test('records kept too short are named at each high-impact AI system', () => {
    folder.edit(ORGANIZATION, (organization) => {
      organization.retention.recordDays = 3649;
    });
    expect(folder.faults()).toEqual([
      'M033 manifests/systems/clinical-notes.yaml: impact.tier',
      'M033 manifests/systems/credit-scoring.yaml: impact.tier',
    ]);
  });

  test('a missing folder is one fault for each part of it', () => {
    rmSync(folder.path, { recursive: true });
    expect(folder.faults()).toEqual([
      'M002 manifests/organization.yaml',
      'M002 manifests/systems',
      'M002 manifests/exceptions.yaml',
    ]);
  });

  test('faults of all files come together, in the order of the files', () => {
    folder.edit(ORGANIZATION, (organization) => {
      organization.policy.sha256 = 'abc';
    });
    folder.edit(CREDIT, (system) => {
      system.owner = 'nobody';
      system.colour = 'blue';
    });
    folder.edit(SUPPORT, (system) => {
      system.approver = system.owner;
    });
    folder.write(EXCEPTIONS, '{');
    expect(folder.faults()).toEqual([
      'M014 manifests/organization.yaml: policy.sha256',
      'M014 manifests/systems/credit-scoring.yaml: owner',
      'M010 manifests/systems/credit-scoring.yaml: colour',
      'M016 manifests/systems/support-assistant.yaml: approver',
      'M006 manifests/exceptions.yaml: line 1, column 2',
    ]);
  });
});

test.each(['', '24.11.2026', '2026-02-30', '2026-11-24T00:00:00Z'])('refuses %p as the day', (asOf) => {
  expect(folder.faults(asOf)).toEqual(['M035 loadManifests: asOf']);
});

test('each code has a case', () => {
  const elsewhere = ['M001', 'M031', 'M033', 'M035'];
  const tested = new Set([...elsewhere, ...CASES.map(([expected]) => expected.slice(0, 4))]);
  expect([...tested].sort()).toEqual(Object.keys(MANIFEST_CODES).map((code) => code.slice('PALISADE-'.length)));
});

describe('what an error says', () => {
  const messageAfter = (file: string, change: (data: Loose) => void) => {
    folder.edit(file, change);
    const [error] = folder.refusal().errors;
    return error.message;
  };

  test('code, place, what was found, what is allowed, and what to do', () => {
    const message = messageAfter(CREDIT, (system) => {
      system.stages.prod.approvals.pop();
    });
    expect(message).toBe(
      [
        'PALISADE-M012 manifests/systems/credit-scoring.yaml: stages.prod.approvals',
        '  found 1, a high-impact system needs at least 2 (organization.yaml: approvalPolicy.high)',
        '  fix: add the missing approvals, or lower the impact with an approved reassessment',
      ].join('\n'),
    );
  });

  test('the whole error carries every fault and no path of this machine', () => {
    folder.edit(CREDIT, (system) => {
      system.intendeduse = 'x';
    });
    const { code, message } = folder.refusal();
    expect(code).toBe('PALISADE-M001');
    expect(message).toContain('PALISADE-M010 manifests/systems/credit-scoring.yaml: intendeduse');
    expect(message).not.toContain(folder.path);
  });

  test('a misspelt key names the key that was meant', () => {
    const message = messageAfter(CREDIT, (system) => {
      system.model.hyperparametres = {};
    });
    expect(message).toContain("did you mean 'hyperparameters'?");
    expect(message).toContain('known here: source, images, instanceTypes, evaluation, hyperparameters');
  });

  test('a misspelt value names the value that was meant', () => {
    const message = messageAfter(CREDIT, (system) => {
      system.serving.kind = 'sagemaker-endpiont';
    });
    expect(message).toContain("found 'sagemaker-endpiont', allowed: sagemaker-endpoint, bedrock, enclave");
    expect(message).toContain("did you mean 'sagemaker-endpoint'?");
  });

  test('a missing key says what it is for', () => {
    const message = messageAfter(ORGANIZATION, (organization) => {
      delete organization.roles.riskOwner;
    });
    expect(message).toContain('missing, Owns the AI risk register');
  });

  test('a number where text is meant asks for quotes', () => {
    const message = messageAfter(ORGANIZATION, (organization) => {
      organization.stages.dev.account = 123456789012;
    });
    expect(message).toContain('found 123456789012, allowed: text\n  fix: put the value in quotes');
  });
});

describe('what is open, and what is not pulled in', () => {
  test('governance sections pass through as they stand', () => {
    const governance = { raci: [{ activity: 'A.2.2', accountable: 'risk@example.com' }] };
    folder.edit(CREDIT, (system) => {
      system.governance = governance;
    });
    const system = folder.load().systems.find(({ id }) => id === 'credit-scoring');
    expect(system?.governance).toEqual(governance);
  });

  test('hidden files in systems/ are none of ours', () => {
    folder.write('systems/.DS_Store', Uint8Array.of(0xff));
    expect(folder.load().systems).toHaveLength(3);
  });

  test('an alias bomb is refused before it expands', () => {
    const levels = Array.from({ length: 30 }, (_, i) => `l${i}: &l${i} [${`*l${i - 1},`.repeat(i ? 10 : 0)}]`);
    folder.write(EXCEPTIONS, levels.join('\n'));
    expect(new Set(folder.faults().map((fault) => fault.slice(0, 4)))).toEqual(new Set(['M007']));
  });

  test('an exception holds through its last day', () => {
    folder.edit(EXCEPTIONS, (data) => {
      data.exceptions = [exception({ expires: '2026-11-24' })];
    });
    expect(folder.load('2026-11-24').exceptions).toHaveLength(1);
    expect(folder.faults('2026-11-25')).toEqual(['M028 manifests/exceptions.yaml: exceptions[0].expires']);
  });

  test('people are compared without case', () => {
    folder.edit(CREDIT, (system) => {
      system.owner = 'Lending.Models@Example.com';
    });
    expect(folder.load().systems[1].owner).toBe('lending.models@example.com');
  });

  test('a folder that is not there is refused', () => {
    expect(() => loadManifests('no-such-folder', { asOf: '2026-11-24' })).toThrow(
      expect.objectContaining({ code: 'PALISADE-M001' }),
    );
  });
});
