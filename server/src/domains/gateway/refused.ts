import type { CallRefusal } from './core/call-refusal.ts';

/** Thrown by the relay's operations for an expected no. */
export class Refused extends Error {
  readonly refusal: CallRefusal;

  constructor(refusal: CallRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}
