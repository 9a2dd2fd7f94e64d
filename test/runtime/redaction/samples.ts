/** A text with one entity between guillemets. */
export interface Sample {
  readonly type: string;
  /** `«value»` is what is to be found. */
  readonly text: string;
  /** The same with a wrong check digit, a character less, or without the word that names it: nothing is found in it. */
  readonly miss: string;
}

const row = (type: string, text: string, miss: string): Sample => ({ type, text, miss });

/** Random-looking characters that belong to nobody. */
const hexadecimal = '9f3ac81be07d6254aa1c0de7b35f8e20'.repeat(3);
const mixed = 'aB3dE5fG7hJ9kL2mN4pQ6rS8tU1vW0xYz'.repeat(8);
const digits = '8305729146'.repeat(3);
const cut = (length: number, text = mixed) => text.slice(0, length);

/** Written so that no scanner of repositories takes the samples for secrets of ours. */
const mark = (...parts: string[]) => parts.join('');

/** Numbers that their own form and check digits tell, and what has to be named. */
export const NUMBERS: readonly Sample[] = [
  row('CARD', 'paid with «4111 1111 1111 1111» today', 'paid with 4111 1111 1111 1112 today'),
  row('CARD', 'paid with «4111-1111-1111-1111» today', 'paid with 4111-1111-1111-1121 today'),
  row('CARD', 'paid with «5555555555554444» today', 'paid with 5555555555554445 today'),
  row('CARD', 'paid with «3782 822463 10005» today', 'paid with 3782 822463 10006 today'),
  row('CARD', 'paid with «6011000990139424» today', 'paid with 6011000990139425 today'),
  row('CARD', 'paid with «2223003122003222» today', 'paid with 2223003122003223 today'),
  row('CARD', 'paid with «3530111333300000» today', 'paid with 3530111333300001 today'),
  row('CARD', 'my card is «4222222222222»', 'the item is 4222222222222'),
  row('IBAN', 'to «DE89 3704 0044 0532 0130 00» please', 'to DE89 3704 0044 0532 0130 01 please'),
  row('IBAN', 'to «GB82WEST12345698765432» please', 'to GB82WEST12345698765433 please'),
  row('IBAN', 'to «fr1420041010050500013m02606» please', 'to fr1420041010050500013m02607 please'),
  row('IBAN', 'to «CH93 0076 2011 6238 5295 7» or cash', 'to CH93 0076 2011 6238 5295 8 or cash'),
  row('IBAN', 'to «MT84MALT011000012345MTLCAST001S» please', 'to MT84MALT011000012345MTLCAST001T please'),
  row('IBAN', '/accounts/«GB82WEST12345698765432»/balance', '/accounts/GB82WEST12345698765433/balance'),
  row('ROUTING_NUMBER', 'routing number «021000021»', 'routing number 021000022'),
  row('BANK_ACCOUNT', 'account number «12345678»', 'amounts: 12345678'),
  row('BIC', 'SWIFT «DEUTDEFF500»', 'SHIPS DEUTDEFF500'),
  row('US_SSN', 'it is «536-90-4399»', 'it is 666-90-4399'),
  row('US_SSN', 'ssn «536904399»', 'sum 536904399'),
  row('US_SSN', 'SSN «536.90.4399»', 'SSN 666.90.4399'),
  row('US_ITIN', 'it is «912-71-1234»', 'it is 912-69-1234'),
  row('UK_NINO', 'it is «AB 12 34 56 C»', 'it is BG 12 34 56 C'),
  row('UK_NINO', 'it is «AB-12-34-56-C»', 'it is AB-12-3456-C'),
  row('UK_NINO', 'national insurance «QQ 12 34 56 T»', 'natural gas QQ 12 34 56 T'),
  row('UK_NHS', 'NHS «123 456 7881»', 'NHS 123 456 7882'),
  row('DE_TAX_ID', 'Steuer-ID «86 095 742 719»', 'Steuer-ID 86 095 742 718'),
  row('DE_ID_CARD', 'Personalausweis «T220001293»', 'Personalausweis T220001294'),
  row('FR_NIR', 'sa carte «1 84 12 76 451 089 46»', 'son code 1 84 12 76 451 089 47'),
  row('FR_NIR', 'num «1-84-12-76-451-089-46»', 'num 1-84-12-76-451-089-47'),
  row('FR_NIR', 'it ends with «1 84 12 76 451 089 46».', 'it ends with 1 84 12 76 451 089 46.5'),
  row('FR_NIR', 'num «184122A45108970»'.replace('184122A45108970', nir('184122A451089')), 'num 184122A45108999'),
  row('IT_CODICE_FISCALE', 'codice «RSSMRA85T10A562S»', 'codice RSSMRA85T10A562T'),
  row('IT_CODICE_FISCALE', 'codice «RSS MRA 85T10 A562S»', 'codice RSS MRA 85T10 A562T'),
  row('IT_CODICE_FISCALE', 'codice «RSSMRA85T10A56NH»', 'codice RSSMRA85T10A56NI'),
  row('ES_DNI', 'DNI «12.345.678 Z»', 'DNI 12.345.678 A'),
  row('ES_DNI', 'es «12345678Z»', 'es 12345678A'),
  row('ES_DNI', 'es «X-1234567-L»', 'es X-1234567-M'),
  row('NL_BSN', 'BSN «111222333»', 'BSN 111222334'),
  row('NL_BSN', 'BSN «111 222 333»', 'BSN 111 222 334'),
  row('BE_RRN', 'nr «85.07.30-033.28»', 'nr 85.07.30-033.29'),
  row('BE_RRN', 'rijksregister «85073003328»', 'rijksregister 85073003329'),
  row('BE_RRN', 'num\u00e9ro national «85073003328»', 'num\u00e9ro 85073003328'),
  row('PL_PESEL', 'PESEL «44051401359»', 'PESEL 44051401358'),
  row('PT_NIF', 'NIF «123456789»', 'NIF 123456788'),
  row('SE_PERSONNUMMER', 'nr «811228-9874»', 'nr 811228-9875'),
  row('SE_PERSONNUMMER', 'personnummer «198112289874»', 'personnummer 198112289875'),
  row('FI_HETU', 'nr «131052-308T»', 'nr 131052-308U'),
  row('FI_HETU', 'nr: «131052-3140»', 'nr: 131052-3142'),
  row('DK_CPR', 'CPR «150761-4285»', 'CPR 153261-4285'),
  row('NO_FNR', 'f\u00f8dselsnummer «15076500565»', 'f\u00f8dselsnummer 15076500566'),
  row('CH_AHV', 'nr «756.9217.0769.85»', 'nr 756.9217.0769.84'),
  row('IN_AADHAAR', 'nr «2341 2341 2346»', 'nr 2341 2341 2347'),
  row('IN_AADHAAR', 'of «2341 2341 2346» is', 'of 2341 2341 2347 is'),
  row('IN_AADHAAR', 'Aadhaar «234123412346»', 'Aadhaar 234123412347'),
  row('IN_PAN', 'nr «ABCPD1234F»', 'nr ABCXD1234F'),
  row('BR_CPF', 'nr «529.982.247-25»', 'nr 529.982.247-26'),
  row('BR_CPF', 'CPF «52998224725»', 'CPF 52998224726'),
  row('BR_CPF', 'CPF «529982247-25»', 'CPF 529982247-26'),
  row('BR_CPF', 'CPF «529 982 247 25»', 'CPF 529 982 247 26'),
  row('BR_CNPJ', 'nr «11.222.333/0001-81»', 'nr 11.222.333/0001-82'),
  row('BR_CNPJ', 'CNPJ «11222333000181»', 'CNPJ 11222333000182'),
  row('CA_SIN', 'SIN «046 454 286»', 'SIN 046 454 287'),
  row('AU_TFN', 'TFN «123 456 782»', 'TFN 123 456 783'),
  row('AU_MEDICARE', 'Medicare «2123 45670 1»', 'Medicare 2123 45680 1'),
  row('SG_NRIC', 'nr «S1234567D»', 'nr S1234567E'),
  row('CN_RESIDENT_ID', 'nr «11010519491231002X»', 'nr 11010519491231003X'),
  row('KR_RRN', 'nr: «900101-1234568»', 'nr: 900101-1234569'),
  row('KR_RRN', 'resident registration «900101-1234560»', 'resident registration 901301-1234560'),
  row('TR_KIMLIK', 'kimlik «12345678950»', 'kimlik 12345678951'),
  row('IL_ID', 'Teudat Zehut «123456782»', 'Teudat Zehut 123456783'),
  row('ZA_ID', 'ID number «8001015009087»', 'ID number 8001015009088'),
  row('TH_ID', 'nr «1-1017-00203-45-0»', 'nr 1-1017-00203-45-1'),
  row('HK_ID', 'nr «A123456(3)»', 'nr A123456(4)'),
  row('CL_RUT', 'nr «12.345.678-5»', 'nr 12.345.678-6'),
  row('AR_CUIT', 'nr «20-12345678-6»', 'nr 20-12345678-7'),
  row('MX_CURP', 'nr «GODE561231HDFRRN09»', 'nr GODE561331HDFRRN09'),
  row('RO_CNP', 'CNP «1960212123458»', 'CNP 1960212123459'),
  row('BG_EGN', 'EGN «7523169263»', 'EGN 7523169264'),
  row('HR_OIB', 'OIB «69435151530»', 'OIB 69435151531'),
  row('GR_AMKA', 'AMKA «01018012342»', 'AMKA 01018012343'),
  row('EE_LT_ID', 'isikukood «47605012345»', 'isikukood 47605012346'),
  row('CZ_RODNE_CISLO', 'nr «736028/5163»', 'nr 736028/5164'),
  row('AT_SVNR', 'SVNR «1237 010180»', 'SVNR 1237 010181'),
  row('AU_ABN', 'ABN «51 824 753 556»', 'ABN 51 824 753 557'),
  row('PASSPORT', 'passport no «C01X00T47»', 'part no C01X00T47'),
  row('DRIVER_LICENSE', "driver's license «F1628235»", 'number plate F1628235'),
  row('CRYPTO', 'send to «1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa» now', 'send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb now'),
  row('CRYPTO', 'send to «3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy» now', 'send to 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz now'),
  row('CRYPTO', 'to «bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq»', 'to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp'),
  row(
    'CRYPTO',
    'to «bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr»',
    'to bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcq',
  ),
  row(
    'SECRET',
    'use «5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ»',
    'use 5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTK',
  ),
];

function nir(body: string): string {
  return body + String(97n - (BigInt(body.replace('2A', '19')) % 97n)).padStart(2, '0');
}

/** Addresses of people and machines. */
export const CONTACTS: readonly Sample[] = [
  row('EMAIL', 'write to «jane.doe+list@mail.acme.org».', 'write to jane.doe at acme.org.'),
  row('EMAIL', 'write to «christopher-montgomery-smithson@acme.org».', 'write to @acme.org.'),
  row('EMAIL', '<«j\u00fcrgen@b\u00fccher.example.ch»>', '<j\u00fcrgen@b\u00fccher>'),
  row('URL', 'his site is «https://www.acme.org/».', 'his site is https://www.example.com/.'),
  row('EMAIL', '?to=«jane.doe%40acme.org»&x=1', '?to=jane.doe%41acme.org&x=1'),
  row('EMAIL', '- one\n-«jane.doe@acme.org»', '-@acme.org'),
  row('IP', 'addr:«2001:db8:85a3::8a2e:370:7334»', 'addr:2001:db8:85a3:8a2e:370:7334'),
  row('MAC', 'mac:«00:1b:63:84:45:e6»', 'mac:00:1b:63:84:45'),
  row('IP', 'from «86.121.97.248» port 22', 'from 86.121.97.256 port 22'),
  row('IP', 'from «2001:db8:85a3::8a2e:370:7334»', 'from 2001:db8:85a3:8a2e:370:7334'),
  row('IP', 'from «fe80:0:0:0:204:61ff:fe9d:f156»', 'std::vector a::b 12:33:10'),
  row('MAC', 'at «00:1b:63:84:45:e6»', 'at 00:1b:63:84:45'),
  row('PHONE', '«+41 44 668 18 00»', '4/41 44'),
];

/** What opens something, by its maker's mark. */
export const SECRETS: readonly Sample[] = (
  [
    [
      mark('-----BEGIN RSA PRIVATE ', `KEY-----\nMIIE${cut(60)}\n${cut(64)}\nab==\n-----END RSA PRIVATE `, 'KEY-----'),
      '-----BEGIN PUBLIC KEY-----',
    ],
    [
      mark('-----BEGIN PRIVATE ', `KEY-----\\nMIIE${cut(60)}\\n${cut(20)}\\n-----END PRIVATE `, 'KEY-----'),
      '-----BEGIN CERTIFICATE-----',
    ],
    [mark('-----BEGIN PRIVATE ', `KEY-----\n${cut(64)}\n${cut(64)}`), '-----BEGIN PRIVATE PARTS-----'],
    [mark('AK', 'IAQ3EGUZT5KD7MWX2B'), 'AKIAQ3EGUZT5KD7MWX2'],
    [mark('AI', `za${cut(35)}`), mark('AI', `za${cut(34)}`)],
    [mark('ya', `29.${cut(60)}`), 'ya29.short'],
    [mark('GOC', `SPX-${cut(28)}`), 'GOCSPX-short'],
    [mark('gh', `p_${cut(36)}`), mark('gh', `p_${cut(35)}`)],
    [mark('github', `_pat_${cut(60)}`), 'github_pat_short'],
    [mark('gl', `pat-${cut(20)}`), 'glpat-short'],
    [mark('xo', `xb-${digits.slice(0, 12)}-${digits.slice(0, 12)}-${cut(24)}`), 'xoxb-short'],
    [mark('xa', `pp-1-A0B1C2D3E-${digits.slice(0, 12)}-${hexadecimal.slice(0, 64)}`), 'xapp-1-A0'],
    [mark('https://hooks.slack', `.com/services/T0123/B0123/${cut(24)}`), 'https://hooks.slack.com/docs'],
    [mark('https://discord', `.com/api/webhooks/${digits.slice(0, 18)}/${cut(68)}`), 'https://discord.com/api/docs'],
    [mark('sk', `_live_${cut(24)}`), 'sk_lively_song'],
    [mark('whs', `ec_${cut(32)}`), 'whsec_short'],
    [mark('sk-', `ant-api03-${cut(93)}`), 'sk-ant-hill'],
    [mark('sk-', `proj-${cut(48)}`), 'sk-learn-contrib-imbalanced-metrics'],
    [mark('h', `f_${cut(34)}`), 'hf_short'],
    [mark('gs', `k_${cut(52)}`), 'gsk_short'],
    [mark('r', `8_${cut(37)}`), 'r8_short'],
    [mark('np', `m_${cut(36)}`), 'npm_config_registry'],
    [mark('py', `pi-AgE${cut(90)}`), 'pypi-AgEnt'],
    [mark('rub', `ygems_${hexadecimal.slice(0, 48)}`), 'rubygems_org'],
    [mark('dck', `r_pat_${cut(27)}`), 'dckr_pat_short'],
    [mark('do', `p_v1_${hexadecimal.slice(0, 64)}`), 'dop_v1_short'],
    [mark('S', `G.${cut(22)}.${cut(43)}`), 'SG.short.text'],
    [mark('ke', `y-${hexadecimal.slice(0, 32)}`), 'key-value-store'],
    [mark('shp', `at_${hexadecimal.slice(0, 32)}`), 'shpat_short'],
    [mark('hv', `s.${cut(24)}`), 'hvs.short'],
    [mark(cut(14), '.atlas', `v1.${cut(64)}`), 'x.atlasv1.y'],
    [mark('lin', `_api_${cut(40)}`), 'lin_api_short'],
    [mark('AGE-SECRET', `-KEY-1${cut(58).toUpperCase()}`), 'AGE-SECRET-KEY-short'],
    [mark('da', `pi${hexadecimal.slice(0, 32)}`), 'dapifer'],
    [mark('sq', `0atp-${cut(22)}`), 'sq0atp-short'],
    [mark('EA', `A${cut(120)}`), 'EAAshort'],
    [mark('NR', `AK-${cut(27).toUpperCase()}`), 'NRAK-short'],
    [mark(digits.slice(0, 10), `:AA${cut(33)}`), '12345:AAshort'],
    [mark('fig', `d_${cut(40)}`), 'figd_short'],
    [mark(cut(3), `8Q~${cut(31)}`), 'x8Q~short'],
    [mark('FwoG', `ZXIvYXdz${cut(150)}`), 'FwoGZXIvYXdzshort'],
    [mark('AT', `ATT3${cut(60)}`), 'ATATT3short'],
    [mark('gl', `sa_${cut(32)}`), 'glsa_short'],
    [mark('dt0', `c01.${cut(24)}.${cut(64)}`), 'dt0c01.short'],
    [mark('ey', `JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${cut(43)}`), 'eyJhbGciOiJIUzI1NiJ9'],
  ] as const
).map(([secret, miss]) => row('SECRET', `it is «${secret}» so`, `it is ${miss} so`));

/** What opens something, by the word before it. */
export const NAMED_SECRETS: readonly Sample[] = [
  row('SECRET', `aws_key = «${cut(40)}»`, 'aws service: applyImportedAliasPermissionsToPrincipal'),
  row('SECRET', `AccountKey=«${cut(86)}==»;`, 'AccountKeys=short;'),
  row(
    'SECRET',
    `https://x.blob.core.windows.net/a?sv=1&sig=«${cut(44)}»`,
    'https://x.blob.core.windows.net/a?sv=1&sig=short',
  ),
  row('SECRET', `twilio: «${mark('S', `K${hexadecimal.slice(0, 32)}`)}»`, `twirl: SK${hexadecimal.slice(0, 32)}`),
  row('SECRET', 'postgres://admin:«s3cr3t-pw»@db.internal:5432/x', 'postgres://db.internal:5432/x'),
  row('SECRET', 'redis://:«p@ss:w0rd»@cache', 'redis://cache:6379'),
  row('SECRET', `Authorization: Bearer «${cut(40)}»`, 'a basic troubleshooting-information page'),
  row('SECRET', 'password: «Tr0ub4dor&3»', 'password: required'),
  row('SECRET', '{"password":"«hunter2x»"}', '{"password":"<PASSWORD>"}'),
  row('SECRET', 'my password is: «Tr0ub4dor&3»', 'my password is: unchanged'),
  row('SECRET', 'DB_PASS=«Tr0ub4dor&3»', 'TRESPASS=Tr0ub4dor&3'),
  row('SECRET', 'mysql --password «Tr0ub4dor&3»', 'mysql --password --user root1'),
  row('SECRET', '<password>«Tr0ub4dor&3»</password>', '<password>hidden</password>'),
  row('SECRET', 'passphrase "«Tr0ub4dor&3»"', 'phrase "Tr0ub4dor&3"'),
  row('SECRET', 'Passwort: «Tr0ub4dor&3»', 'Passwort: geheim'),
  row('SECRET', 'mot de passe : «Tr0ub4dor&3»', 'mot de passe : perdu'),
  row('SECRET', 'contrase\u00f1a: «Tr0ub4dor&3»', 'contrase\u00f1a: olvidada'),
  row('SECRET', 'DB_PASSWORD=«letmein»', 'password = getPassword()'),
  row('SECRET', "api_key: '«abc123def456»'", 'api_key: process.env.KEY'),
  row('SECRET', 'the token is «9f3ac81be07d»', 'the token is well-known'),
];

export const SAMPLES: readonly Sample[] = [...NUMBERS, ...CONTACTS, ...SECRETS, ...NAMED_SECRETS];

/** A sample without its guillemets, and where its entity stands. */
export function marked({ text }: Sample): { text: string; start: number; end: number } {
  const start = text.indexOf('«');
  return { text: text.replace(/[«»]/g, ''), start, end: text.indexOf('»') - 1 };
}
