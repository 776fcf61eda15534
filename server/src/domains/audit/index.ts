/** The door of audit: record a change in its own transaction, and prove that the record was not touched since. */
export type { Problem, ProblemKind } from './core/verify-chain.ts';
export { registerAudit } from './http.ts';
export { type AuditRecord, recordAudit } from './operations/record-audit.ts';
export { type AuditReport, verifyAudit } from './operations/verify-audit.ts';
