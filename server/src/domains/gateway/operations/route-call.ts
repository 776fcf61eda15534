/** Which channel a call is put to next, and how: in the caller's own dialect first, converted where none of those is left. */
import type { Channel } from '../channels.ts';
import type { CallRefusal } from '../core/call-refusal.ts';
import { findConversion } from '../core/conversion/index.ts';
import type { Conversion, ConvertedCall, Dialect, Surface } from '../core/dialect.ts';
import { notConverted } from '../core/refusals.ts';
import { splice } from '../core/splice.ts';
import { dialects } from '../core/surfaces.ts';
import type { Gateway } from '../gateway.ts';
import type { RunningCall } from '../running-call.ts';

/** One way to put a call to an upstream; its channel's slot is taken. */
export interface Way {
  channel: Channel;
  /** What the upstream is asked: of its own dialect. */
  surface: Surface;
  conversion: { by: Conversion; call: ConvertedCall } | undefined;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

export class CallRouter {
  /** Why the call cannot be converted, where it could not. */
  refusal: CallRefusal | undefined;
  readonly #gateway: Gateway;
  readonly #call: RunningCall;
  readonly #tried = new Set<string>();
  /** Found when they are first needed: most calls are not converted. */
  #conversions: Map<Dialect, Conversion> | undefined;

  constructor(gateway: Gateway, call: RunningCall) {
    this.#gateway = gateway;
    this.#call = call;
  }

  /** Every channel may be tried again. */
  startOver(): void {
    this.#tried.clear();
  }

  /** One channel may be tried again. */
  forgive(channel: Channel): void {
    this.#tried.delete(channel.id);
  }

  next(): Way | undefined {
    return this.#nextOwn() ?? this.#nextConverted();
  }

  #nextOwn(): Way | undefined {
    const { request, surface } = this.#call.admission;
    const channel = this.#take([surface.dialect]);
    if (channel === undefined) return undefined;
    const { path, edits, headers } = request.target(nameAt(channel, request.model));
    const body = splice(this.#call.body, edits);
    return { channel, surface, conversion: undefined, path, headers, body };
  }

  #nextConverted(): Way | undefined {
    if (this.#conversions === undefined) {
      this.#conversions = conversionsOf(this.#call.admission.surface);
      if (this.#conversions.size === 0) this.refusal = this.#judgeReach();
    }
    while (this.#conversions.size > 0) {
      const channel = this.#take([...this.#conversions.keys()]);
      if (channel === undefined) return undefined;
      const by = this.#conversions.get(channel.dialect);
      const way = by && this.#convert(by, channel);
      if (way) return way;
      this.#gateway.channels.release(channel);
      this.#conversions.delete(channel.dialect);
    }
    return undefined;
  }

  /** Where only other dialects reach the model, and none is converted to, waiting does not help. */
  #judgeReach(): CallRefusal | undefined {
    const { request, surface } = this.#call.admission;
    const { model } = request;
    const { channels } = this.#gateway;
    if (surface.describeCount || channels.serves(model, surface.dialect)) return undefined;
    const isElsewhere = dialects.some((dialect) => channels.serves(model, dialect));
    return isElsewhere ? notConverted(model) : undefined;
  }

  #convert(by: Conversion, channel: Channel): Way | undefined {
    const { body } = this.#call;
    const { request, requestId, authorizedAt, price, extraInputTokens } = this.#call.admission;
    const model = nameAt(channel, request.model);
    const maxOutputTokens = price.maxOutputTokens ?? undefined;
    const converted = by.convertRequest(body, request, model, maxOutputTokens);
    if (!converted.accepted) {
      this.refusal = converted.refusal;
      return undefined;
    }
    // What is held covers its own dialect, whose channels are resting; here it could cost more.
    if (converted.extraInputTokens > extraInputTokens) return undefined;
    const call: ConvertedCall = {
      requestId,
      model: request.model,
      createdAtSeconds: Math.floor(authorizedAt.getTime() / 1000),
      wantsUsage: request.wantsUsage,
    };
    const { path, headers } = converted;
    const conversion = { by, call };
    return { channel, surface: by.to, conversion, path, headers, body: converted.body };
  }

  #take(of: readonly Dialect[]): Channel | undefined {
    const { model, affinity } = this.#call.admission.request;
    const { channels } = this.#gateway;
    const channel = channels.take({ model, tried: this.#tried, dialects: of, affinity });
    if (channel) this.#tried.add(channel.id);
    return channel;
  }
}

/** The channel's own name of a model. */
function nameAt(channel: Channel, model: string): string {
  return channel.aliases.get(model) ?? model;
}

function conversionsOf(surface: Surface): Map<Dialect, Conversion> {
  const found = new Map<Dialect, Conversion>();
  for (const dialect of dialects) {
    const conversion = dialect === surface.dialect ? undefined : findConversion(surface, dialect);
    if (conversion) found.set(dialect, conversion);
  }
  return found;
}
