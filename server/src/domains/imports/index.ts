/** The door of imports: moving another installation in, and comparing while both run. */
export { relayPrefix } from './core/claude-relay.ts';
export type { Comparison, Difference } from './core/compare.ts';
export { atPar, readRate } from './core/money-there.ts';
export type { OldInstallation, SourceKind } from './core/old-installation.ts';
export { presentReport, sayReport } from './core/present.ts';
export type { ImportReport, Note, Tally } from './core/report.ts';
export { importsJobs } from './jobs.ts';
export { compareKept } from './operations/compare-kept.ts';
export { importsPersonalData } from './operations/personal-data.ts';
export { type ImportCommand, runImport, type Stage } from './operations/run-import.ts';
export { importsSealed } from './sealed.ts';
export { openClaudeRelay } from './source-store/claude-relay.ts';
export { openOneApi } from './source-store/one-api.ts';
