import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { readChatRequest } from './openai/chat-request.ts';
import { splice } from './splice.ts';

const body = fc
  .record(
    {
      model: fc.constantFrom('gpt-4o-mini', '模型', 'a"b'),
      messages: fc.array(fc.record({ role: fc.constant('user'), content: fc.string() })),
      stream: fc.constant(true),
      stream_options: fc.constantFrom(
        null,
        {},
        { include_usage: false },
        { include_usage: null },
        { include_usage: true },
        { include_obfuscation: false },
        { include_obfuscation: false, include_usage: false },
      ),
      temperature: fc.double({ noNaN: true }),
      metadata: fc.jsonValue(),
    },
    { requiredKeys: ['model', 'messages', 'stream'] },
  )
  .chain((value) =>
    // The order of members is the caller's.
    fc
      .shuffledSubarray(Object.entries(value), { minLength: Object.keys(value).length })
      .map((entries) => Object.fromEntries(entries)),
  );

describe('splice', () => {
  test.prop([body, fc.nat(3)])(
    'asks for usage and names another model, and changes nothing else',
    (value, indent) => {
      const sent = Buffer.from(JSON.stringify(value, null, indent));
      const before = JSON.parse(sent.toString());
      const decision = readChatRequest(sent);
      if (!decision.accepted) throw new Error(decision.refusal.message);
      const { target, model } = decision.request;
      const forwarded = splice(sent, target('upstream "name"').edits);
      expect(JSON.parse(forwarded.toString())).toEqual({
        ...before,
        model: 'upstream "name"',
        stream_options: { ...before.stream_options, include_usage: true },
      });
      if (before.stream_options?.include_usage === true) expect(target(model).edits).toEqual([]);
    },
  );
});
