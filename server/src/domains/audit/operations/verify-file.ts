import type { Sealer } from '../../../platform/crypto.ts';
import { readLines } from '../archive-files.ts';
import { auditMac } from '../audit-mac.ts';
import { checkExport, type ExportReport } from '../core/verify-export.ts';

/** Verifies an export without the database: the deployment's secret is all that it takes. */
export async function verifyAuditFile(
  platform: { sealer: Pick<Sealer, 'derive'> },
  path: string,
): Promise<ExportReport> {
  const check = checkExport(auditMac(platform));
  for await (const line of readLines(path)) check.see(line);
  return check.finish();
}
