/** Organizations with money, and what pays for their calls, for tests of domains that only report them. */
import type { Platform } from '../../../platform/context.ts';
import { type Access, createAccess } from '../access.ts';
import { createAccessFixture } from './access-fixture.ts';

export interface Payer {
  settle: Access['settle'];
  organization(wallet: bigint): Promise<string>;
  close(): Promise<void>;
}

export async function createPayer(platform: Platform, url: string): Promise<Payer> {
  const { organization } = await createAccessFixture(platform);
  const access = createAccess(platform, { url });
  return {
    settle: (call) => access.settle(call),
    organization: (wallet) => organization(wallet),
    close: () => access.close(),
  };
}
