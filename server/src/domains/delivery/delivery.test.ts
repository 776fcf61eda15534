/** A mail leaves once its transaction has committed, is tried again while that fails, and is wiped when it ends. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { runJobsOnce } from '../jobs/index.ts';
import { attemptsMax, retryDelayMs } from './core/retry.ts';
import { deliveryJobs, queueMail } from './index.ts';

let db: TestDatabase;
let platform: TestPlatform;
let mailServer: MailServer;

beforeAll(async () => {
  db = await createTestDatabase();
  mailServer = await startMailServer();
});
beforeEach(async () => {
  await sql`delete from delivery_messages`.execute(db.database);
  mailServer.received.length = 0;
  mailServer.isRefusing = false;
  platform = testPlatform(db, { config: { smtpUrl: mailServer.url } });
});
afterAll(async () => {
  mailServer.server.close();
  await db.close();
});

interface MailServer {
  server: Server;
  url: string;
  received: string[];
  isRefusing: boolean;
}

/** Speaks as much SMTP as one mail needs. https://www.rfc-editor.org/rfc/rfc5321 */
async function startMailServer(): Promise<MailServer> {
  const server = createServer((socket) => {
    let text = '';
    let isBody = false;
    socket.on('error', () => undefined);
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      for (;;) {
        const end = text.indexOf(isBody ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const part = text.slice(0, end);
        text = text.slice(end + (isBody ? 5 : 2));
        if (isBody) {
          mail.received.push(part);
          isBody = false;
          socket.write('250 taken\r\n');
        } else if (part.startsWith('DATA')) {
          isBody = true;
          socket.write('354 go on\r\n');
        } else if (part.startsWith('MAIL') && mail.isRefusing) {
          socket.write('451 come back later\r\n');
        } else {
          socket.write('250 fine\r\n');
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const mail: MailServer = {
    server,
    url: `smtp://127.0.0.1:${port}`,
    received: [],
    isRefusing: false,
  };
  return mail;
}

async function queue(subject: string): Promise<void> {
  const context = testContext(platform);
  await inTransaction(context, (transaction) =>
    queueMail(context, transaction, {
      to: 'ada@example.com',
      subject,
      text: 'secret-link',
      html: '<p>secret-link</p>',
    }),
  );
}

async function messages() {
  const { rows } = await sql<{
    status: string;
    sealed_content: string | null;
    attempts: number;
    last_error: string | null;
    due_at: Date;
  }>`
    select status, sealed_content, attempts, last_error, due_at
    from delivery_messages
  `.execute(db.database);
  return rows;
}

const turn = () => runJobsOnce(platform, deliveryJobs(), { url: db.url });

/** The job of every minute, as the schedule would run it. */
async function minuteTurn(): Promise<void> {
  const job = deliveryJobs().find(({ name }) => name === 'delivery.send_due');
  await job?.run(testContext(platform), {});
}

describe('queueMail', () => {
  test('sends after the commit, and wipes what was said', async () => {
    await queue('Hello 你好');
    const [queued] = await messages();
    expect(queued?.sealed_content).not.toContain('secret-link');
    expect(mailServer.received).toEqual([]);
    await turn();
    expect(mailServer.received).toHaveLength(1);
    expect(mailServer.received[0]).toContain('To: ada@example.com');
    expect(mailServer.received[0]).toContain('secret-link');
    expect(await messages()).toEqual([
      expect.objectContaining({ status: 'sent', sealed_content: null, attempts: 1 }),
    ]);
  });

  test('sends nothing where the transaction failed', async () => {
    const context = testContext(platform);
    const failing = inTransaction(context, async (transaction) => {
      const mail = { to: 'ada@example.com', subject: 's', text: 't', html: 'h' };
      await queueMail(context, transaction, mail);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    await turn();
    expect(mailServer.received).toEqual([]);
    expect(await messages()).toEqual([]);
  });

  test('sends each mail once, however many turns there are at once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => queue(`Mail ${index}`)));
    await Promise.all([turn(), turn(), minuteTurn()]);
    expect(mailServer.received).toHaveLength(8);
  });
});

describe('a server that refuses', () => {
  test('is asked again later, and not before', async () => {
    mailServer.isRefusing = true;
    await queue('Later');
    await turn();
    const [message] = await messages();
    expect(message).toMatchObject({ status: 'queued', attempts: 1 });
    expect(message?.last_error).toContain('451');
    mailServer.isRefusing = false;
    await minuteTurn();
    expect(mailServer.received).toEqual([]);
    platform.clocks.advance('PT30S');
    await minuteTurn();
    expect(mailServer.received).toHaveLength(1);
    expect(await messages()).toEqual([expect.objectContaining({ status: 'sent', attempts: 2 })]);
  });

  test('is given up in the end, and the mail is wiped', async () => {
    mailServer.isRefusing = true;
    await queue('Never');
    await turn();
    for (let attempt = 1; attempt < attemptsMax; attempt += 1) {
      platform.clocks.advance('PT4H');
      await minuteTurn();
    }
    expect(await messages()).toEqual([
      expect.objectContaining({ status: 'failed', sealed_content: null, attempts: attemptsMax }),
    ]);
  });
});

describe('without a server', () => {
  test('mails stay queued, untried, until there is one', async () => {
    platform.config.smtpUrl = undefined;
    await queue('Waiting');
    await turn();
    expect(await messages()).toEqual([expect.objectContaining({ status: 'queued', attempts: 0 })]);
    platform.config.smtpUrl = mailServer.url;
    await minuteTurn();
    expect(mailServer.received).toHaveLength(1);
  });

  test('live mode says so once', async () => {
    const said: unknown[] = [];
    platform.config.smtpUrl = undefined;
    platform.config.mode = 'live';
    platform.log.error = (...words: unknown[]) => void said.push(words);
    const [job] = deliveryJobs();
    await job?.run(testContext(platform), { id: 'msg_1' });
    await job?.run(testContext(platform), { id: 'msg_2' });
    expect(said).toHaveLength(1);
  });
});

describe('retryDelayMs', () => {
  test('doubles up to four hours, then gives up', () => {
    expect([1, 2, 3, 11].map(retryDelayMs)).toEqual([30_000, 60_000, 120_000, 14_400_000]);
    expect(retryDelayMs(attemptsMax)).toBeUndefined();
  });
});
