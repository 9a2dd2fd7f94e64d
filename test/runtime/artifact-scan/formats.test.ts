import { gzipSync } from 'node:zlib';
import { scanArtifact } from '../../../runtime/artifact-scan';
import { requireHarmlessTemplate } from '../../../runtime/artifact-scan/jinja';
import {
  type Fields,
  type Gguf,
  gguf,
  ggufString,
  ggufStrings,
  ggufUint32,
  hdf5,
  hdf5Attribute,
  hdf5Dense,
  hdf5DenseStorage,
  hdf5ExternalFiles,
  hdf5Link,
  message,
  onnx,
  png,
  savedModel,
  u64,
} from './format-writers';
import { bytes, safetensors, streamOf, tar, zip } from './support';

async function scan(content: Uint8Array) {
  const report = await scanArtifact(streamOf(content, 333));
  return { ...report, codes: report.findings.map((finding) => finding.code) };
}

async function expectVerdict(content: Uint8Array, verdict: string, code?: string) {
  const { codes, findings, ...report } = await scan(content);
  expect({ verdict: report.verdict, findings }).toMatchObject({ verdict });
  if (code) {
    expect(codes).toContain(`PALISADE-${code}`);
  }
}

describe('safetensors', () => {
  const withHeader = (text: string, data = 8) => Buffer.concat([u64(text.length), bytes(text), Buffer.alloc(data)]);
  const tensor = (change: string) => `{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]${change}}}`;

  test('tensors that cover the data are safe', async () => {
    await expectVerdict(withHeader(tensor('')), 'safe');
    await expectVerdict(withHeader(`${tensor('')}   `), 'safe');
    await expectVerdict(safetensors({ empty: 0, a: 4 }), 'safe');
    await expectVerdict(withHeader(tensor('').replace('F32', 'F4').replace('[2]', '[4,4]')), 'safe');
    await expectVerdict(withHeader(tensor('').replace('F32', 'F6_E2M3').replace('[2]', '[11]')), 'unsafe');
  });

  test.each<[string, Buffer]>([
    ['a header that is longer than the format allows', Buffer.concat([u64(100_000_001), bytes('{"')])],
    ['a header that is longer than the file', Buffer.concat([u64(1000), bytes('{"a":1}')])],
    [
      'a tensor that stands twice',
      withHeader(tensor('').replace('}}', '},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}')),
    ],
    ['a field that stands twice', withHeader(tensor(',"dtype":"F32"'))],
    ['a field that does not exist', withHeader(tensor(',"code":"x"'))],
    ['a hole', withHeader(tensor('').replace('[0,8]', '[4,12]'), 12)],
    ['a shape that does not fit', withHeader(tensor('').replace('[2]', '[3]'))],
    ['a shape that overflows', withHeader(tensor('').replace('[2]', '[4294967296,4294967296,4]'))],
    ['a negative side', withHeader(tensor('').replace('[2]', '[-2]'))],
    ['metadata that is no text', withHeader(tensor('').replace('{"a"', '{"__metadata__":{"x":1},"a"'))],
    ['a type by an inherited name', withHeader(tensor('').replace('F32', 'constructor'))],
  ])('%s is not safe', async (_, content) => {
    expect((await scan(content)).verdict).not.toBe('safe');
  });
});

describe('GGUF', () => {
  const TEMPLATE = "{% for m in messages %}{{ '<|' + m['role'] + '|>' }}{{ m.content | trim }}{% endfor %}";
  const model = (change: Gguf = {}) =>
    gguf({
      metadata: [
        ['general.architecture', ggufString('llama')],
        ['tokenizer.ggml.tokens', ggufStrings(['<s>', 'a', 'import os'])],
        ['tokenizer.chat_template', ggufString(TEMPLATE)],
      ],
      tensors: [
        ['token_embd.weight', 10],
        ['output.weight', 3],
      ],
      ...change,
    });

  test('tensors in order and a chat template that lays out are safe', async () => {
    await expectVerdict(model(), 'safe');
    await expectVerdict(model({ version: 2 }), 'safe');
    await expectVerdict(model({ alignment: 64, metadata: [['general.alignment', ggufUint32(64)]] }), 'safe');
    await expectVerdict(gguf({}), 'safe');
  });

  test.each<[string, Buffer, string]>([
    ['a count without end', model({ tensorCount: 2n ** 63n }), 'unsafe'],
    ['more tensors than it describes', model({ tensorCount: 100 }), 'unsafe'],
    ['an offset that leaves a gap', model({ shift: 32 }), 'unsafe'],
    ['an offset that overlaps', model({ shift: -32 }), 'unsafe'],
    ['data behind its tensors', model({ tail: bytes('x'.repeat(40)) }), 'unsafe'],
    ['less data than its tensors', model().subarray(0, -30), 'unsafe'],
    ['an alignment that is no power of two', model({ metadata: [['general.alignment', ggufUint32(48)]] }), 'unsafe'],
    ['an alignment of nothing', model({ metadata: [['general.alignment', ggufUint32(0)]] }), 'unsafe'],
    [
      'two entries of one name',
      model({
        metadata: [
          ['a', ggufUint32(1)],
          ['a', ggufUint32(2)],
        ],
      }),
      'unsafe',
    ],
    [
      'a text that is longer than the file',
      model({ metadata: [['a', Buffer.concat([bytes('\x08\0\0\0'), u64(2n ** 62n)])]] }),
      'unsafe',
    ],
    ['a value of no type', model({ metadata: [['a', bytes('\x63\0\0\0')]] }), 'unsafe'],
    ['an unknown tensor type', model({ type: 99 }), 'unknown'],
    ['an old version', model({ version: 1 }), 'unknown'],
    [
      'a chat template that reaches for the interpreter',
      model({ metadata: [['tokenizer.chat_template', ggufString("{{ ''.__class__.__mro__[1].__subclasses__() }}")]] }),
      'unsafe',
    ],
    [
      'a second chat template that does',
      model({ metadata: [['tokenizer.chat_template.tool', ggufString('{% set x = cycler.__init__ %}')]] }),
      'unsafe',
    ],
  ])('%s', async (_, content, verdict) => {
    await expectVerdict(content, verdict);
  });
});

describe('chat templates', () => {
  test.each([
    "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('no') }}{% endif %}{% endfor %}",
    "{%- set ns = namespace(found=false) -%}{%- set system_message = messages[0]['content'] -%}{{ system_message }}",
    "{{- 'Environment: ipython\\n' -}}{{- tools | tojson(indent=4) -}}{{ strftime_now('%d %b') }}",
    'import os; __class__ outside of any block is text',
    "{# {{ ''.__class__ }} is a comment #}",
    "{% if system is defined %}{{ 'You can write `import os` or eval(x)' }}{% endif %}",
    '{%- macro render(x) %}{{ x.items() }}{% endmacro %}{{ render(a) }}',
    '{ not a block } {{ "}}" }} {',
  ])('%s is harmless', (template) => {
    expect(() => requireHarmlessTemplate(template)).not.toThrow();
  });

  test.each([
    "{{ ''.__class__ }}",
    '{{ x["__globals__"] }}',
    "{{ x['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{{ x|attr('cl' + 'ass') }}",
    '{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}',
    '{{ self._TemplateReference__context.cycler }}',
    '{{ lipsum }}',
    '{{ cycler }}',
    "{% import 'x' as y %}",
    '{%- include "/etc/passwd" %}',
    "{% from 'x' import y %}",
    "{{ os.system('id') }}",
    "{{ joiner.x.os.popen('id').read() }}",
    '{{ eval (x) }}',
    '{% if "}}" %}{{ a.b.__init__ }}{% endif %}',
    "{{ '}}' ~ x.__reduce__ }}",
    '{{ x.gi_frame.f_globals }}',
  ])('%s is an attack', (template) => {
    expect(() => requireHarmlessTemplate(template)).toThrow('reaches for the interpreter');
  });

  test('are found in the configuration of a tokenizer', async () => {
    const config = (template: unknown) => bytes(JSON.stringify({ tokenizer_class: 'X', chat_template: template }));
    await expectVerdict(config('{{ messages }}'), 'safe');
    await expectVerdict(config("{{ ''.__class__ }}"), 'unsafe', 'T051');
    await expectVerdict(config([{ name: 'default', template: "{{ ''.__class__ }}" }]), 'unsafe', 'T051');
    await expectVerdict(bytes(`{"chat_template": "{{ ''.\\u005f_class__ }}"}`), 'unsafe', 'T051');
  });
});

const layer = (change: object = {}) => ({
  module: 'keras.layers',
  class_name: 'Dense',
  config: {
    units: 1,
    kernel_initializer: {
      module: 'keras.initializers',
      class_name: 'GlorotUniform',
      config: { seed: null },
      registered_name: null,
    },
    activation: 'relu',
  },
  registered_name: null,
  ...change,
});
const sequential = (...layers: object[]) => ({
  module: 'keras',
  class_name: 'Sequential',
  config: { name: 'sequential', layers },
  registered_name: null,
  compile_config: {
    optimizer: {
      module: 'keras.optimizers',
      class_name: 'Adam',
      config: { learning_rate: 0.001 },
      registered_name: 'Adam',
    },
    loss: { module: 'builtins', class_name: 'function', config: 'mean_squared_error', registered_name: 'function' },
  },
});
const kerasFile = (config: object) =>
  zip([
    { name: 'metadata.json', content: bytes('{"keras_version": "3.0.0"}') },
    { name: 'config.json', content: bytes(JSON.stringify(config)) },
    { name: 'model.weights.h5', content: hdf5([hdf5Attribute('name', 'weights')]) },
  ]);
const oldKeras = (...layers: object[]) => ({ class_name: 'Model', config: { layers }, keras_version: '2.1' });

const KERAS_ATTACKS: readonly (readonly [string, object])[] = [
  ['a Lambda layer', layer({ class_name: 'Lambda' })],
  [
    'a Lambda layer deep inside',
    layer({ config: { layer: layer({ config: { layer: layer({ class_name: 'Lambda' }) } }) } }),
  ],
  [
    'a Lambda layer of old Keras',
    { class_name: 'Lambda', config: { function: ['4wEA', null, null], function_type: 'lambda' } },
  ],
  ['a function as code', layer({ config: { activation: { class_name: '__lambda__', config: { value: '4wEA' } } } })],
  ['a layer of another module', layer({ module: 'subprocess', class_name: 'Popen' })],
  [
    'an initializer of another module',
    layer({ config: { kernel_initializer: { module: 'builtins', class_name: 'exec', config: {} } } }),
  ],
  [
    'a function of another module',
    layer({ config: { activation: { module: 'os', class_name: 'function', config: 'system' } } }),
  ],
  [
    'a function of the interpreter',
    layer({ config: { activation: { module: 'builtins', class_name: 'function', config: 'eval' } } }),
  ],
  [
    "one of Keras's own that fetches",
    layer({ module: 'keras.utils', class_name: 'get_file', config: { origin: 'https://x' } }),
  ],
  ["one of Keras's own that loads", layer({ module: 'keras.saving', class_name: 'load_model' })],
  ["Keras's switch for unsafe loading", layer({ module: 'keras.config', class_name: 'enable_unsafe_deserialization' })],
  ['a layer that loads a module of PyTorch', layer({ class_name: 'TorchModuleWrapper', config: { module: 'gAJ9' } })],
  ['a layer that loads a SavedModel', layer({ class_name: 'TFSMLayer', config: { filepath: '/tmp/x' } })],
  ['a layer that reads a file', layer({ class_name: 'StringLookup', config: { vocabulary: '/etc/passwd' } })],
];

describe('Keras', () => {
  test('models of known layers are safe, in each container', async () => {
    await expectVerdict(kerasFile(sequential(layer())), 'safe');
    await expectVerdict(hdf5([hdf5Attribute('model_config', JSON.stringify(sequential(layer())))]), 'safe');
    await expectVerdict(bytes(JSON.stringify(oldKeras({ class_name: 'Dense', config: {} }))), 'safe');
    await expectVerdict(bytes(JSON.stringify({ rows: [{ class_name: 'dog', module: 3 }] })), 'safe');
  });

  test.each(KERAS_ATTACKS)('%s is unsafe, in each container', async (_, attack) => {
    const code = expect.stringMatching(/^PALISADE-T05[24]$/);
    for (const config of [sequential(layer(), attack), oldKeras(attack)]) {
      const text = JSON.stringify(config);
      const metadata = message([
        [
          1,
          [
            [2, 1],
            [4, '_tf_keras_layer'],
            [5, text],
          ],
        ],
      ]);
      for (const content of [kerasFile(config), hdf5([hdf5Attribute('model_config', text)]), bytes(text), metadata]) {
        const { verdict, codes } = await scan(content);
        expect({ verdict, codes }).toEqual({ verdict: 'unsafe', codes: [code] });
      }
    }
  });

  test.each<[string, object]>([
    ['a class of the company', layer({ module: 'company.layers', class_name: 'Net' })],
    ['a registered class', layer({ module: null, class_name: 'Company>Net' })],
    ['a class registered under another name', layer({ module: null, registered_name: 'Company>Net' })],
    ['a registered class in a module of Keras', layer({ registered_name: 'Company>Net' })],
    [
      'a function of the company',
      layer({ config: { activation: { module: null, class_name: 'function', config: 'mine' } } }),
    ],
  ])('%s is unknown', async (_, unknown) => {
    await expectVerdict(kerasFile(sequential(unknown)), 'unknown');
  });

  test('a byte order mark, which Python takes, hides nothing', async () => {
    const marked = (config: object) => bytes(`\xef\xbb\xbf ${JSON.stringify(config)}`);
    const lambda = marked(sequential(layer({ class_name: 'Lambda' })));
    await expectVerdict(lambda, 'unsafe');
    await expectVerdict(zip([{ name: 'config.json', content: lambda }]), 'unsafe');
    await expectVerdict(marked(sequential(layer())), 'safe');
  });

  test('of two equal keys each is judged, and escapes are no way around', async () => {
    const text = JSON.stringify(sequential(layer()));
    await expectVerdict(bytes(text.replace('"Dense"', '"Dense","class_name":"Lambda"')), 'unsafe');
    await expectVerdict(bytes(text.replace('"Dense"', '"Lambda","class_name":"Dense"')), 'unsafe');
    await expectVerdict(bytes(text.replace('"Dense"', '"\\u004cambda"')), 'unsafe');
    await expectVerdict(bytes(text.replace('"class_name":"Dense"', '"cl\\u0061ss_name":"Lambda"')), 'unsafe');
  });
});

describe('HDF5', () => {
  /** The message of a link without its header, in a heap behind the file. */
  const dense = (type: number) => {
    const length = hdf5([hdf5Dense(0, 0)]).length;
    const { heap, tree, bytes: storage } = hdf5DenseStorage(length, hdf5Link(type).subarray(8));
    return Buffer.concat([hdf5([hdf5Dense(heap, tree)]), storage]);
  };

  test.each<[string, Buffer, string]>([
    ['a root without anything', hdf5([]), 'safe'],
    ['a link to itself', hdf5([hdf5Link(0)]), 'safe'],
    ['a link to another file', hdf5([hdf5Link(64)]), 'unsafe'],
    ['data in another file', hdf5([hdf5ExternalFiles()]), 'unsafe'],
    ['dense storage of a link to itself', dense(0), 'safe'],
    ['dense storage of a link to another file', dense(64), 'unsafe'],
    ['dense storage that is none', hdf5([hdf5Dense(96, 96)]), 'unknown'],
    ['a signature alone', bytes('\x89HDF\r\n\x1a\n'), 'unknown'],
    ['a file that is cut off', hdf5([hdf5Attribute('a', 'b')]).subarray(0, -4), 'unknown'],
    ['a configuration that is none', hdf5([hdf5Attribute('model_config', '{"a')]), 'unknown'],
  ])('%s', async (_, content, verdict) => {
    await expectVerdict(content, verdict);
  });
});

describe('TensorFlow', () => {
  const CLEAN = [
    'VarHandleOp',
    'ReadVariableOp',
    'MatMul',
    'BiasAdd',
    'Relu',
    'StatefulPartitionedCall',
    'NoOp',
    'Const',
    'Identity',
    'SaveV2',
    'RestoreV2',
    'MergeV2Checkpoints',
    'ShardedFilename',
    'StringJoin',
    'Pack',
    'Placeholder',
    'AssignVariableOp',
    'Select',
    'StaticRegexFullMatch',
    'DisableCopyOnRead',
  ];

  test('operators that compute are safe', async () => {
    await expectVerdict(savedModel(CLEAN, CLEAN), 'safe');
    await expectVerdict(
      message([
        [1, 2 ** 50],
        [2, 2 ** 40],
        [6, '0a1b-22'],
      ]),
      'safe',
    );
  });

  test.each([
    'ReadFile',
    'WriteFile',
    'PyFunc',
    'EagerPyFunc',
    'PyFuncStateless',
    'MatchingFiles',
    'WholeFileReader',
    'WholeFileReaderV2',
    'TextLineDataset',
    'RpcCall',
  ])('%s is unsafe, in a function too', async (operator) => {
    await expectVerdict(savedModel([...CLEAN, operator]), 'unsafe', 'T053');
    await expectVerdict(savedModel(CLEAN, [operator]), 'unsafe', 'T053');
  });

  test('an operator of no known family is unknown, as is a broken message', async () => {
    await expectVerdict(savedModel(['CompanyOp']), 'unknown');
    expect((await scan(savedModel(CLEAN).subarray(0, -3))).verdict).not.toBe('safe');
    await expectVerdict(
      message([
        [1, 1],
        [
          2,
          [
            [1, [[4, 'serve']]],
            [2, [[9, 'x']]],
          ],
        ],
      ]),
      'unknown',
    );
  });
});

describe('ONNX', () => {
  const custom: Fields = [
    [
      25,
      [
        [1, 'F'],
        [7, [[4, 'Relu']]],
        [10, 'own.domain'],
      ],
    ],
  ];
  test.each<[string, Buffer, string]>([
    [
      'operators of ONNX',
      onnx([{ operator: 'MatMul' }, { operator: 'TreeEnsembleClassifier', domain: 'ai.onnx.ml' }]),
      'safe',
    ],
    ['operators in a subgraph', onnx([{ operator: 'If', subgraph: [{ operator: 'Relu' }] }]), 'safe'],
    ["the model's own functions", onnx([{ operator: 'F', domain: 'own.domain' }], undefined, custom), 'safe'],
    ['operators of others', onnx([{ operator: 'Net', domain: 'company' }]), 'unknown'],
    [
      'operators of others in a subgraph',
      onnx([{ operator: 'If', subgraph: [{ operator: 'Net', domain: 'company' }] }]),
      'unknown',
    ],
    ['an operator that calls Python', onnx([{ operator: 'PyOp', domain: 'ai.onnx.contrib' }]), 'unsafe'],
    ['data beside the model', onnx([{ operator: 'Relu' }], 'weights.bin'), 'unknown'],
    ['data above the model', onnx([{ operator: 'Relu' }], '../weights.bin'), 'unsafe'],
    ['data at an absolute path', onnx([{ operator: 'Relu' }], '/etc/passwd'), 'unsafe'],
    ['data on a drive', onnx([{ operator: 'Relu' }], 'C:\\x'), 'unsafe'],
    ['data behind a backslash', onnx([{ operator: 'Relu' }], 'a\\..\\..\\x'), 'unsafe'],
    ['data at a URL', onnx([{ operator: 'Relu' }], 'https://x/y'), 'unsafe'],
    ['a message that is cut off', onnx([{ operator: 'Relu' }]).subarray(0, -3), 'unknown'],
  ])('%s', async (_, content, verdict) => {
    await expectVerdict(content, verdict);
  });

  test('nesting without end is unknown', async () => {
    const nested = Array.from({ length: 100 }).reduce<{ operator: string; subgraph?: never[] }>(
      (inner) => ({ operator: 'If', subgraph: [inner] as never[] }),
      { operator: 'Relu' },
    );
    await expectVerdict(onnx([nested]), 'unknown');
  });
});

describe('skops', () => {
  const schema = (...objects: [module: string, name: string][]) =>
    zip([
      {
        name: 'schema.json',
        content: bytes(
          JSON.stringify({
            __class__: 'dict',
            __module__: 'builtins',
            __loader__: 'DictNode',
            content: objects.map(([module, name]) => ({
              __module__: module,
              __class__: name,
              __loader__: 'ObjectNode',
            })),
          }),
        ),
      },
    ]);

  test('names the objects that it makes', async () => {
    await expectVerdict(schema(['sklearn.linear_model._base', 'LinearRegression'], ['numpy', 'ndarray']), 'safe');
    await expectVerdict(schema(['company.models', 'Net']), 'unknown');
    await expectVerdict(schema(['builtins', 'eval']), 'unsafe', 'T052');
    await expectVerdict(schema(['operator', 'methodcaller']), 'unsafe', 'T052');
  });
});

describe('TorchScript', () => {
  const script = (code: string) => zip([{ name: 'm/code/__torch__.py', content: bytes(code) }]);

  test('is a program: never safe, and unsafe where it reaches for files', async () => {
    await expectVerdict(
      script('def forward(self, x: Tensor) -> Tensor:\n  return torch.add(x, x)\n'),
      'unknown',
      'T047',
    );
    await expectVerdict(script('def forward(self):\n  ops.aten.save([x], "/tmp/x")\n'), 'unsafe', 'T047');
    await expectVerdict(script(`${'# '.padEnd(70_000)}\ntorch.from_file("/etc/passwd")\n`), 'unsafe', 'T047');
  });
});

describe('polyglots', () => {
  const archive = zip([{ name: 'config.json', content: bytes('{}') }]);
  const weights = (data: Buffer) => {
    const header = bytes(JSON.stringify({ a: { dtype: 'U8', shape: [data.length], data_offsets: [0, data.length] } }));
    return Buffer.concat([u64(header.length), header, data]);
  };

  test.each<[string, Buffer]>([
    ['safetensors and zip', weights(archive)],
    ['safetensors and zip with a comment', weights(Buffer.concat([archive, Buffer.alloc(60_000)]))],
    ['text and zip', Buffer.concat([bytes('readme\n'), archive])],
    [
      'an image and zip',
      png([
        ['IHDR', Buffer.alloc(13)],
        ['tEXt', archive],
        ['IEND', Buffer.alloc(0)],
      ]),
    ],
    ['safetensors and HDF5', weights(Buffer.concat([Buffer.alloc(2048)])).fill(hdf5([]).subarray(0, 8), 1024, 1032)],
  ])('%s', async (_, content) => {
    expect((await scan(content)).verdict).not.toBe('safe');
  });

  test('an archive in an archive is none', async () => {
    await expectVerdict(gzipSync(tar([{ name: 'm.zip', content: archive }])), 'safe');
  });

  test('an image is safe, a broken one unknown', async () => {
    const image = png([
      ['IHDR', Buffer.alloc(13)],
      ['IEND', Buffer.alloc(0)],
    ]);
    await expectVerdict(image, 'safe');
    await expectVerdict(Buffer.from(image).fill(1, 20, 21), 'unknown');
  });
});

test.each<[string, Buffer]>([
  ['7z', bytes('7z\xbc\xaf\x27\x1c\0\x04')],
  ['rar', bytes('Rar!\x1a\x07\x01\0')],
  ['bzip2', bytes('BZh91AY&SY')],
  ['xz', bytes('\xfd7zXZ\0\0\x04')],
  ['lzma', bytes('\x5d\0\0\x80\0')],
  ['lz4', bytes('\x04\x22\x4d\x18\0')],
  ['zstd', bytes('\x28\xb5\x2f\xfd\0')],
])('%s is not unpacked: unknown', async (format, content) => {
  expect(await scan(content)).toMatchObject({ verdict: 'unknown', format });
});
