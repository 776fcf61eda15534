import type { FeatureValue } from '@sluice/contract/meters';
import type { Terms } from '../../entitlements/index.ts';
import { findApplication } from '../../identity/index.ts';
import type { ApplicationAccess } from '../application-access.ts';
import { featuresFor } from '../core/features-for.ts';
import type { AccessSubject } from '../subjects.ts';

export interface AccessFeatures {
  features: Record<string, FeatureValue>;
  plan: Terms['plan'];
}

/** What the plan of a subject's organization gives it within an application. */
export async function getAccessFeatures(
  { platform, terms }: ApplicationAccess,
  subject: AccessSubject,
  applicationId: string,
): Promise<AccessFeatures> {
  const application = await findApplication(platform.database, applicationId);
  const { features, plan } = await terms.termsOf(subject.organizationId);
  return { features: featuresFor(features, application?.slug ?? ''), plan };
}
