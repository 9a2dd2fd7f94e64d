import * as fc from 'fast-check';
import { peopleOf, personOf, requireAppointed, requireSecondPerson } from '../../../runtime/provenance';

const JANE_SESSION = 'arn:aws:sts::111122223333:assumed-role/Approver/jane@example.com';
const code = (value: string) => expect.objectContaining({ code: value });
const part = fc.stringMatching(/^[a-z0-9.]{1,12}$/);

test.each([
  [JANE_SESSION, 'jane@example.com'],
  ['arn:aws:sts::111122223333:assumed-role/DataScientist/Jane@Example.com', 'jane@example.com'],
  ['arn:aws:iam::111122223333:user/team/jane@example.com', 'jane@example.com'],
  ['jane+models@example.com', 'jane@example.com'],
  ['  JANE@example.com ', 'jane@example.com'],
  ['', ''],
  ['role/', ''],
])('%p is the person %p', (name, person) => {
  expect(personOf(name)).toBe(person);
});

test('names of nobody name nobody', () => {
  expect(peopleOf(['', ' ', 'role/'])).toEqual(new Set());
});

test('no spelling of a name makes its person a second one', () => {
  fc.assert(
    fc.property(part, part, part, fc.boolean(), (name, role, tag, upper) => {
      const person = `${name}@example.com`;
      const other = `arn:aws:sts::111122223333:assumed-role/${role}/${name}+${tag}@example.com`;
      const spelled = upper ? other.toUpperCase() : other;
      expect(() => requireSecondPerson([person], [spelled])).toThrow(code('PALISADE-R102'));
      expect(() => requireSecondPerson([spelled], [person])).toThrow(code('PALISADE-R102'));
    }),
  );
});

test('two different people are two people', () => {
  fc.assert(
    fc.property(part, part, (one, other) => {
      fc.pre(one !== other);
      expect(() => requireSecondPerson([`${one}@example.com`], [`${other}@example.com`])).not.toThrow();
    }),
  );
});

test('one shared name among many is enough to refuse', () => {
  const requester = ['sam@example.com', 'arn:aws:sts::111122223333:assumed-role/Register/register-model'];
  expect(() => requireSecondPerson(requester, [JANE_SESSION, 'sam@example.com'])).toThrow(code('PALISADE-R102'));
  expect(() => requireSecondPerson(requester, [JANE_SESSION])).not.toThrow();
});

test.each([
  [[], [JANE_SESSION], 'requester'],
  [[''], [JANE_SESSION], 'requester'],
  [['sam@example.com'], [], 'approver'],
  [['sam@example.com'], [' '], 'approver'],
])('%p and %p: the %s is unknown', (requesters, approvers, where) => {
  expect(() => requireSecondPerson(requesters, approvers)).toThrow(
    expect.objectContaining({ code: 'PALISADE-R101', where }),
  );
});

test('only who was appointed may approve', () => {
  expect(() => requireAppointed([JANE_SESSION], ['Jane@example.com'])).not.toThrow();
  expect(() => requireAppointed([JANE_SESSION], ['mary@example.com'])).toThrow(code('PALISADE-R106'));
  expect(() => requireAppointed([], ['mary@example.com'])).toThrow(code('PALISADE-R106'));
  expect(() => requireAppointed([''], [''])).toThrow(code('PALISADE-R106'));
});
