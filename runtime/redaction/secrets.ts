import type { Candidate, Recognizer } from './entity';
import { around } from './sight';

/** Bits a character that random text over its alphabet has, at least; words have fewer. */
const ENTROPY = 3.2;

/** Shannon's entropy of the characters, in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/** Words and names have neither digits nor capitals within. */
const UNLIKE_WORDS = /\d|[a-z][A-Z]/;

function isRandom({ value }: Candidate): boolean {
  return UNLIKE_WORDS.test(value) && entropy(value) >= ENTROPY;
}

/** What stands for a secret in a document, or takes it from somewhere else. */
const PLACEHOLDER =
  /^(?:[<${*.x]|your|example|changeme|null|none|true|false|undefined|process\.env|os\.environ|env\(|getenv|arn:)|passw|secret|token|credential|api_?key/i;

/** What follows the sign of an assignment. Between blanks it may be a word of a sentence, and has to look like what nobody says. */
function isAssigned({ text, value, start, end }: Candidate): boolean {
  const secret = value.replace(/[.!?]+$/, '');
  // A call, or a name within a list, is code that takes the secret from somewhere.
  if (PLACEHOLDER.test(secret) || secret.length < 6 || text[end] === '(' || secret.startsWith('[')) {
    return false;
  }
  const unlikeWords = /(?=.*[A-Za-z])(?=.*[0-9])|[!#$%^&*+=?~@|]|[a-z][A-Z].*[A-Z]/.test(secret);
  return (
    unlikeWords || (/[:=]["'`]?$/.test(text.slice(Math.max(0, start - 2), start)) && !'.['.includes(text[end] ?? ' '))
  );
}

/** `marks`, in small letters: at least one stands in each, at most so far from its ends. */
function token(
  marks: readonly string[],
  pattern: RegExp,
  accept?: Recognizer['accept'],
  { before, after } = { before: 64, after: 320 },
): Recognizer {
  return { type: 'SECRET', places: around(marks, before, after), pattern, accept };
}

/** Tokens that a prefix alone tells. */
function prefixed(prefixes: readonly string[], rest: string): Recognizer {
  const all = prefixes.map((prefix) => prefix.replace('.', '\\.')).join('|');
  return token(
    prefixes.map((prefix) => prefix.toLowerCase()),
    new RegExp(`(?<![\\w-])(?:${all})${rest}(?![A-Za-z0-9])`, 'g'),
  );
}

/** Line breaks of a key in PEM form, also as strings of programs write them. */
const BREAK = '(?:\\s|\\\\[rn])';
const LABEL = '(?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----';
/** Up to its end; of a key that is cut off, the lines that are left. */
const PEM = new RegExp(
  `-----BEGIN ${LABEL}(?:(?:[^-]|-(?!----))*-----END ${LABEL}|(?:${BREAK}{1,16}(?:[A-Za-z-]{4,12}: [^\\n\\\\]{1,80}|[A-Za-z0-9+/=]{32,}))*)`,
  'g',
);

/**
 * Keys and tokens, by the marks that their makers give them: a keyword that is cheap to look for, a pattern, and entropy where the
 * pattern is wide. The makers' documentation names the prefixes.
 */
export const SECRETS: readonly Recognizer[] = [
  token(['private key-----', 'private key block-----'], PEM, undefined, { before: 64, after: 1 << 16 }),
  token(['akia', 'asia', 'abia', 'acca'], /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])/g),
  token(
    ['aws', 'secret'],
    /(?:aws|secret)[\w .-]{0,24}[=:"' ]{1,6}(?<entity>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    (candidate) => /\d/.test(candidate.value) && isRandom(candidate),
  ),
  token(['aiza'], /(?<![\w-])AIza[\w-]{35}(?![\w-])/g),
  token(['ya29.'], /(?<![\w-])ya29\.[\w-]{20,512}/g),
  token(['gocspx'], /GOCSPX-[\w-]{28}/g),
  token(['accountkey', 'sharedaccesskey'], /(?:AccountKey|SharedAccessKey)=(?<entity>[A-Za-z0-9+/]{40,90}={0,2})/gi),
  token(['sig='], /[?&]sig=(?<entity>[\w%+/-]{32,128})/g, isRandom),
  token(['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], /(?<![\w-])gh[pousr]_[A-Za-z0-9]{36,255}/g),
  token(['github_pat_'], /github_pat_\w{22,255}/g),
  token(['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-'], /gl(?:pat|dt|rt|cbt|ptt)-[\w-]{20,64}/g),
  token(
    ['xoxb-', 'xoxa-', 'xoxp-', 'xoxe-', 'xoxo-', 'xoxr-', 'xoxs-'],
    /xox[abeoprs]-(?:\d{1,16}-){0,3}[A-Za-z0-9-]{10,255}/g,
  ),
  token(['xapp-'], /xapp-\d-[A-Z0-9]{6,16}-\d{8,16}-[a-f0-9]{32,128}/g),
  token(['hooks.slack.com'], /https:\/\/hooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9/]{20,128}/g),
  token(['discord'], /https:\/\/(?:\w{1,12}\.)?discord(?:app)?\.com\/api\/webhooks\/\d{10,24}\/[\w-]{40,128}/g),
  token(
    ['sk_', 'rk_', 'pk_', 'whsec_'],
    /(?<![\w-])(?:[srp]k_(?:live|test|prod)_[A-Za-z0-9]{10,255}|whsec_[A-Za-z0-9+/=]{24,128})/g,
  ),
  token(['sk-'], /(?<![\w-])sk-(?:proj-|svcacct-|admin-|or-v1-)?[\w-]{20,255}(?![\w-])/g, isRandom),
  token(['hf_'], /(?<![\w-])hf_[A-Za-z0-9]{30,64}(?![A-Za-z0-9])/g),
  token(['gsk_'], /(?<![\w-])gsk_[A-Za-z0-9]{40,64}/g),
  token(['r8_'], /(?<![\w-])r8_[A-Za-z0-9]{37}/g),
  token(['npm_'], /(?<![\w-])npm_[A-Za-z0-9]{36}/g),
  token(['pypi-'], /pypi-AgE[\w-]{50,512}/g),
  token(['rubygems_'], /rubygems_[a-f0-9]{48}/g),
  token(['dckr_pat_', 'dckr_oat_'], /dckr_[po]at_[\w-]{27,64}/g),
  token(['dop_v1_', 'doo_v1_', 'dor_v1_'], /do[opr]_v1_[a-f0-9]{64}/g),
  token(['sg.'], /(?<![\w.])SG\.[\w-]{16,32}\.[\w-]{32,64}(?![\w-])/g),
  token(['key-'], /(?<![\w-])key-[a-f0-9]{32}(?![\w-])/g),
  token(['twilio'], /(?<![\w-])(?:SK|AC)[a-f0-9]{32}(?![A-Za-z0-9])/g, undefined, { before: 160, after: 160 }),
  token(['shpat_', 'shpca_', 'shppa_', 'shpss_'], /(?<![\w-])shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/g),
  token(['hvs.', 'hvb.'], /(?<![\w.])hv[bs]\.[\w-]{24,300}(?![\w-])/g, isRandom),
  token(['atlasv1'], /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,80}/g),
  token(
    ['lin_api_', 'ntn_', 'secret_'],
    /(?<![\w-])(?:lin_api_[A-Za-z0-9]{40}|ntn_[A-Za-z0-9]{40,64}|secret_[A-Za-z0-9]{43})(?![A-Za-z0-9])/g,
  ),
  token(['age-secret-key-'], /AGE-SECRET-KEY-1[A-Z0-9]{58}/g),
  token(['dapi'], /(?<![\w-])dapi[a-f0-9]{32}(?:-\d)?(?![A-Za-z0-9])/g),
  token(['sq0'], /sq0(?:atp|csp)-[\w-]{22,43}/g),
  token(['eaa'], /(?<![\w-])EAA[A-Za-z0-9]{80,300}/g),
  token(['nrak', 'nrjs', 'nrii'], /NR(?:AK|JS|II)-[A-Za-z0-9]{19,40}/g),
  token([':aa'], /(?<!\d)\d{8,10}:AA[\w-]{33}(?![\w-])/g),
  token(['figd_'], /(?<![\w.])figd_[\w-]{40,64}/g),
  token(['8q~'], /(?<![\w~.-])[\w~.-]{3}8Q~[\w~.-]{31,34}(?![\w~.-])/g),
  token(['iqojb3jpz2lu', 'fwogzxivyxdz'], /(?:IQoJb3JpZ2lu|FwoGZXIvYXdz)[A-Za-z0-9+/%]{100,2048}={0,2}/g, undefined, {
    before: 0,
    after: 2100,
  }),
  prefixed(['ATATT3', 'ATBB', 'ABSK', 'AKCp', 'EZAK', 'PMAK-', 'HRKU-', 'FlyV1 '], '[\\w+/=-]{32,512}'),
  prefixed(
    ['glsa_', 'dp.pt.', 'pul-', 'sbp_', 'sntrys_', 'sntryu_', 'pscale_tkn_', 'pplx-', 'xai-'],
    '[\\w.+/=-]{32,512}',
  ),
  prefixed(['dt0c01.', 'tfp_', 'CCIPAT_', 'bkua_', 'CLOJARS_', 'SSWS '], '[\\w.-]{36,512}'),
  token(['eyj'], /(?<![\w.-])eyJ[\w-]{10,4096}\.eyJ[\w-]{10,8192}\.[\w-]{10,4096}/g, undefined, {
    before: 0,
    after: 18_000,
  }),
  token(
    ['://'],
    /:\/\/[^\s:@/"'<>]{0,64}:(?<entity>[^\s/"'<>]{3,128})(?=@[\w.-])/g,
    ({ value }) => !PLACEHOLDER.test(value),
  ),
  token(['bearer', 'basic'], /(?:bearer|basic) (?<entity>[A-Za-z0-9._~+/-]{16,2048}={0,2})/gi, isRandom, {
    before: 0,
    after: 2100,
  }),
  token(
    [
      'passw',
      'pass=',
      'passphrase',
      'kennwort',
      'mot de passe',
      'contrase',
      'pwd',
      'secret',
      'token',
      'api',
      'key',
      'credential',
    ],
    /(?:passwords?|passwd|passphrase|passwort|kennwort|mot de passe|contrase\u00f1a|(?<![a-z])pass(?==)|pwd|secrets?|secret[_-]?key|token|api[_-]?key|apikey|access[_-]?key|auth[_-]?key|client[_-]?secret|credentials?)(?:\\{0,2}["'`])?(?: ?[:=]{1,2}>? ?| is(?: ?: ?| )|(?<=pass(?:word|phrase|wd))(?: (?=["'`])|(?<=--[a-z-]{0,20}) |(?<=<[a-z_-]{0,24})>))(?:\\{0,2}["'`])?(?<entity>(?<=")[^"\n\\]{6,200}(?=\\{0,2}")|(?<=')[^'\n\\]{6,200}(?=\\{0,2}')|(?<=`)[^`\n\\]{6,200}(?=\\{0,2}`)|[^\s"'`,;<>(){}]{6,200})/gi,
    isAssigned,
  ),
];
