// node run-handler.cjs FOLDER HANDLER ARN < event: calls the handler as Lambda does and prints one RESULT line on stderr.
const dns = require('node:dns');
const path = require('node:path');

// The SDK puts a bucket's name in front of the host; not every resolver knows that all of .localhost is loopback (RFC 6761).
const { lookup } = dns;
dns.lookup = (host, ...rest) => lookup(host.endsWith('.localhost') ? 'localhost' : host, ...rest);

const [folder, handler, invokedFunctionArn] = process.argv.slice(2);
const [file, name] = handler.split('.');

async function main() {
  const chunks = [];
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
  }
  const context = {
    awsRequestId: 'local-request',
    functionName: path.basename(folder),
    invokedFunctionArn,
    getRemainingTimeInMillis: () => 15 * 60_000 - process.uptime() * 1000,
  };
  try {
    const result = await require(path.join(folder, file))[name](JSON.parse(Buffer.concat(chunks)), context);
    answer({ result });
  } catch (error) {
    answer({ error: { name: error.name, code: error.code, message: error.message } });
  }
}

function answer(value) {
  process.stderr.write(`\nRESULT ${JSON.stringify(value)}\n`);
}

main();
