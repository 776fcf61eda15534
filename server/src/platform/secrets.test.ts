import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError, readConfig, settingsSchema } from './config.ts';
import { readSecrets, secretSettings } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-secrets-'));
const secret = 'a secret that is long enough to seal with';

afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A command that says `text` and ends with `code`. */
function saying(text: string, code = 0): string {
  const script = `process.stdout.write(${JSON.stringify(text)}); process.exitCode = ${code}`;
  return `"${process.execPath}" --eval '${script}'`;
}

describe('secretSettings', () => {
  test('are settings, and all whose names say that they hold a password, a key or an account', () => {
    const addressesWithoutAccounts = ['SLUICE_PUBLIC_URL', 'LDAP_URL'];
    const telling = Object.keys(settingsSchema.shape).filter((name) =>
      /_(URL|KEY|KEY_PREVIOUS|PASSWORD|SECRET|TOKEN|HEADERS)$/.test(name),
    );
    expect([...secretSettings, ...addressesWithoutAccounts].sort()).toEqual(telling.sort());
  });
});

describe('readSecrets', () => {
  test.each(secretSettings)('takes %s from a file and from a command', (name) => {
    const path = fileWith(name, `${secret}\n`);
    expect(readSecrets({ [`${name}_FILE`]: path }).values[name]).toBe(secret);
    const { values, problems } = readSecrets({ [`${name}_COMMAND`]: saying(`${secret}\n`) });
    expect({ value: values[name], problems }).toEqual({ value: secret, problems: [] });
  });

  test('takes only the final newline away', () => {
    const path = fileWith('spaces', ' one\ntwo \n\n');
    expect(readSecrets({ SMTP_URL_FILE: path }).values.SMTP_URL).toBe(' one\ntwo \n');
    const windows = fileWith('windows', 'one\r\n');
    expect(readSecrets({ SMTP_URL_FILE: windows }).values.SMTP_URL).toBe('one');
  });

  test('leaves what is given by itself, and takes empty names for unset', () => {
    const given = { SMTP_URL: 'smtp://a', SMTP_URL_FILE: '', REDIS_URL_COMMAND: '' };
    expect(readSecrets(given)).toEqual({ values: given, problems: [] });
  });

  test('splits a command as a shell would, and lets no shell read it', () => {
    const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    const command = `'${process.execPath}' --eval '${script}' -- a\\ b "c \\"d\\" 'e'"f'g'  '' $HOME;|>`;
    const { values } = readSecrets({ SMTP_URL_COMMAND: command });
    expect(JSON.parse(values.SMTP_URL ?? '')).toEqual(['a b', `c "d" 'e'fg`, '', '$HOME;|>']);
  });

  test('cuts a command off that does not end', () => {
    const command = `'${process.execPath}' --eval 'setTimeout(() => {}, 60_000)'`;
    expect(readSecrets({ SMTP_URL_COMMAND: command }, 300).problems).toEqual([
      'SMTP_URL_COMMAND: the command did not end within 0.3 seconds',
    ]);
  });

  test('gives the command the environment, where its own settings are', () => {
    const command = `'${process.execPath}' --eval 'process.stdout.write(process.env.VAULT_ADDR)'`;
    const environment = { VAULT_ADDR: 'https://vault.example.com', SMTP_URL_COMMAND: command };
    expect(readSecrets(environment).values.SMTP_URL).toBe('https://vault.example.com');
  });
});

describe('readConfig with secrets elsewhere', () => {
  test('starts live mode with a key from a file and a database from a command', () => {
    const config = readConfig({
      SLUICE_MODE: 'live',
      SLUICE_PUBLIC_URL: 'https://pay.example.com',
      SLUICE_SECRET_KEY_FILE: fileWith('key', `${secret}\n`),
      DATABASE_URL_COMMAND: saying('postgres://sluice@db/sluice'),
    });
    expect(config.secretKey).toBe(secret);
    expect(config.databaseDirectUrl).toBe('postgres://sluice@db/sluice');
  });

  const wrong: [string, Record<string, string>, string][] = [
    [
      'a setting that is given twice',
      { SMTP_URL: `smtp://u:${secret}@m`, SMTP_URL_FILE: '/nowhere' },
      'SMTP_URL and SMTP_URL_FILE: give only one of them',
    ],
    [
      'a setting that is given in two other ways',
      { SMTP_URL_FILE: '/nowhere', SMTP_URL_COMMAND: 'true' },
      'SMTP_URL_FILE and SMTP_URL_COMMAND: give only one of them',
    ],
    [
      'a missing file',
      { REDIS_URL_FILE: join(folder, 'missing') },
      'REDIS_URL_FILE: the file cannot be read (ENOENT)',
    ],
    ['a folder', { REDIS_URL_FILE: folder }, 'REDIS_URL_FILE: the file cannot be read (EISDIR)'],
    [
      'an empty file',
      { SLUICE_SECRET_KEY_FILE: fileWith('empty', '\n') },
      'SLUICE_SECRET_KEY_FILE: the file is empty',
    ],
    [
      'a command that does not exist',
      { DATABASE_URL_COMMAND: `no-such-program ${secret}` },
      'DATABASE_URL_COMMAND: the command cannot be run (ENOENT)',
    ],
    [
      'a command that fails after it spoke',
      { DATABASE_URL_COMMAND: saying(secret, 3) },
      'DATABASE_URL_COMMAND: the command failed (exit code 3)',
    ],
    [
      'a silent command',
      { DATABASE_URL_COMMAND: saying('\n') },
      'DATABASE_URL_COMMAND: the command said nothing',
    ],
    [
      'a command that says too much',
      { DATABASE_URL_COMMAND: saying(secret.repeat(2_000)) },
      'DATABASE_URL_COMMAND: the command said more than 65536 bytes',
    ],
    [
      'a quotation mark that is left open',
      { DATABASE_URL_COMMAND: `vault kv get 'secret` },
      'DATABASE_URL_COMMAND: a quotation mark in the command is not closed',
    ],
    [
      'an empty command',
      { DATABASE_URL_COMMAND: ' ' },
      'DATABASE_URL_COMMAND: the command is empty',
    ],
    [
      'a secret of the wrong shape',
      { DATABASE_URL_COMMAND: saying(secret) },
      'DATABASE_URL: must start with postgres://',
    ],
  ];

  test.each(wrong)(
    'refuses %s by its name, and does not print the secret',
    (_, given, sentence) => {
      const reading = () => readConfig(given);
      expect(reading).toThrow(ConfigError);
      expect(reading).toThrow(sentence);
      expect(reading).not.toThrow(secret);
    },
  );

  test('names every wrong one at once', () => {
    const given = { REDIS_URL_FILE: '/nowhere', SMTP_URL_COMMAND: 'false' };
    expect(() => readConfig(given)).toThrow(/REDIS_URL_FILE: .*; SMTP_URL_COMMAND: /);
  });
});
