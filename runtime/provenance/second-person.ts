import { PalisadeError } from '../errors';

/**
 * The person behind a name that AWS or a request gives, so that two names of one person are seen to be one.
 *
 * It is the last part in lower case, without a subaddress (RFC 5233): the session
 * `arn:aws:sts::111122223333:assumed-role/Approver/Jane+ai@example.com` is `jane@example.com`. Empty for no name.
 */
export function personOf(name: string): string {
  const last = name.split('/').at(-1) ?? '';
  return last
    .trim()
    .toLowerCase()
    .replace(/\+[^@]*@/, '@');
}

/** The people behind names; names of nobody are left out. */
export function peopleOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(personOf).filter((person) => person !== ''));
}

/**
 * Holds that whoever approved did not ask. Every name of the one side is compared with every name of the other, so
 * that a second name of the same person does not make a second person.
 *
 * Throws PALISADE-R101 when one side is unknown, PALISADE-R102 when a person is on both.
 */
export function requireSecondPerson(requesterNames: readonly string[], approverNames: readonly string[]): void {
  const requesters = peopleOf(requesterNames);
  const approvers = peopleOf(approverNames);
  if (requesters.size === 0 || approvers.size === 0) {
    throw new PalisadeError({
      code: 'PALISADE-R101',
      where: requesters.size === 0 ? 'requester' : 'approver',
      problem: 'not known, so nobody can tell that two people agreed',
      fix: 'register through the training pipeline, and approve with a role session that names the person',
    });
  }
  for (const approver of approvers) {
    if (requesters.has(approver)) {
      throw new PalisadeError({
        code: 'PALISADE-R102',
        where: 'approver',
        problem: `${approver} requested the model and approved it`,
        fix: 'have a second person approve it',
      });
    }
  }
}

/** Holds that an approver is one of those who may. Throws PALISADE-R106. */
export function requireAppointed(approverNames: readonly string[], appointedNames: readonly string[]): void {
  const appointed = peopleOf(appointedNames);
  if (![...peopleOf(approverNames)].some((approver) => appointed.has(approver))) {
    throw new PalisadeError({
      code: 'PALISADE-R106',
      where: 'approver',
      problem: `${approverNames[0] ?? 'nobody'} may not approve models of this AI system`,
      fix: 'have one of the appointed approvers approve it, or appoint the person',
    });
  }
}
