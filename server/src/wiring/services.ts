import {
  type Access,
  type AccessRequests,
  createAccess,
  createAccessRequests,
  createRates,
  createSubjects,
  type Rates,
  type Subjects,
} from '../domains/access/index.ts';
import {
  createMeterBook,
  createPriceBook,
  type MeterBook,
  type PriceBook,
} from '../domains/catalog/index.ts';
import { createTermsBook, type TermsBook } from '../domains/entitlements/index.ts';
import { type Channels, createChannels } from '../domains/gateway/index.ts';
import { createKeyring, type Keyring } from '../domains/identity/index.ts';
import type { Platform } from '../platform/context.ts';

/** What a process keeps in memory and may lose. */
export interface Services {
  prices: PriceBook;
  meters: MeterBook;
  terms: TermsBook;
  keyring: Keyring;
  subjects: Subjects;
  channels: Channels;
  access: Access;
  rates: Rates;
  requests: AccessRequests;
}

/** Reads the caches and begins to listen for what invalidates them. */
export async function openServices({
  platform,
  directUrl,
}: {
  platform: Platform;
  directUrl: string;
}): Promise<Services> {
  const keyring = createKeyring(platform);
  const services = {
    prices: await createPriceBook(platform),
    meters: await createMeterBook(platform),
    terms: createTermsBook(platform),
    keyring,
    subjects: createSubjects(platform, keyring),
    channels: await createChannels(platform),
    access: createAccess(platform, { url: directUrl }),
    rates: createRates(platform),
    requests: createAccessRequests(platform),
  };
  await platform.notifications.start(directUrl);
  return services;
}
