import type { OpenAiRefusal } from './core/openai-error.ts';

/** Thrown by the relay's operations for an expected no, in the caller's dialect. */
export class Refused extends Error {
  readonly refusal: OpenAiRefusal;

  constructor(refusal: OpenAiRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}
