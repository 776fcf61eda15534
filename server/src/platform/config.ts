/** Settings of a process, read once from the environment and what it points at; a wrong one stops the start with a sentence that names it. */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type DirectoryConfig, directorySchema, readDirectory } from './directory-config.ts';
import { readRedisUrl } from './redis-url.ts';
import { readSecrets } from './secrets.ts';
import { isTimeZone } from './time.ts';
import { readTracing, type TracingConfig, tracingSchema } from './tracing-config.ts';

const secretKeyLengthMin = 32;
const Port = z.coerce.number().int().min(0).max(65535);
const Url = z.url();
const PostgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must start with postgres://' });
const Currency = z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters, such as USD');

/** Every setting: the check against `.env.example` reads this schema. */
function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

/** A key may hold anything but the end of a line. */
function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter(Boolean);
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && text.startsWith('http');
}

export const settingsSchema = z.object({
  PORT: Port.default(9000),
  HOST: z.string().min(1).optional(),
  TRUSTED_PROXIES: z.string().default(''),
  EMBED_ORIGINS: z
    .string()
    .default('')
    .refine(
      (text) => listOf(text).every(isOrigin),
      'must be origins such as https://app.example.com, separated by commas',
    ),
  DATABASE_URL: PostgresUrl.optional(),
  DATABASE_DIRECT_URL: PostgresUrl.optional(),
  DATABASE_REPLICA_URL: PostgresUrl.optional(),
  DATABASE_REPLICA_LAG_SECONDS: z.coerce.number().int().min(1).max(3600).default(30),
  DATABASE_POOL_MAX: z.coerce.number().int().min(4).max(200).default(12),
  REDIS_URL: z
    .string()
    .refine(
      (url) => readRedisUrl(url) !== undefined,
      'must be like redis://localhost:6379 or redis-cluster://a:6379,b:6379',
    )
    .optional(),
  SLUICE_PRESET: z.enum(['cn']).optional(),
  SLUICE_MODE: z.enum(['sandbox', 'live']).default('sandbox'),
  SLUICE_SECRET_KEY: z
    .string()
    .min(secretKeyLengthMin, `must have at least ${secretKeyLengthMin} characters`)
    .optional(),
  SLUICE_SECRET_KEY_PREVIOUS: z
    .string()
    .default('')
    .refine(
      (text) => linesOf(text).every((key) => key.length >= secretKeyLengthMin),
      `must be keys of at least ${secretKeyLengthMin} characters, one a line`,
    ),
  SLUICE_PUBLIC_URL: Url.optional(),
  SLUICE_DATA_DIR: z.string().min(1).default('.sluice'),
  SLUICE_AUDIT_DIR: z.string().min(1).optional(),
  SLUICE_BACKUP_DIR: z.string().min(1).optional(),
  SLUICE_BACKUP_EVERY_HOURS: z.coerce.number().int().min(1).max(168).default(24),
  SLUICE_BACKUP_KEEP: z.coerce.number().int().min(1).max(1000).default(7),
  SLUICE_ADMIN_EMAIL: z.email().optional(),
  SLUICE_ADMIN_PASSWORD: z.string().min(8, 'must have at least 8 characters').optional(),
  SLUICE_USAGE_CURRENCY: Currency.optional(),
  SLUICE_CURRENCY: Currency.optional(),
  SLUICE_TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'must be an IANA time zone, such as Asia/Shanghai')
    .optional(),
  SLUICE_MAIL_FROM: z.string().min(3).default('Sluice <no-reply@localhost>'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must start with smtp:// or smtps://' })
    .optional(),
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]{20,}$/, 'must be a token of BotFather, such as 123456:ABC-DEF…')
    .optional(),
  SLUICE_PRIVATE_UPSTREAMS: z.string().default(''),
  SLUICE_DRAIN_DELAY: z.coerce.number().int().min(0).max(300).default(0),
  SLUICE_MIGRATE_ON_START: z.enum(['true', 'false']).default('true'),
  ...directorySchema,
  ...tracingSchema,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export interface BackupConfig {
  directory: string;
  /** A new whole copy is made when the newest is older. */
  everyHours: number;
  /** Whole copies that stay. */
  keep: number;
}

export interface Config {
  port: number;
  host: string;
  trustedProxies: string[];
  /** Whose pages may show a pay page within their own. */
  embedOrigins: string[];
  databaseUrl: string | undefined;
  databaseDirectUrl: string | undefined;
  /** Where long reads go that decide no money. */
  databaseReplicaUrl: string | undefined;
  databaseReplicaLagMaxMs: number;
  databasePoolMax: number;
  /** Where rate limits are shared by all processes; without it each process keeps its own. */
  redisUrl: string | undefined;
  preset: 'cn' | undefined;
  mode: 'sandbox' | 'live';
  secretKey: string | undefined;
  /** They open what was sealed before, or by a server that was changed already. */
  secretKeysBeside: string[];
  publicUrl: string;
  dataDir: string;
  /** Where archived months of the audit log and the anchors of its chains are written. */
  auditDir: string;
  /** Where backups go, if anywhere. */
  backup: BackupConfig | undefined;
  adminEmail: string | undefined;
  adminPassword: string | undefined;
  /** Currency of model prices, allowances and wallets. */
  usageCurrency: string;
  /** Currency of a package or plan that names none. */
  currency: string;
  timeZone: string;
  locale: 'en' | 'zh-CN';
  mailFrom: string;
  smtpUrl: string | undefined;
  /** Of the bot that tells notices in Telegram; the sandbox's own in sandbox mode. */
  telegramBotToken: string | undefined;
  /** Hosts in private networks that a channel may name in live mode. */
  privateUpstreams: string[];
  /** How long a stopping process goes on serving while it says that it is not ready. */
  drainDelayMs: number;
  /** Whether `serve` brings the schema up to date, or waits until somebody else has. */
  migratesOnStart: boolean;
  /** The directory of `LDAP_URL`; without it operators may set one up in the console. */
  directory: DirectoryConfig | undefined;
  /** Where calls are traced to; undefined: they are not. */
  tracing: TracingConfig | undefined;
  logLevel: string;
}

/** A setting is wrong; the message names it and says what it must be. */
export class ConfigError extends Error {}

/**
 * Reads the settings.
 * @throws ConfigError naming every wrong setting.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const secrets = readSecrets(environment);
  if (secrets.problems.length > 0) throw wrong(secrets.problems);
  const present = Object.fromEntries(
    Object.entries(secrets.values).filter(([, value]) => value !== ''),
  );
  const parsed = settingsSchema.safeParse(present);
  if (!parsed.success) {
    const sentences = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}: ${issue.message}`,
    );
    throw wrong(sentences);
  }
  const values = parsed.data;
  if (values.SLUICE_MODE === 'live') requireLive(values);
  const directory = readDirectory(values);
  if (directory && 'problems' in directory) throw wrong(directory.problems);
  const chinese = values.SLUICE_PRESET === 'cn';
  return {
    port: values.PORT,
    host: values.HOST ?? (values.SLUICE_MODE === 'sandbox' ? '127.0.0.1' : '0.0.0.0'),
    trustedProxies: listOf(values.TRUSTED_PROXIES),
    embedOrigins: listOf(values.EMBED_ORIGINS),
    databaseUrl: values.DATABASE_URL,
    databaseDirectUrl: values.DATABASE_DIRECT_URL ?? values.DATABASE_URL,
    databaseReplicaUrl: values.DATABASE_REPLICA_URL,
    databaseReplicaLagMaxMs: values.DATABASE_REPLICA_LAG_SECONDS * 1000,
    databasePoolMax: values.DATABASE_POOL_MAX,
    redisUrl: values.REDIS_URL,
    preset: values.SLUICE_PRESET,
    mode: values.SLUICE_MODE,
    secretKey: values.SLUICE_SECRET_KEY,
    secretKeysBeside: linesOf(values.SLUICE_SECRET_KEY_PREVIOUS),
    publicUrl: (values.SLUICE_PUBLIC_URL ?? `http://localhost:${values.PORT}`).replace(/\/+$/, ''),
    dataDir: resolve(values.SLUICE_DATA_DIR),
    auditDir: resolve(values.SLUICE_AUDIT_DIR ?? join(values.SLUICE_DATA_DIR, 'audit')),
    backup: readBackup(values),
    adminEmail: values.SLUICE_ADMIN_EMAIL,
    adminPassword: values.SLUICE_ADMIN_PASSWORD,
    usageCurrency: values.SLUICE_USAGE_CURRENCY ?? 'USD',
    currency: values.SLUICE_CURRENCY ?? (chinese ? 'CNY' : 'USD'),
    timeZone: values.SLUICE_TIME_ZONE ?? (chinese ? 'Asia/Shanghai' : 'UTC'),
    locale: chinese ? 'zh-CN' : 'en',
    mailFrom: values.SLUICE_MAIL_FROM,
    smtpUrl: values.SMTP_URL,
    telegramBotToken: values.TELEGRAM_BOT_TOKEN,
    privateUpstreams: values.SLUICE_PRIVATE_UPSTREAMS.split(',')
      .map((part) => part.trim().toLowerCase())
      .filter(Boolean),
    drainDelayMs: values.SLUICE_DRAIN_DELAY * 1000,
    migratesOnStart: values.SLUICE_MIGRATE_ON_START === 'true',
    directory: directory?.directory,
    tracing: readTracing(values),
    logLevel: values.LOG_LEVEL,
  };
}

function readBackup(values: z.infer<typeof settingsSchema>): BackupConfig | undefined {
  if (values.SLUICE_BACKUP_DIR === undefined) return undefined;
  return {
    directory: resolve(values.SLUICE_BACKUP_DIR),
    everyHours: values.SLUICE_BACKUP_EVERY_HOURS,
    keep: values.SLUICE_BACKUP_KEEP,
  };
}

function wrong(sentences: readonly string[]): ConfigError {
  return new ConfigError(`Correct these settings, then start again. ${sentences.join('; ')}.`);
}

function requireLive(values: z.infer<typeof settingsSchema>): void {
  const needed = ['SLUICE_SECRET_KEY', 'SLUICE_PUBLIC_URL'] as const;
  const missing = needed.filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    throw new ConfigError(`Live mode needs ${missing.join(' and ')}: set them, then start again.`);
  }
}
