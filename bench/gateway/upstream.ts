/** A language model that answers at once: a short text, or a stream of it in as many events as a real one would send. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { announcePart } from './process.ts';

const events = 20;
const usage = { prompt_tokens: 12, completion_tokens: events, total_tokens: 12 + events };
const frame = { id: 'chatcmpl-bench', created: 1_760_000_000, model: 'gpt-4o-mini' };
const content = 'The quick brown fox jumps over the lazy dog, twice. ';

const answer = JSON.stringify({
  ...frame,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage,
});
const event = (fields: object) =>
  `data: ${JSON.stringify({ ...frame, object: 'chat.completion.chunk', ...fields })}\n\n`;
const delta = event({
  choices: [{ index: 0, delta: { content: ' fox' }, finish_reason: null }],
  usage: null,
});
const last = event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null });
const end = `${event({ choices: [], usage })}data: [DONE]\n\n`;

const server = createServer((request, response) => {
  let isStream = false;
  request.on('data', (chunk: Buffer) => {
    isStream ||= chunk.includes('"stream":true');
  });
  request.on('end', () => {
    if (isStream) stream(response);
    else {
      const headers = { 'content-type': 'application/json', 'content-length': answer.length };
      response.writeHead(200, headers).end(answer);
    }
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  announcePart((server.address() as AddressInfo).port, async () => undefined);
});

/** One write per event, each on its own turn of the loop, so that they travel as they would from a real one. */
function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  const next = () => {
    if (sent === events) {
      response.write(last);
      response.end(end);
      return;
    }
    sent += 1;
    response.write(delta);
    setImmediate(next);
  };
  next();
}
