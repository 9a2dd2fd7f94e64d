import * as fs from 'node:fs';
import { formatOf, Positions, positionOf, type TemplatePath } from '../../../lib/analysis';
import { Folder } from './folder';

const JSON_TEXT = `{
  "Resources": {
    "Bucket": {
      "Type": "AWS::S3::Bucket",
      "Properties": { "Tags": [
        { "Key": "a" },
        { "Key": "b" }
      ], "Name": { "Ref": "P" } }
    }
  }
}`;

const YAML_TEXT = `Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      Tags:
        - Key: a
        - Key: b
      Name: !Ref P
      Sub: !Sub
        - x\${y}
        - y: 1
      Same: &same
        In: 1
      Other: *same
`;

const folder = new Folder();

const IN = ['Resources', 'Bucket', 'Properties'];

describe.each([
  ['json', JSON_TEXT],
  ['yaml', YAML_TEXT],
] as const)('in %s', (format, text) => {
  /** The text from a position to the end of its line. */
  const at = (...path: TemplatePath) => {
    const { line, column } = positionOf(text, format, path);
    return text.split('\n')[line - 1].slice(column - 1);
  };

  test('a path leads to its key, or to the item of a list', () => {
    expect(at('Resources', 'Bucket')).toMatch(/^"?Bucket/);
    expect(at(...IN, 'Tags', 1)).toMatch(/^(\{ )?"?Key"?: "?b/);
    expect(at(...IN, 'Tags', '1', 'Key')).toMatch(/^"?Key"?: "?b/);
  });

  test('a path that ends early leads to the deepest part that is there', () => {
    expect(at(...IN, 'Absent', 'More')).toMatch(/^"?Properties/);
    expect(at(...IN, 'Tags', 7)).toMatch(/^"?Tags/);
    expect(positionOf(text, format, ['constructor'])).toEqual({ line: 1, column: 1 });
    expect(positionOf(text, format, [])).toEqual({ line: 1, column: 1 });
  });

  test('a path into a function ends at it', () => {
    expect(at(...IN, 'Name', 'Deeper')).toMatch(/^"?Name/);
  });
});

test('a path into a short form follows its long form, and one into an alias what it stands for', () => {
  expect(positionOf(YAML_TEXT, 'yaml', [...IN, 'Sub', 'Fn::Sub', 1, 'y'])).toEqual({ line: 11, column: 11 });
  expect(positionOf(YAML_TEXT, 'yaml', [...IN, 'Other', 'In'])).toEqual({ line: 13, column: 9 });
});

test('malformed and hostile text has its start', () => {
  for (const text of ['', '{', '['.repeat(20_000), '%', 'a: *b']) {
    expect(positionOf(text, formatOf('x', text), ['a', 'b']).line).toBe(1);
  }
});

test('a file is read once for all that is asked of it', () => {
  const file = folder.write('t.json', JSON_TEXT);
  const positions = new Positions();
  expect(positions.of(file, ['Resources', 'Bucket'])).toEqual({ line: 3, column: 5 });
  fs.writeFileSync(file, '{}');
  expect(positions.of(file, ['Resources'])).toEqual({ line: 2, column: 3 });
  expect(new Positions().of(file, ['Resources'])).toEqual({ line: 1, column: 1 });
});

test('a thousand places in a template of 2 MB are found in well under a second', () => {
  const Resources = Object.fromEntries(
    Array.from({ length: 8_000 }, (_, index) => [
      `R${index}`,
      { Type: 'A::B::C', Properties: { Value: 'x'.repeat(200) } },
    ]),
  );
  const file = folder.write('large.json', JSON.stringify({ Resources }, undefined, 1));
  const positions = new Positions();
  const started = process.cpuUsage();
  for (let index = 0; index < 8_000; index += 8) {
    expect(positions.of(file, ['Resources', `R${index}`, 'Properties', 'Value']).line).toBe(6 * index + 6);
  }
  expect(process.cpuUsage(started).user / 1_000).toBeLessThan(1_000);
});
