/** Forms of text that are credentials whatever they are called. None matches a reference: those hold `<`, `{` or an ARN. */
const FORMS: readonly (readonly [name: string, form: RegExp])[] = [
  ['an AWS access key id', /(?<!\w)(AKIA|ASIA)[A-Z0-9]{16}(?!\w)/],
  ['an API key (sk-...)', /(?<![\w-])sk-[\w-]{16,}/],
  ['a Hugging Face token', /(?<![\w-])hf_[A-Za-z0-9]{16,}/],
  ['a GitHub token', /(?<![\w-])(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/],
  ['a Slack token', /(?<![\w-])xox[abprs]-[\w-]{10,}/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a signed token (JWT)', /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/],
  ['a URL with a password', /:\/\/[^\s/:@]+:[^\s/:@<{$][^\s/@]*@/],
  [
    'a password or token within a text',
    /(?<![a-z])(password|passwd|pwd|token|api_?key|secret)=(?!arn:)[^\s;&<{$]{6,}/i,
  ],
];

/** Names under which a credential is kept. Not SECRET alone, which is mostly a name, nor the tokens of a language model. */
const NAMES =
  /(password|passwd|passphrase|client_?secret|secret_?key|secret_?access_?key|api_?key|private_?key|(^|hf|hub|hugging_?face|github|gitlab|access|auth|api|bearer|refresh|bot)_?token)$/i;

/** What a text looks like, if it looks like a credential. */
export function credentialIn(text: string): string | undefined {
  return FORMS.find(([, form]) => form.test(text))?.[0];
}

/** Whether a variable of this name is meant to hold a credential. */
export function namesCredential(name: string): boolean {
  return NAMES.test(name);
}

/** Whether a text could be a credential at all, and not a flag, a number, a path or a name of something that holds one. */
export function mayBeCredential(text: string): boolean {
  return text.length >= 6 && !/^(true|false|[\d.]+|arn:.*|.*[\s/<{$].*)$/is.test(text);
}
