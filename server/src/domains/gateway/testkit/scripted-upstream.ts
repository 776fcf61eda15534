/** An upstream that answers what a test tells it to, byte for byte: for what the sandbox is too well-behaved to say. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Script = (response: ServerResponse, request: IncomingMessage, body: Buffer) => void;

export interface ScriptedUpstream {
  baseUrl: string;
  /** Bodies that arrived, oldest first. */
  bodies: Buffer[];
  script: Script;
  close(): Promise<void>;
}

export async function startScriptedUpstream(): Promise<ScriptedUpstream> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    upstream.bodies.push(body);
    upstream.script(response, request, body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream: ScriptedUpstream = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies: [],
    script: (response) => response.writeHead(500).end(),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return upstream;
}

/** Answers with a status and a JSON body. */
export function answers(
  status: number,
  body: object,
  headers: Record<string, string> = {},
): Script {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Answers with a stream of the given text. */
export function streams(...parts: string[]): Script {
  return async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of parts) {
      response.write(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
}

export const chunk = (content: string, rest: object = {}) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: null }], ...rest })}\n\n`;
export const usageChunk = (prompt: number, completion: number) =>
  `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: prompt, completion_tokens: completion } })}\n\n`;
export const end = 'data: [DONE]\n\n';
