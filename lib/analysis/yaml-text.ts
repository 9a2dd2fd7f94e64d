import type { CollectionTag, Document, Pair, Scalar, ScalarTag, Tags, YAMLMap } from 'yaml';
import { yamlPackage } from './lazily';
import { inTwo } from './values';

/** Functions with a short form (CloudFormation User Guide, "Intrinsic function reference" and "Rule functions"). */
const SHORT_FORMS = [
  ...['And', 'Base64', 'Cidr', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'Equals', 'FindInMap', 'ForEach'],
  ...['GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'RefAll', 'Select', 'Split', 'Sub'],
  ...['ToJsonString', 'Transform', 'ValueOf', 'ValueOfAll'],
];

/** How often aliases may stand for what they name: far more than a template needs, far less than a bomb makes. */
const MAX_ALIASES = 1000;

/** A fault in a text, with its offset. */
export interface SyntaxFault {
  readonly offset: number;
  readonly problem: string;
}

/**
 * Parses YAML as CloudFormation reads it: version 1.1 without timestamps, and every short form of a function as its
 * long form. Faults are in the result; throws RangeError for text that nests too deep for the parser.
 */
export function parseYaml(text: string): Document.Parsed {
  return yamlPackage().parseDocument(text, {
    version: '1.1',
    customTags: (tags) => [...plainTexts(), ...tags.filter((tag) => !isTimestamp(tag)), ...shortForms()],
    stringKeys: true,
    prettyErrors: false,
    // The parser's own check takes quadratic time; duplicateKey is linear.
    uniqueKeys: false,
  });
}

/** What the document holds, or the first fault in it. Throws RangeError as `parseYaml` does. */
export function valueOfYaml(document: Document.Parsed): { readonly value: unknown } | SyntaxFault {
  const [syntax] = [...document.errors, ...document.warnings];
  const fault = syntax ? { offset: syntax.pos[0], problem: plain(syntax.message) } : duplicateKey(document);
  if (fault) {
    return fault;
  }
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    if (error instanceof RangeError) {
      throw error;
    }
    // What parses and still has no value: aliases that stand for too much, or a merge of what is no map.
    return { offset: firstAliasOrMerge(document), problem: (error as Error).message };
  }
}

function firstAliasOrMerge(document: Document.Parsed): number {
  const { isAlias, isNode, isScalar, visit } = yamlPackage();
  let offset = 0;
  visit(document, (_, node) => {
    const found = isAlias(node) || (isScalar(node) && node.value === '<<');
    if (found && isNode(node)) {
      offset = node.range?.[0] ?? 0;
    }
    return found ? visit.BREAK : undefined;
  });
  return offset;
}

/** The parser also reports where its own stack ended. */
function plain(message: string): string {
  return message.includes('call stack') ? 'nests too deep' : message;
}

function duplicateKey(document: Document.Parsed): SyntaxFault | undefined {
  const { isScalar, visit } = yamlPackage();
  let fault: SyntaxFault | undefined;
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (isScalar(key) && seen.has(key.value)) {
          fault = { offset: key.range?.[0] ?? 0, problem: `the key ${JSON.stringify(key.value)} is there twice` };
          return visit.BREAK;
        }
        seen.add(isScalar(key) ? key.value : key);
      }
      return undefined;
    },
  });
  return fault;
}

/** The package goes further than YAML 1.1's types ask: `y` is no boolean and `089`, like an account id, no number. */
function plainTexts(): Tags {
  return [
    { tag: 'tag:yaml.org,2002:str', default: true, test: /^(?:[yYnN]|0\d*[89]\d*)$/, resolve: (text: string) => text },
  ];
}

function isTimestamp(tag: Tags[number]): boolean {
  return typeof tag === 'object' && 'tag' in tag && tag.tag === 'tag:yaml.org,2002:timestamp';
}

function shortForms(): (ScalarTag | CollectionTag)[] {
  const { Pair, Scalar, YAMLMap } = yamlPackage();
  const wrapped = (name: string, argument: unknown): YAMLMap => {
    const map = new YAMLMap<Scalar, unknown>();
    map.items.push(new Pair(new Scalar(name), argument) as Pair<Scalar, unknown>);
    return map;
  };
  return ['Ref', 'Condition', ...SHORT_FORMS].flatMap((name): (ScalarTag | CollectionTag)[] => {
    const long = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
    const argumentOf = (text: string) => (name === 'GetAtt' ? inTwo(text).filter((part) => part !== '') : text);
    return [
      { tag: `!${name}`, resolve: (text) => new Scalar({ [long]: argumentOf(text) }) },
      { tag: `!${name}`, collection: 'seq', resolve: (list) => wrapped(long, list) },
      { tag: `!${name}`, collection: 'map', resolve: (map) => wrapped(long, map) },
    ];
  });
}
