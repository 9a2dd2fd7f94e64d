// A model server for tests: echoes, counts slowly, fails, or dies, as it is told.
const http = require('node:http');
const fs = require('node:fs');

const [port, file] = process.argv.slice(2);
const weights = fs.readFileSync(file, 'utf8');

http
  .createServer(async (request, response) => {
    if (request.url === '/ping') {
      response.end();
      return;
    }
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    if (body.equals(Buffer.from('die'))) process.exit(3);
    if (body.equals(Buffer.from('fail'))) {
      response.writeHead(500).end('it failed');
      return;
    }
    response.setHeader('content-type', 'text/plain');
    response.setHeader('x-internal', 'stays inside');
    if (body.equals(Buffer.from('slow'))) {
      response.write('first ');
      response.on('close', () => fs.writeFileSync(`${file}.closed`, ''));
      return;
    }
    response.end(`${weights} ${request.method} ${request.url} ${request.headers.accept ?? ''} ${body}`);
  })
  .listen(Number(port), '127.0.0.1');
