/** Whether two e-mail addresses reach one person: `jane+owner@example.com` is Jane too (RFC 5233 subaddresses). */
export function samePerson(one: string, other: string): boolean {
  return mailbox(one) === mailbox(other);
}

function mailbox(address: string): string {
  return address.toLowerCase().replace(/\+[^@]*@/, '@');
}
