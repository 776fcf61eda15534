/** Access's door. */
export { type Access, type AccessOptions, createAccess } from './access.ts';
export type {
  AuthorizeAnswer,
  AuthorizeCommand,
  PaidPart,
  ReleaseCommand,
  SettleCommand,
  Settlement,
} from './core/commands.ts';
export { sweepHolds } from './operations/sweep-holds.ts';
