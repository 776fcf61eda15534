/** A language model of every dialect that answers at once. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, answerAt, eventCount } from './answers.ts';
import { announcePart } from './process.ts';

const server = createServer((request, response) => {
  const { url = '' } = request;
  const answer = answerAt(url);
  let isStream = url.includes(':stream');
  request.on('data', (chunk: Buffer) => {
    isStream ||= chunk.includes('"stream":true');
  });
  request.on('end', () => {
    if (!answer) response.writeHead(404).end();
    else if (isStream) stream(response, answer);
    else {
      const { whole } = answer;
      const headers = { 'content-type': 'application/json', 'content-length': whole.length };
      response.writeHead(200, headers).end(whole);
    }
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  announcePart((server.address() as AddressInfo).port, async () => undefined);
});

/** One write per event, each on its own turn of the loop, so that they travel as they would from a real one. */
function stream(response: ServerResponse, { first, delta, last }: Answer): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  const next = () => {
    if (sent === eventCount) {
      response.end(last);
      return;
    }
    response.write(sent === 0 ? first + delta : delta);
    sent += 1;
    setImmediate(next);
  };
  next();
}
