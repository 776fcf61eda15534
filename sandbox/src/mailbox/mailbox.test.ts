import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox.ts';

let dataDir: string;
let sandbox: Sandbox;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-mailbox-'));
  sandbox = await startSandbox({ port: 0, smtpPort: 0, dataDir });
});

afterEach(async () => {
  await sandbox.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Speaks SMTP by hand: each command waits for the answer before it. Gives the last answer. */
async function sendMail(to: string, content: string[]): Promise<string> {
  const socket = connect(sandbox.smtpPort, '127.0.0.1');
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  const nextAnswer = async () => {
    for (;;) {
      const line = String((await answers.next()).value);
      if (line[3] !== '-') return line;
    }
  };
  await nextAnswer();
  for (const command of ['EHLO test', 'MAIL FROM:<sluice@localhost>', `RCPT TO:<${to}>`, 'DATA']) {
    socket.write(`${command}\r\n`);
    await nextAnswer();
  }
  socket.write(`${content.join('\r\n')}\r\n.\r\n`);
  const answer = await nextAnswer();
  socket.end('QUIT\r\n');
  await once(socket, 'close');
  return answer;
}

const plainMail = (to: string, subject: string, text: string) => [
  'From: Sluice <sluice@localhost>',
  `To: ${to}`,
  `Subject: ${subject}`,
  'Content-Type: text/plain; charset=utf-8',
  '',
  text,
];

async function list(to = '') {
  const answer = await fetch(`http://127.0.0.1:${sandbox.port}/sandbox/mailbox?to=${to}`);
  return ((await answer.json()) as { data: Record<string, unknown>[] }).data;
}

async function page(query: string, language = 'en') {
  const answer = await fetch(`http://127.0.0.1:${sandbox.port}/sandbox/mailbox${query}`, {
    headers: { accept: 'text/html', 'accept-language': language },
  });
  return { html: await answer.text(), headers: answer.headers };
}

describe('the mailbox', () => {
  test('shows mails newest first, by recipient in any case', async () => {
    await sendMail('Ann@example.com', plainMail('Ann@example.com', 'One', 'first'));
    await sendMail('bob@example.com', plainMail('bob@example.com', 'Two', 'http://h/?token=2'));
    await sendMail('ann@example.com', plainMail('ann@example.com', 'Three', 'third'));

    expect((await list()).map((mail) => mail.subject)).toEqual(['Three', 'Two', 'One']);
    expect((await list('ANN@example.com')).map((mail) => mail.subject)).toEqual(['Three', 'One']);
    expect((await list('bob@example.com'))[0]).toMatchObject({
      to: 'bob@example.com',
      html: null,
      links: ['http://h/?token=2'],
    });
  });

  test('keeps mails over a restart', async () => {
    await sendMail('ann@example.com', plainMail('ann@example.com', 'Kept', 'x'));
    await sandbox.close();
    sandbox = await startSandbox({ port: 0, smtpPort: 0, dataDir });
    expect((await list())[0]).toMatchObject({ subject: 'Kept' });
  });

  test('reads encoded subjects and both parts of a mail', async () => {
    await sendMail('ann@example.com', [
      'To: ann@example.com',
      'Subject: =?UTF-8?B?6aqM6K+B6YKu566x?=',
      'MIME-Version: 1.0',
      'Content-Type: multipart/alternative; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'plain',
      '--b',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<script>alert(1)</script><a href="https://h/?a=1&amp;b=2">go</a>',
      '--b--',
    ]);
    const [mail] = await list();
    expect(mail).toMatchObject({ subject: '验证邮箱', links: ['https://h/?a=1&b=2'] });
    expect(String(mail?.text).trim()).toBe('plain');

    const { html, headers } = await page('');
    expect(html).not.toContain('<script>');
    expect(html).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('has a page in the language of its reader', async () => {
    expect((await page('')).html).toContain('No mail yet');
    expect((await page('', 'zh-CN,zh;q=0.9')).html).toContain('还没有邮件');
    expect((await page('?lang=zh')).html).toContain('还没有邮件');
    expect((await page('?to=%3Cb%3E')).html).toContain('&lt;b&gt;');
  });

  test('refuses a mail beyond its size', async () => {
    const answer = await sendMail('ann@example.com', Array(11).fill('x'.repeat(1024 * 1024)));
    expect(answer).toMatch(/^552/);
    expect(await list()).toHaveLength(0);
  });

  test('is emptied on request', async () => {
    await sendMail('ann@example.com', plainMail('ann@example.com', 'Gone', 'x'));
    await fetch(`http://127.0.0.1:${sandbox.port}/sandbox/mailbox`, { method: 'DELETE' });
    expect(await list()).toHaveLength(0);
  });
});
