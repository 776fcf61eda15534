/** What limits a key, between the form, where empty means none, and the wire, where null does. */
import type { Answer } from '../../api/call.ts';

type ApiKey = Answer<'listApiKeys'>['data'][number];

export interface LimitFields {
  rpm?: number | null;
  tpm?: number | null;
  concurrency?: number | null;
  capDay?: string;
  capMonth?: string;
  capTotal?: string;
  ipAllowlist?: string[];
  tags?: string[];
}

export function limitsOf(fields: LimitFields) {
  const cap = (text: string | undefined) => (text?.trim() ? text.trim() : null);
  const addresses = fields.ipAllowlist ?? [];
  return {
    rate_limits: {
      rpm: fields.rpm ?? null,
      tpm: fields.tpm ?? null,
      concurrency: fields.concurrency ?? null,
    },
    spend_caps: {
      day: cap(fields.capDay),
      month: cap(fields.capMonth),
      total: cap(fields.capTotal),
    },
    ip_allowlist: addresses.length > 0 ? addresses : null,
    tags: fields.tags ?? [],
  };
}

export function fieldsOf({ rate_limits, spend_caps, ip_allowlist, tags }: ApiKey): LimitFields {
  return {
    ...rate_limits,
    capDay: spend_caps.day ?? '',
    capMonth: spend_caps.month ?? '',
    capTotal: spend_caps.total ?? '',
    ipAllowlist: ip_allowlist ?? [],
    tags,
  };
}
