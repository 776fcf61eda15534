/** The door of audit: record a change in its own transaction, and prove that the record was not touched since. */

export { auditChecks } from './checks.ts';
export { anchorLine } from './core/anchor.ts';
export type { AuditQuestion } from './core/facets.ts';
export type { Problem, ProblemKind } from './core/verify-chain.ts';
export { registerAudit } from './http.ts';
export { auditJobs } from './jobs.ts';
export { anchorAudit } from './operations/anchor-audit.ts';
export {
  type ArchivedMonth,
  archiveAudit,
  retentionMonthsMin,
} from './operations/archive-audit.ts';
export { auditPersonalData } from './operations/personal-data.ts';
export { type AuditRecord, erasePersonOfAudit, recordAudit } from './operations/record-audit.ts';
export { type AuditReport, verifyAudit } from './operations/verify-audit.ts';
export { verifyAuditFile } from './operations/verify-file.ts';
export type { People } from './people.ts';
export { auditSealed } from './sealed.ts';
export { findEntries as findAuditEntries } from './search-store.ts';
export { ensureEntriesPartitions as ensureAuditPartitions } from './store.ts';
