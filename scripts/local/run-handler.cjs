// node run-handler.cjs FOLDER HANDLER ARN, with a channel to its parent: loads the handler once, as an instance of Lambda does, and answers each
// event that comes by a message.
const dns = require('node:dns');
const path = require('node:path');

// The SDK puts a bucket's name in front of the host; not every resolver knows that all of .localhost is loopback (RFC 6761).
const { lookup } = dns;
dns.lookup = (host, ...rest) => lookup(host.endsWith('.localhost') ? 'localhost' : host, ...rest);

// Nobody waits days for what a handler does after days.
const ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0);
if (ahead > 0) {
  const { now } = Date;
  globalThis.Date = class extends Date {
    constructor(...time) {
      super(...(time.length > 0 ? time : [now() + ahead]));
    }

    static now() {
      return now() + ahead;
    }
  };
}

const [folder, handler, invokedFunctionArn] = process.argv.slice(2);
const [file, name] = handler.split('.');

process.on('message', async (event) => {
  const deadline = Date.now() + 15 * 60_000;
  const context = {
    awsRequestId: 'local-request',
    functionName: path.basename(folder),
    invokedFunctionArn,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  try {
    process.send({ result: await require(path.join(folder, file))[name](event, context) });
  } catch (error) {
    process.send({ error: { name: error.name, code: error.code, message: error.message } });
  }
});
