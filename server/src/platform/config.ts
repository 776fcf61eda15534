/** Settings of a process, read once from the environment; a wrong one stops the start with a sentence that names it. */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type DirectoryConfig, directorySchema, readDirectory } from './directory-config.ts';
import { readRedisUrl } from './redis-url.ts';
import { isTimeZone } from './time.ts';

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
  SLUICE_SECRET_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
  SLUICE_PUBLIC_URL: Url.optional(),
  SLUICE_DATA_DIR: z.string().min(1).default('.sluice'),
  SLUICE_AUDIT_DIR: z.string().min(1).optional(),
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
  SLUICE_PRIVATE_UPSTREAMS: z.string().default(''),
  ...directorySchema,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export interface Config {
  port: number;
  host: string;
  trustedProxies: string[];
  /** Whose pages may show a pay page within their own. */
  embedOrigins: string[];
  databaseUrl: string | undefined;
  databaseDirectUrl: string | undefined;
  databasePoolMax: number;
  /** Where rate limits are shared by all processes; without it each process keeps its own. */
  redisUrl: string | undefined;
  preset: 'cn' | undefined;
  mode: 'sandbox' | 'live';
  secretKey: string | undefined;
  publicUrl: string;
  dataDir: string;
  /** Where archived months of the audit log and the anchors of its chains are written. */
  auditDir: string;
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
  /** Hosts in private networks that a channel may name in live mode. */
  privateUpstreams: string[];
  /** The directory of `LDAP_URL`; without it operators may set one up in the console. */
  directory: DirectoryConfig | undefined;
  logLevel: string;
}

/** A setting is wrong; the message names it and says what it must be. */
export class ConfigError extends Error {}

/**
 * Reads the settings.
 * @throws ConfigError naming every wrong setting.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== ''),
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
    databasePoolMax: values.DATABASE_POOL_MAX,
    redisUrl: values.REDIS_URL,
    preset: values.SLUICE_PRESET,
    mode: values.SLUICE_MODE,
    secretKey: values.SLUICE_SECRET_KEY,
    publicUrl: (values.SLUICE_PUBLIC_URL ?? `http://localhost:${values.PORT}`).replace(/\/+$/, ''),
    dataDir: resolve(values.SLUICE_DATA_DIR),
    auditDir: resolve(values.SLUICE_AUDIT_DIR ?? join(values.SLUICE_DATA_DIR, 'audit')),
    adminEmail: values.SLUICE_ADMIN_EMAIL,
    adminPassword: values.SLUICE_ADMIN_PASSWORD,
    usageCurrency: values.SLUICE_USAGE_CURRENCY ?? 'USD',
    currency: values.SLUICE_CURRENCY ?? (chinese ? 'CNY' : 'USD'),
    timeZone: values.SLUICE_TIME_ZONE ?? (chinese ? 'Asia/Shanghai' : 'UTC'),
    locale: chinese ? 'zh-CN' : 'en',
    mailFrom: values.SLUICE_MAIL_FROM,
    smtpUrl: values.SMTP_URL,
    privateUpstreams: values.SLUICE_PRIVATE_UPSTREAMS.split(',')
      .map((part) => part.trim().toLowerCase())
      .filter(Boolean),
    directory: directory?.directory,
    logLevel: values.LOG_LEVEL,
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
