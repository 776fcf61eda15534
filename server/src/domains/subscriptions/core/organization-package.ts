/** A package that an organization has bought, with the terms of its sale. */
import type { MinorMoney, Money } from '../../../platform/money.ts';
import type { StoredQuota } from '../../catalog/index.ts';

export interface OrganizationPackage {
  id: string;
  organizationId: string;
  packageId: string;
  name: string;
  price: MinorMoney;
  durationDays: number;
  dailyLimit: Money;
  /** Added to the organization's quotas while it lasts. */
  quotas: readonly StoredQuota[];
  invoiceId: string;
  status: 'pending' | 'active' | 'lapsed' | 'canceled';
  /** The zone in which its days were counted when it began. */
  timeZone: string | null;
  createdAt: Date;
  startsAt: Date | null;
  endsAt: Date | null;
  recognizedDays: number;
  recognizedMinor: bigint;
}
