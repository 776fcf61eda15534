/** A customer's and an operator's questions over HTTP, one after the other, as a page or a script asks them. */
import { Client } from 'undici';
import { announcePart } from '../gateway/process.ts';

export interface Question {
  port: number;
  token: string;
  paths: string[];
}

export interface Answered {
  /** From sending to the last byte, of each path in its turn. */
  tookMs: number[];
  bytes: number;
}

async function read({ port, token, paths }: Question): Promise<Answered> {
  const client = new Client(`http://127.0.0.1:${port}`);
  const answered: Answered = { tookMs: [], bytes: 0 };
  for (const path of paths) {
    const startedMs = performance.now();
    const answer = await client.request({
      method: 'GET',
      path,
      headers: { authorization: `Bearer ${token}` },
    });
    const bytes = await answer.body.bytes();
    answered.tookMs.push(performance.now() - startedMs);
    if (answer.statusCode !== 200)
      throw new Error(`${path}: ${answer.statusCode} ${Buffer.from(bytes)}`);
    answered.bytes += bytes.length;
  }
  await client.close();
  return answered;
}

announcePart(0, read);
