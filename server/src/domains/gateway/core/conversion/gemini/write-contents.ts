/** Writes the turns as Gemini takes them: the user first, results of functions by name. */
import type {
  AssistantPart,
  ContentPart,
  Conversation,
  ResultPart,
  TextPart,
  ThinkingPart,
  Turn,
} from '../conversation.ts';
import { refuse, refuseUncarried } from '../fields.ts';

interface Content {
  role: 'user' | 'model';
  parts: object[];
}

export function writeContents({ turns }: Conversation): Content[] {
  const contents: Content[] = [];
  const names = new Map<string, string>();
  for (const turn of turns) {
    const role = roleOf(turn);
    if (contents.length === 0 && role === 'model') {
      refuse(turn.at, 'Begin with a message of the user: Gemini does.');
    }
    const parts = writeParts(turn, names);
    if (parts.length === 0) continue;
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts });
  }
  return contents;
}

function roleOf({ role, at }: Turn): Content['role'] {
  if (role === 'system') refuseUncarried(at, 'put it before the first message');
  return role === 'assistant' ? 'model' : 'user';
}

function writeParts(turn: Turn, names: Map<string, string>): object[] {
  if (turn.role === 'assistant') return writeModelParts(turn.parts, names);
  return turn.parts.map((part) =>
    part.kind === 'result' ? writeResult(part, names) : writeContent(part),
  );
}

function writeContent(part: ContentPart): object {
  if (part.kind === 'text') return { text: part.text };
  const { source } = part;
  if (source.kind === 'url') {
    return { fileData: { mimeType: source.mediaType, fileUri: source.url } };
  }
  return { inlineData: { mimeType: source.mediaType, data: source.data } };
}

/** https://ai.google.dev/api/caching#FunctionResponse: `output` and `error` are the names that Gemini knows. */
function writeResult(result: ResultPart, names: Map<string, string>): object {
  const { callId, parts, isError, at } = result;
  const name = names.get(callId);
  if (name === undefined) refuse(at, 'Give the result of a tool after the call that it answers.');
  const texts = parts
    .filter((part): part is TextPart => part.kind === 'text')
    .map(({ text }) => text);
  const files = parts.filter((part) => part.kind !== 'text').map(writeContent);
  const [only = '', ...more] = texts;
  const said = more.length === 0 ? only : texts;
  return {
    functionResponse: {
      id: callId,
      name,
      response: isError ? { error: said } : { output: said },
      ...(files.length > 0 && { parts: files }),
    },
  };
}

/** A seal of Gemini's stands on the part behind it where that is a call, and by itself elsewhere. */
function writeModelParts(parts: readonly AssistantPart[], names: Map<string, string>): object[] {
  const written: object[] = [];
  let signature: string | undefined;
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'thinking') {
      // What another vendor sealed says nothing to Gemini, and unsealed thinking is not taken back.
      if (part.seal?.vendor !== 'gemini') continue;
      if (part.text === '' && parts[index + 1]?.kind === 'call') signature = part.seal.value;
      else written.push(writeThought(part, part.seal.value));
    } else if (part.kind === 'call') {
      if (typeof part.input === 'string') {
        refuse(part.at, 'Give the arguments of this call as a JSON object.');
      }
      const { id, name, input: args } = part;
      names.set(id, name);
      written.push({ functionCall: { id, name, args }, thoughtSignature: signature });
      signature = undefined;
    } else {
      written.push({ text: part.text });
    }
  }
  return written;
}

function writeThought({ text }: ThinkingPart, thoughtSignature: string): object {
  return text === '' ? { text, thoughtSignature } : { text, thought: true, thoughtSignature };
}
