import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { scanArtifact } from '../../../runtime/artifact-scan';
import { judgeImport } from '../../../runtime/artifact-scan/pickle';
import {
  call,
  global,
  numpyArray,
  numpyType,
  type Pickled,
  PROTOCOLS,
  pickle,
  torchTensor,
  tuple,
} from './pickle-writer';
import { bytes, streamOf, tar, zip } from './support';

async function verdictOf(content: Uint8Array): Promise<string> {
  return (await scanArtifact(streamOf(content))).verdict;
}

const dated = bytes('\x07\xe8\x01\x02\x03\x04\x05\x00\x00\x00');
const CLEAN: readonly (readonly [string, Pickled])[] = [
  ['nothing', null],
  ['numbers', [1, 255, 65_536, -1, 2 ** 40, { float: 1.5 }, true, false]],
  ['text', ['a', 'b', 'ü\n\\', 'x'.repeat(5000)]],
  ['bytes', bytes('\x00\x01\xff')],
  ['dictionaries', { dict: [['a', { dict: [[1, [2]]] }]] }],
  ['tuples', tuple(1, tuple(2, 3), tuple(1, 2, 3, 4, 5))],
  ['sets', { set: [1, 2] }],
  ['frozen sets', call('builtins', 'frozenset', [1])],
  ['complex numbers', call('builtins', 'complex', { float: 1 }, { float: 2 })],
  ['dates', call('datetime', 'datetime', dated)],
  ['ordered dictionaries', { call: global('collections', 'OrderedDict'), with: [], items: [['a', 1]] }],
  ['dictionaries with a default', call('collections', 'defaultdict', global('builtins', 'list'))],
  ['old objects', call('copyreg', '_reconstructor', global('builtins', 'object'), global('builtins', 'object'), null)],
  ['arrays', numpyArray(numpyType('f8'), bytes('\0'.repeat(16)))],
  ['arrays of NumPy 2', numpyArray(numpyType('i4'), bytes('\0'.repeat(8)), 'numpy._core')],
  ['arrays of text', numpyArray(numpyType('U5', 8), bytes('\0'.repeat(40)))],
  ['arrays of objects', numpyArray(numpyType('O8', 63), ['a', { dict: [] }])],
  ['NumPy numbers', call('numpy.core.multiarray', 'scalar', numpyType('f8'), bytes('\0'.repeat(8)))],
  [
    'random states',
    {
      dict: [
        ['state', numpyArray(numpyType('u4'), bytes('\0'.repeat(8)))],
        ['pos', 624],
      ],
    },
  ],
  [
    'linear models of scikit-learn',
    {
      make: global('sklearn.linear_model._base', 'LinearRegression'),
      with: [],
      state: {
        dict: [
          ['coef_', numpyArray(numpyType('f8'), bytes('\0'.repeat(16)))],
          ['_sklearn_version', '1.5.0'],
        ],
      },
    },
  ],
];

describe('data is safe in every protocol', () => {
  test.each(CLEAN)('%s', async (_, value) => {
    for (const protocol of PROTOCOLS) {
      const { verdict, findings, format } = await scanArtifact(streamOf(pickle(value, protocol)));
      expect({ protocol, verdict, findings, format }).toEqual({
        protocol,
        verdict: 'safe',
        findings: [],
        format: 'pickle',
      });
    }
  });

  test('any plain value', async () => {
    const { value } = fc.letrec<{ value: Pickled }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Pickled>(null, true, false),
        fc.integer({ min: -(2 ** 45), max: 2 ** 45 }),
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        fc.uint8Array({ maxLength: 300 }).map((array): Pickled => Buffer.from(array)),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.array(tie('value'), { maxLength: 5 }).map((items): Pickled => ({ tuple: items })),
        fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((dict): Pickled => ({ dict })),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom(...PROTOCOLS), async (plain, protocol) => {
        expect(await verdictOf(pickle(plain, protocol))).toBe('safe');
      }),
      { numRuns: 200 },
    );
  });
});

const SYSTEM = call('os', 'system', 'id');
/** Imports of the malicious files in the tests of picklescan and modelscan, and of published ways around them. */
const DANGEROUS = `
  __builtin__.eval __builtin__.exec __builtin__.compile __builtin__.open __builtin__.getattr __builtin__.apply __builtin__.globals
  __builtin__.execfile __builtin__.__import__ builtins.eval builtins.exec builtins.compile builtins.open builtins.getattr
  builtins.breakpoint builtins.__import__ builtins.setattr builtins.map builtins.vars builtins.eval.__call__ os.system os.popen
  os.execv nt.system posix.system posix.popen subprocess.run subprocess.Popen subprocess.check_output subprocess.getoutput
  commands.getoutput popen2.popen3 sys.exit sys.modules socket.create_connection socket.socket ssl.get_server_certificate
  shutil.rmtree shutil.copy runpy.run_path runpy._run_code pty.spawn pickle.loads _pickle.loads cPickle.loads marshal.loads
  joblib.load dill.loads dill._dill._create_function cloudpickle.cloudpickle._make_function torch.load torch.hub.load torch.jit.load
  torch.serialization.load torch.package.PackageImporter numpy.load numpy.core.memmap numpy.memmap pandas.read_pickle pandas.eval
  webbrowser.open httplib.HTTPSConnection http.client.HTTPSConnection urllib.request.urlopen urllib2.urlopen requests.api.get
  requests.get aiohttp.client.ClientSession httpx.get smtplib.SMTP ftplib.FTP telnetlib.Telnet imaplib.IMAP4_stream
  poplib.POP3 nntplib.NNTP xmlrpc.client.ServerProxy socketserver.TCPServer asyncio.run asyncio.unix_events._UnixSubprocessTransport._start
  operator.attrgetter operator.methodcaller operator.itemgetter _operator.attrgetter functools.partial functools.reduce
  itertools.starmap bdb.Bdb bdb.Bdb.run pdb.run pdb.Pdb cProfile.run cProfile.runctx profile.Profile.run profile.run timeit.timeit
  timeit.Timer trace.Trace.run trace.Trace.runctx doctest.debug_script code.interact code.InteractiveInterpreter.runcode codeop.compile_command
  pydoc.locate pydoc.pipepager pip.main pip._internal.main ensurepip._run_pip venv.create importlib.import_module
  importlib.__import__ imp.load_source pkgutil.resolve_name zipimport.zipimporter ctypes.CDLL ctypes.cdll cffi._pycparser.x
  mailcap.findmatch logging.FileHandler logging.config.fileConfig io.FileIO io.open codecs.open tempfile.mktemp tarfile.open
  zipfile.ZipFile zipapp.create_archive distutils.file_util.write_file distutils.spawn.spawn types.CodeType types.FunctionType
  numpy.testing._private.utils.runstring numpy.testing.rundocs numpy.f2py.crackfortran.getlincoef numpy.f2py.crackfortran._eval_length
  numpy.distutils.exec_command.exec_command numpy.ctypeslib.load_library torch.utils.collect_env.run
  torch.utils.bottleneck.__main__.run_cprofile torch.utils._config_module.ConfigModule.load_config torch.utils.data.datapipes.utils.decoder.basichandlers
  torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression torch.jit.unsupported_tensor_ops.execWrapper
  torch._dynamo.guards.GuardBuilder.get torch._inductor.codecache.compile_file torch.distributed.rpc.rpc_sync torch.os.system
  idlelib.pyshell.ModifiedInterpreter.runcode idlelib.autocomplete.AutoComplete.get_entity idlelib.calltip.get_entity
  idlelib.debugobj.ObjectTreeItem.SetText idlelib.run.Executive.runcode lib2to3.pgen2.grammar.Grammar.loads
  lib2to3.pgen2.pgen.ParserGenerator.make_label uuid._get_command_stdout _aix_support._read_cmd_output _osx_support._read_output
  _pyrepl.pager.pipe_pager test.support.script_helper.assert_python_ok multiprocessing.util.spawnv_passfds
  sqlite3.connect gc.get_objects inspect.getattr_static linecache.getline site.addpackage string.Formatter
  tensorflow.io.write_file keras.utils.get_file keras.models.load_model threading.Thread concurrent.futures.ProcessPoolExecutor
  turtledemo.__main__.x antigravity.webbrowser.open`
  .trim()
  .split(/\s+/)
  .filter((path) => !path.startsWith('cffi'))
  .map((path): [string, string, string] => {
    const module = path.match(/^(?:[a-z_0-9]+(?:[.](?![A-Z_]|__call__))?)*/i)?.[0] ?? path;
    const at = path.lastIndexOf('.');
    return [path, module === path ? path.slice(0, at) : path.slice(0, at), path.slice(at + 1)];
  });

describe('what runs, reads or sends is unsafe in every protocol', () => {
  test.each(DANGEROUS)('%s', async (_, module, name) => {
    for (const protocol of PROTOCOLS) {
      const attack = pickle([1, { dict: [['weights', call(module, name, 'id')]] }], protocol);
      expect({ protocol, verdict: await verdictOf(attack) }).toEqual({ protocol, verdict: 'unsafe' });
    }
  });

  const attack = (protocol: number) => pickle(SYSTEM, protocol);
  test.each<[string, Uint8Array]>([
    ['in a zip', zip([{ name: 'weights/x.txt', content: attack(4) }])],
    [
      'in a stored zip entry of PyTorch',
      zip([{ name: 'm/data.pkl', content: attack(2), stored: true, descriptor: 4 }]),
    ],
    ['in a tar', tar([{ name: 'model.safetensors', content: attack(0) }])],
    ['in a tar.gz', gzipSync(tar([{ name: 'a', content: zip([{ name: 'b', content: attack(5) }]) }]))],
    ['compressed by joblib', deflateSync(attack(3))],
    ['behind a harmless one', Buffer.concat([pickle(['a'], 4), attack(4)])],
    ['behind leading junk', Buffer.concat([Buffer.alloc(10_000, 0xee), attack(4)])],
    ['behind leading junk, in protocol 0', Buffer.concat([Buffer.alloc(300, 0xee), attack(0)])],
    ['behind a pickle and junk', Buffer.concat([pickle(['a'], 4), bytes('\xee\xee'), attack(4)])],
    ['behind an instruction at which it breaks', bytes("\x80\x02h\x05cos\nsystem\n(S'id'\ntR.")],
    ['with nothing behind the import', bytes('\x80\x04\x8c\x02os\x8c\x06system\x93')],
    ['with data that breaks behind the import', Buffer.concat([bytes('cos\nsystem\n'), bytes('\xff\xff\xff')])],
    ['with an import that the end of the file cuts', bytes('cos\nsystem!')],
    ['behind a mark that is dropped', bytes("(0cos\nsystem\n(S'id'\ntR.")],
    ['as an instance of old classes', bytes("(S'id'\nios\nsystem\n.")],
    ['as an object', bytes("(cos\nsystem\nS'id'\no.")],
    [
      'with names from the memo',
      bytes('Vos\np2\n0Vsystem\np3\n0Vtorch\np0\n0VLongStorage\np1\n0g2\ng3\n\x93(Vid\ntR.'),
    ],
    [
      'with names that were put in twice',
      bytes('\x80\x04\x8c\x05torch\x94\x8c\x02os\x94q\x00\x8c\x06system\x940h\x00\x8c\x06system\x93.'),
    ],
    ['with escapes in its names', bytes("S'\\x6fs'\nS'syste\\155'\n\x93(Vid\ntR.")],
    ['with a name that it computes', bytes('\x80\x04cbuiltins\nstr\n)R\x8c\x06system\x93.')],
  ])('%s', async (_, content) => {
    expect(await verdictOf(content)).toBe('unsafe');
  });

  test('attributes of what it imports are not set, and its methods not called', async () => {
    const target = global('collections', 'OrderedDict');
    expect(await verdictOf(Buffer.concat([pickle(target, 2).subarray(0, -1), bytes('}b.')]))).toBe('unsafe');
    expect(await verdictOf(Buffer.concat([pickle(target, 2).subarray(0, -1), bytes('Na.')]))).toBe('unsafe');
    expect(await verdictOf(Buffer.concat([pickle(target, 2).subarray(0, -1), bytes('NNs.')]))).toBe('unsafe');
  });

  test.each<[string, Pickled]>([
    ['objects that are taken from bytes', numpyType('O8', 0)],
    ['numbers that are taken for pointers', numpyType('f8', 63)],
  ])('a NumPy type of %s', async (_, type) => {
    expect(await verdictOf(pickle(numpyArray(type, bytes('A'.repeat(16))), 4))).toBe('unsafe');
  });
});

describe('what is not known is unknown', () => {
  test.each<[string, Uint8Array]>([
    ['an import that is not listed', pickle(call('mymodel.net', 'Net'), 4)],
    ['a class of the main program', pickle(call('__main__', 'Net'), 4)],
    ['a layer of PyTorch', pickle({ make: global('torch.nn.modules.linear', 'Linear'), with: [] }, 2)],
    ['an extension code', bytes('\x80\x02\x82\x01.')],
    ['a persistent id', pickle({ persistent: 'weights' }, 2)],
    ['a persistent id of protocol 0', bytes('Pweights\n.')],
    ['a persistent id that is no storage', pickle({ persistent: tuple('module', global('torch', 'Size'), 'a') }, 2)],
    ['buffers from elsewhere', bytes('\x80\x05\x97.')],
    ['a call of what it made', bytes('\x80\x02ccollections\nOrderedDict\n)R)R.')],
    [
      'an array over given bytes',
      pickle(call('numpy', 'ndarray', tuple(1), numpyType('O8', 63), bytes('A'.repeat(8))), 4),
    ],
    ['an unusual codec', pickle(call('_codecs', 'encode', 'a', 'rot13'), 2)],
    ['an empty memo', bytes('\x80\x02h\x05.')],
    ['a program that is cut off', pickle(['a', 'b'], 4).subarray(0, -3)],
    ['data behind the pickle', Buffer.concat([pickle(['a'], 4), bytes('\xee\xee')])],
    ['a literal longer than the file', bytes('\x80\x04X\xff\xff\xff\x7fabc')],
    ['a frame that ends within a line', bytes('\x80\x04\x95\x0b\0\0\0\0\0\0\0cnumpy\nndarray\n.')],
    ['a frame within a frame', bytes('\x80\x04\x95\x0b\0\0\0\0\0\0\0\x95\x02\0\0\0\0\0\0\0N.')],
    [
      'a frame that goes on behind the end',
      Buffer.concat([bytes('\x80\x04\x95\x07\0\0\0\0\0\0\0N.C\x05'), pickle(null, 2), bytes('N.')]),
    ],
    ['an import that the end of the file cuts', bytes('cmymodel\nNett')],
    ['a memo entry that takes all memory', bytes('\x80\x02Nr\xff\xff\xff\x7f.')],
    ['an instruction that does not exist', bytes('\x80\x04]\xff.')],
  ])('%s', async (_, content) => {
    expect(await verdictOf(content)).toBe('unknown');
  });
});

describe('judging an import', () => {
  test('a harmless name is harmless in its own module only', () => {
    expect(judgeImport('collections', 'OrderedDict')).toBe('harmless');
    expect(judgeImport('collections.abc', 'OrderedDict')).toBe('dangerous');
    expect(judgeImport('os', 'OrderedDict')).toBe('dangerous');
    expect(judgeImport('collections', 'OrderedDict.__init__')).toBe('dangerous');
    expect(judgeImport('numpy', 'constructor')).toBe('unknown');
    expect(judgeImport('constructor', '__proto__')).toBe('dangerous');
    expect(judgeImport('mymodel', 'Net.__class__.mro')).toBe('dangerous');
    expect(judgeImport('numpy.random._pickle', '__randomstate_ctor')).toBe('unknown');
  });
});

const floats = Buffer.alloc(40, 1);
const stateDict = (...keys: string[]): Pickled => ({
  call: global('collections', 'OrderedDict'),
  with: [],
  items: keys.map((key): [Pickled, Pickled] => [`layer.${key}`, torchTensor(key, 10)]),
});

describe('PyTorch', () => {
  const file = (change: { data?: Buffer; pickled?: Buffer } = {}) =>
    zip([
      {
        name: 'model/data.pkl',
        content: change.pickled ?? pickle(stateDict('0', '1'), 2),
        stored: true,
        descriptor: 4,
      },
      { name: 'model/byteorder', content: bytes('little'), stored: true, descriptor: 4 },
      { name: 'model/data/0', content: change.data ?? floats, stored: true, descriptor: 4 },
      { name: 'model/data/1', content: Buffer.alloc(40, 0x80), stored: true, descriptor: 8 },
      { name: 'model/version', content: bytes('3\n'), stored: true, descriptor: 4 },
      { name: 'model/.data/serialization_id', content: bytes('1139'), stored: true, descriptor: 4 },
    ]);

  test('a state dict is safe', async () => {
    expect((await scanArtifact(streamOf(file(), 100))).findings).toEqual([]);
  });

  test.each<[string, Buffer]>([
    [
      'a program in place of a tensor',
      file({ data: Buffer.concat([pickle(SYSTEM, 0), Buffer.alloc(40)]).subarray(0, 40) }),
    ],
    ['a tensor that is longer than is said', file({ data: Buffer.alloc(41) })],
    ['a program in place of the state', file({ pickled: pickle(SYSTEM, 2) })],
  ])('%s is unsafe', async (_, content) => {
    expect(await verdictOf(content)).toBe('unsafe');
  });

  test('numbers that look like a program without a name are numbers', async () => {
    const data = Buffer.concat([bytes('\x80\x02NN\x93.'), Buffer.alloc(40)]).subarray(0, 40);
    expect((await scanArtifact(streamOf(file({ data })))).findings).toEqual([]);
  });

  test('bytes that no pickle names are unknown', async () => {
    expect(await verdictOf(file({ pickled: pickle(stateDict('1'), 2) }))).toBe('unknown');
  });

  const long = (value: bigint) => {
    const field = Buffer.alloc(8);
    field.writeBigInt64LE(value);
    return field;
  };
  const old = (tail: Buffer) =>
    Buffer.concat([
      bytes('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.'),
      pickle(1001, 2),
      pickle(
        {
          dict: [
            ['protocol_version', 1001],
            ['little_endian', true],
          ],
        },
        2,
      ),
      pickle(stateDict('94', '95'), 2),
      pickle(['94', '95'], 2),
      tail,
    ]);
  const storages = Buffer.concat([long(10n), floats, long(10n), floats]);

  test('a file of before PyTorch 1.6 is safe, with exactly the bytes that it names', async () => {
    expect((await scanArtifact(streamOf(old(storages), 50))).findings).toEqual([]);
    for (const tail of [
      storages.subarray(1),
      storages.subarray(0, -1),
      Buffer.concat([storages, bytes('x')]),
      Buffer.concat([long(11n), storages.subarray(8)]),
    ]) {
      expect(await verdictOf(old(tail))).not.toBe('safe');
    }
    expect(await verdictOf(old(Buffer.concat([storages, pickle(SYSTEM, 2)])))).not.toBe('safe');
  });
});

describe('joblib', () => {
  const wrapper = (type: Pickled, sides: number[], alignment?: number): Pickled => ({
    make: global('joblib.numpy_pickle', 'NumpyArrayWrapper'),
    with: [],
    state: {
      dict: [
        ['subclass', global('numpy', 'ndarray')],
        ['shape', { tuple: sides }],
        ['order', 'C'],
        ['dtype', type],
        ['allow_mmap', true],
        ...(alignment === undefined ? [] : [['numpy_array_alignment_bytes', alignment] as const]),
      ],
    },
  });
  /** The pickle up to where the array's bytes stand, those, and the rest. */
  const interleaved = (array: Pickled, data: Buffer, rest = '.') =>
    Buffer.concat([pickle(array, 3).subarray(0, -1), data, bytes(rest)]);
  const padded = Buffer.concat([bytes('\x03\xff\xff\xff'), Buffer.alloc(80, 0x2e)]);

  test('arrays between the instructions are passed over', async () => {
    expect(await verdictOf(interleaved(wrapper(numpyType('f8'), [2, 5]), Buffer.alloc(80, 0x63)))).toBe('safe');
    expect(await verdictOf(interleaved(wrapper(numpyType('f8'), [2, 5], 16), padded))).toBe('safe');
    expect(await verdictOf(deflateSync(interleaved(wrapper(numpyType('f8'), [10], 16), padded)))).toBe('safe');
    const objects = pickle(numpyArray(numpyType('O8', 63), ['a']), 4);
    expect(await verdictOf(interleaved(wrapper(numpyType('O8', 63), [1]), objects))).toBe('safe');
  });

  test('a program between or behind them is found', async () => {
    const rest = `${pickle(SYSTEM, 0).toString('latin1')}`;
    expect(await verdictOf(interleaved(wrapper(numpyType('f8'), [10]), Buffer.alloc(80), `0${rest}`))).toBe('unsafe');
    expect(await verdictOf(interleaved(wrapper(numpyType('O8', 63), [1]), pickle(SYSTEM, 4)))).toBe('unsafe');
    expect(await verdictOf(interleaved(wrapper(numpyType('f8'), [9]), Buffer.alloc(80)))).not.toBe('safe');
  });
});

describe('joblib reads on where the scanner does', () => {
  const Wrapper = global('joblib.numpy_pickle', 'NumpyArrayWrapper');
  const state = (type: Pickled, sides: number[], ...more: (readonly [Pickled, Pickled])[]): Pickled => ({
    dict: [['shape', { tuple: sides }], ['dtype', type], ...more],
  });
  const follows = (array: Pickled, ...data: Buffer[]) =>
    verdictOf(Buffer.concat([pickle(array, 2).subarray(0, -1), ...data, bytes('.')]));
  /** Five bytes that are an array to joblib, and to the scanner a literal that holds what follows. */
  const attack = Buffer.concat([bytes('N0'), pickle(SYSTEM, 0).subarray(0, -1)]);
  const literal = bytes(`B${String.fromCharCode(attack.length)}\0\0\0`);

  test('texts of another length than the type says', async () => {
    const text = (size: number): Pickled => ({
      make: Wrapper,
      with: [],
      state: state(numpyType('U100', 8, size), [1]),
    });
    const data = Buffer.concat([bytes('\xff\xff\xff\xff0'), attack, Buffer.alloc(400)]).subarray(0, 400);
    expect(await follows(text(4), data)).toBe('unsafe');
    expect(await follows(text(400), Buffer.alloc(400, 0xff))).toBe('safe');
    const structures = (size: number): Pickled => ({
      make: Wrapper,
      with: [],
      state: state(numpyType('V8', 0, size), [5]),
    });
    expect(await follows(structures(8), Buffer.alloc(40, 0xff))).toBe('safe');
    expect(await follows(structures(1), Buffer.alloc(40, 0xff))).toBe('unsafe');
  });

  test('an array that is made in another way', async () => {
    const made = (value: Pickled): Pickled => ({
      call: global('copyreg', '_reconstructor'),
      with: [value, global('builtins', 'object'), null],
      state: state(numpyType('u1'), [5]),
    });
    expect(await follows(made(Wrapper), literal, attack)).toBe('unsafe');
    expect(await follows(made(null), literal, attack)).not.toBe('safe');
  });

  test.each<[string, Pickled, Pickled]>([
    ['padding that is no number', 'numpy_array_alignment_bytes', 'yes'],
    ['a key that is computed', call('builtins', 'str', 'shape'), tuple(0)],
  ])('%s', async (_, key, value) => {
    const array: Pickled = { make: Wrapper, with: [], state: state(numpyType('u1'), [5], [key, value]) };
    expect(await follows(array, Buffer.alloc(5))).not.toBe('safe');
  });
});

test('what is an array to joblib is no program to another loader', async () => {
  const wrapper = (code: string, flags: number, sides: number[]): Pickled => ({
    make: global('joblib.numpy_pickle', 'NumpyArrayWrapper'),
    with: [],
    state: {
      dict: [
        ['shape', { tuple: sides }],
        ['dtype', numpyType(code, flags)],
      ],
    },
  });
  /** A list of two texts, which are entries 1 and 2 of the memo, and of an array, without a frame and up to its bytes. */
  const before = (array: Pickled) => {
    const whole = pickle(['os', 'system', array], 4);
    return Buffer.concat([whole.subarray(0, 2), whole.subarray(11, -2)]);
  };
  const numbers = before(wrapper('f8', 0, [5]));
  const program = Buffer.concat([bytes('h\x01h\x02\x93\x8c\x02id\x85R.'), Buffer.alloc(40)]).subarray(0, 40);
  const long = Buffer.concat([bytes('B\xff\xff\0\0'), Buffer.alloc(35)]);
  const nested = bytes('\x80\x04\x8c\x0bcollections\x94\x8c\x0bcollections\x94\x8c\x0bOrderedDict\x94h\x01h\x02\x93.');
  expect(await verdictOf(Buffer.concat([numbers, Buffer.alloc(40), bytes('e.')]))).toBe('safe');
  expect(await verdictOf(Buffer.concat([numbers, program, bytes('e.')]))).toBe('unsafe');
  expect(await verdictOf(Buffer.concat([before(wrapper('O8', 63, [1])), nested, bytes('e.')]))).toBe('unsafe');
  expect(
    await verdictOf(Buffer.concat([numbers, long, bytes('(X\xff\xff\x01\0'), Buffer.alloc(131_071), bytes('1e.')])),
  ).toBe('unknown');
});

test.each(PROTOCOLS)('pickles as bytes of pickles, in protocol %i', async (protocol) => {
  const inner = pickle([call('os', 'system', 'id')], protocol);
  expect(await verdictOf(pickle([inner], protocol))).toBe('unsafe');
  expect(await verdictOf(pickle([pickle([inner], protocol)], protocol))).toBe('unsafe');
  expect(await verdictOf(pickle([pickle([1, 'os', 'system'], protocol)], protocol))).toBe('safe');
  const long = Buffer.concat([inner, Buffer.alloc(protocol === 0 ? 100 : 100_000)]);
  expect(await verdictOf(pickle([long], protocol))).toBe('unsafe');
  const deep = Array.from({ length: 12 }).reduce<Buffer>((bytes) => Buffer.from(pickle(bytes, protocol)), inner);
  expect(await verdictOf(deep)).not.toBe('safe');
});

test('a huge pickle of small values is followed, in memory in proportion', async () => {
  const many = pickle(
    Array.from({ length: 100_000 }, (_, index): Pickled => tuple(`word${index}`, index)),
    4,
  );
  const before = process.memoryUsage().arrayBuffers;
  expect(await verdictOf(many)).toBe('safe');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * many.length + 16 * 2 ** 20);
});
