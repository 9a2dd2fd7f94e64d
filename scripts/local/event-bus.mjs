// Stands for the default event bus: takes what functions put there, and keeps it. The scripts call what a rule would call.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

/** Starts it; resolves to the setting of SDK clients that leads to it, the events so far, and a function that stops it. */
export async function startEventBus() {
  const events = [];
  const server = createServer(async (request, response) => {
    const { Entries } = await json(request);
    events.push(
      ...Entries.map(({ Source, DetailType, Detail }) => ({
        source: Source,
        'detail-type': DetailType,
        detail: JSON.parse(Detail),
      })),
    );
    const answer = { FailedEntryCount: 0, Entries: Entries.map((_, index) => ({ EventId: `local-${index}` })) };
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  return { environment: { AWS_ENDPOINT_URL_EVENTBRIDGE: endpoint }, events, stop: () => server.close() };
}

/** Whether a deployed rule takes an event: each field that the pattern names has one of its values. */
export function takes({ EventPattern }, event) {
  const fits = (pattern, value) =>
    Array.isArray(pattern)
      ? pattern.some((allowed) => allowed === value)
      : Object.entries(pattern).every(([field, inner]) => fits(inner, value?.[field]));
  // Of which account an event is, the bus says.
  const { account: _, ...pattern } = EventPattern;
  return fits(pattern, event);
}
