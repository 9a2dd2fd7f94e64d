const words = (text: string): string[] => text.trim().split(/\s+/);

const of = (module: string, names: string): string[] => words(names).map((name) => `${module} ${name}`);

/** Modules under the names that protocols 0 to 2 use (CPython, Lib/_compat_pickle.py), as Python 3 finds them. */
export const PYTHON_2_NAMES: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
  ['cPickle', 'pickle'],
  ['exceptions', 'builtins'],
  ['UserDict', 'collections'],
  ['UserList', 'collections'],
]);

/** Modules that others import, so that `torch.os.system` reaches them. */
export const REACHED: ReadonlySet<string> = new Set(
  words(
    'os sys subprocess builtins __builtin__ importlib ctypes socket shutil pty posix nt pickle _pickle marshal runpy webbrowser imp',
  ),
);

const NUMPY_CORE = ['numpy.core', 'numpy._core'];
const TORCH_TYPES =
  'Float Double Half BFloat16 Long Int Short Char Byte Bool ComplexFloat ComplexDouble QInt8 QInt32 QUInt8 QUInt4x2 QUInt2x4';

/**
 * Imports that make plain data whatever they are called with, so that any composition of them does.
 *
 * scikit-learn: estimators whose state is numbers and arrays in Python attributes; `BaseEstimator.__setstate__` compares
 * a version and fills `__dict__`. Trees, neighbours and kernels are left out: their compiled code trusts the indices in
 * their state. PyTorch: what a state dict needs (torch/_weights_only_unpickler.py lists the same functions).
 */
export const HARMLESS: ReadonlySet<string> = new Set([
  ...of(
    'builtins',
    'object bool int long float complex str bytes bytearray list tuple dict set frozenset slice range xrange Ellipsis NotImplemented',
  ),
  ...of('collections', 'OrderedDict defaultdict deque Counter'),
  ...of('datetime', 'datetime date time timedelta timezone'),
  ...of('copyreg', '_reconstructor __newobj__ __newobj_ex__'),
  ...of('_codecs', 'encode'),
  ...of('codecs', 'encode'),
  ...of('decimal', 'Decimal'),
  ...of('fractions', 'Fraction'),
  ...of('uuid', 'UUID'),
  ...of('types', 'SimpleNamespace'),
  ...of('array', 'array _array_reconstructor'),
  ...of('pathlib', 'Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath'),
  ...of('argparse', 'Namespace'),
  ...of(
    'numpy',
    `ndarray dtype matrix bool bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 intc uintc longlong ulonglong
     float16 float32 float64 longdouble float128 complex64 complex128 clongdouble str_ bytes_ void datetime64 timedelta64`,
  ),
  ...NUMPY_CORE.flatMap((core) => [
    ...of(`${core}.multiarray`, '_reconstruct scalar'),
    ...of(`${core}.numeric`, '_frombuffer'),
  ]),
  ...of(
    'numpy.dtypes',
    `BoolDType Int8DType Int16DType Int32DType Int64DType UInt8DType UInt16DType UInt32DType UInt64DType Float16DType
     Float32DType Float64DType Complex64DType Complex128DType StrDType BytesDType`,
  ),
  ...of('numpy.ma.core', 'MaskedArray _mareconstruct'),
  ...of(
    'torch',
    `${TORCH_TYPES.replaceAll(/(\S+)/g, '$1Storage')} Size device Tensor float16 float32 float64 bfloat16 int8 int16 int32 int64
     uint8 bool complex64 complex128 qint8 quint8 qint32 float half double long int short strided per_tensor_affine
     per_channel_affine sparse_coo channels_last contiguous_format`,
  ),
  ...of('torch.cuda', TORCH_TYPES.replaceAll(/(\S+)/g, '$1Storage')),
  ...of('torch.storage', 'UntypedStorage TypedStorage'),
  ...of(
    'torch._utils',
    '_rebuild_tensor _rebuild_tensor_v2 _rebuild_parameter _rebuild_qtensor _rebuild_sparse_tensor _rebuild_meta_tensor_no_storage',
  ),
  ...of('torch.nn.parameter', 'Parameter'),
  ...of('torch.serialization', '_get_layout'),
  ...of('joblib.numpy_pickle', 'NumpyArrayWrapper'),
  ...of('sklearn.externals.joblib.numpy_pickle', 'NumpyArrayWrapper'),
  ...of('sklearn.linear_model._base', 'LinearRegression'),
  ...of('sklearn.linear_model._ridge', 'Ridge RidgeClassifier'),
  ...of('sklearn.linear_model._coordinate_descent', 'Lasso ElasticNet'),
  ...of('sklearn.linear_model._logistic', 'LogisticRegression'),
  ...of('sklearn.preprocessing._data', 'StandardScaler MinMaxScaler MaxAbsScaler RobustScaler'),
  ...of('sklearn.preprocessing._label', 'LabelEncoder LabelBinarizer'),
  ...of('sklearn.naive_bayes', 'GaussianNB BernoulliNB MultinomialNB'),
  ...of('sklearn.pipeline', 'Pipeline'),
  ...of('sklearn.decomposition._pca', 'PCA'),
  ...of('sklearn.impute._base', 'SimpleImputer'),
]);

/** Top-level modules of Python 2.7 to 3.14 (Python documentation, "Python Module Index"; `sys.stdlib_module_names`). */
export const STANDARD_LIBRARY: ReadonlySet<string> = new Set(
  words(`
  __future__ _abc _aix_support _ast _asyncio _bisect _blake2 _bootsubprocess _bz2 _codecs
  _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _collections _collections_abc
  _colorize _compat_pickle _compression _contextvars _crypt _csv _ctypes _curses _curses_panel _datetime _dbm _decimal
  _elementtree _frozen_importlib _frozen_importlib_external _functools _gdbm _hashlib _heapq _hmac _imp _interpchannels
  _interpqueues _interpreters _io _ios_support _json _locale _lsprof _lzma _markupbase _md5 _msi _multibytecodec
  _multiprocessing _opcode _opcode_metadata _operator _osx_support _overlapped _pickle _posixshmem _posixsubprocess
  _py_abc _pydatetime _pydecimal _pyio _pylong _pyrepl _queue _random _remote_debugging _scproxy _sha1 _sha2 _sha256
  _sha3 _sha512 _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics _string _strptime _struct _suggestions
  _symtable _sysconfig _thread _threading_local _tkinter _tokenize _tracemalloc _types _typing _uuid _warnings _weakref
  _weakrefset _winapi _winreg _wmi _zoneinfo _zstd abc aifc annotationlib antigravity anydbm argparse array ast asynchat
  asyncio asyncore atexit audioop base64 bdb binascii binhex bisect bsddb builtins bz2 cProfile cStringIO calendar cgi
  cgitb chunk cmath cmd code codecs codeop collections colorsys commands compileall compiler compression concurrent
  configparser contextlib contextvars cookielib copy copyreg crypt csv ctypes curses dataclasses datetime dbhash dbm
  decimal difflib dircache dis distutils dl doctest dumbdbm dummy_thread dummy_threading email encodings ensurepip enum
  errno faulthandler fcntl filecmp fileinput fnmatch formatter fractions ftplib functools future_builtins gc gdbm
  genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac hotshot html htmlentitydefs htmllib http
  httplib idlelib ihooks imageop imaplib imghdr imp importlib imputil inspect io ipaddress itertools json keyword lib2to3
  linecache locale logging lzma macpath mailbox mailcap markupbase marshal math md5 mhlib mimetools mimetypes mimify mmap
  modulefinder msilib msvcrt multifile multiprocessing mutex netrc new nis nntplib nt ntpath nturl2path numbers opcode
  operator optparse os os2emxpath ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib popen2
  poplib posix posixfile posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri
  random re readline repr reprlib resource rexec rfc822 rlcompleter robotparser runpy sched secrets select selectors sets
  sgmllib sha shelve shlex shutil signal site sitecustomize smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre
  sre_compile sre_constants sre_parse ssl stat statistics statvfs string stringold stringprep strop struct subprocess
  sunau sunaudio symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios test textwrap this
  thread threading time timeit tkinter toaiff token tokenize tomllib trace traceback tracemalloc ttk tty turtle
  turtledemo types typing unicodedata unittest urllib urllib2 urlparse user usercustomize uu uuid venv warnings wave
  weakref webbrowser whichdb whrandom winreg winsound wsgiref xdrlib xml xmllib xmlrpc xmlrpclib zipapp zipfile zipimport
  zlib zoneinfo BaseHTTPServer Bastion CGIHTTPServer ConfigParser Cookie DocXMLRPCServer HTMLParser MimeWriter Queue
  ScrolledText SimpleHTTPServer SimpleXMLRPCServer SocketServer StringIO Tkinter Tix UserString`),
);

/** Packages, modules and functions outside the standard library that load, run, fetch or write something. */
export const DANGEROUS_PACKAGES: ReadonlySet<string> = new Set(
  words(`
  IPython aiofiles aiohttp billiard boto3 botocore cloudpickle commctrl dill docker execnet fabric
  fsspec git httpcore httplib2 httpx huggingface_hub invoke joblib jsonpickle loky mlflow
  paramiko pathos pexpect pip pkg_resources psutil ptyprocess pycurl pytest pywin32
  requests rpyc s3fs sarge setuptools sh smart_open trio twisted urllib3 websocket websockets
  werkzeug wheel win32api win32com win32process wget paddle.load ultralytics

  numpy.load numpy.save numpy.savez numpy.savetxt numpy.loadtxt numpy.genfromtxt numpy.fromfile numpy.fromregex
  numpy.memmap numpy.core.memmap numpy.DataSource numpy.open_memmap numpy.test numpy.info numpy.source numpy.lookfor
  numpy.vectorize numpy.apply_along_axis numpy.frompyfunc numpy.piecewise numpy.fromfunction numpy.apply_over_axes
  numpy.distutils numpy.f2py numpy.testing numpy._pytesttester numpy.ctypeslib numpy.lib.npyio numpy.lib._npyio_impl
  numpy.lib.format numpy.lib._datasource numpy.lib.utils numpy.compat numpy.core.records numpy.setup numpy.conftest
  numpy.ndarray.tofile numpy.ndarray.dump numpy.array_api numpy.core._methods numpy.polynomial numpy._core._methods

  pandas.eval pandas.io pandas.read_pickle pandas.read_csv pandas.read_json pandas.read_hdf pandas.read_sql pandas.core.computation
  pandas.DataFrame.query pandas.DataFrame.eval pandas.util.testing pandas.read_html pandas.read_xml pandas.read_excel

  scipy.io scipy.weave scipy._lib scipy.misc.common
  sklearn.utils._testing sklearn.externals.joblib sklearn.datasets sklearn.utils.fixes

  torch.load torch.save torch.compile torch.hub torch.jit torch.package torch.serialization torch.utils torch._dynamo
  torch._inductor torch.fx torch._export torch._functorch torch._higher_order_ops torch._ops torch.ops torch.classes torch._classes
  torch.distributed torch.multiprocessing torch.onnx torch.testing torch._testing torch.cuda torch.library torch._library
  torch._C torch._prims torch._lobpcg torch._guards torch._lazy torch._jit_internal torch._namedtensor_internals torch._sources
  torch._utils_internal torch.export torch.backends torch.profiler torch.autograd torch.overrides torch.random torch.quantization
  torch._weights_only_unpickler torch.from_file torch.storage._load_from_bytes torch.utils.cpp_extension torch.monitor
  torch.func torch.functional torch.mps torch.xpu torch.ao torch._logging torch._appdirs torch._deploy torch._subclasses
  torchvision.datasets torch_geometric

  tensorflow.io tensorflow.py_function tensorflow.numpy_function tensorflow.load_library tensorflow.load_op_library
  tensorflow.saved_model tensorflow.keras.models.load_model tensorflow.keras.utils tensorflow.python.platform
  tensorflow.python.lib.io tensorflow.python.ops.script_ops tensorflow.python.ops.gen_io_ops tensorflow.python.util
  tensorflow.raw_ops tensorflow.train.load_checkpoint tensorflow.python.framework.load_library
  keras.utils keras.src.utils keras.saving keras.src.saving keras.src.legacy.saving keras.models.load_model keras.layers.Lambda
  keras.layers.core.Lambda keras.src.layers.core.lambda_layer keras.config keras.src.backend.config keras.datasets
  keras.src.models.cloning keras.src.models.model.model_from_json tf_keras.src.utils tf_keras.src.layers.core.lambda_layer
  transformers.pipeline transformers.utils transformers.dynamic_module_utils transformers.tools transformers.agents
  xgboost.core._load_lib lightgbm.basic._load_lib onnxruntime.InferenceSession`),
);
