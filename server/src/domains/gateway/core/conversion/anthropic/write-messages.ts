/** Writes the turns as Claude takes them: the user first, each side in turn, results of tools first in a message. */

import { CallIds } from '../call-ids.ts';
import type {
  AssistantPart,
  ContentPart,
  Conversation,
  DocumentPart,
  ImagePart,
  TextPart,
  UserPart,
} from '../conversation.ts';
import { refuse, refuseUncarried } from '../fields.ts';
import { cacheMark } from './cache-marks.ts';
import { thinkingBlock } from './thinking-blocks.ts';

interface Message {
  role: 'user' | 'assistant';
  content: object[];
}

const idPattern = /^[a-zA-Z0-9_-]{1,64}$/;

export function writeMessages(conversation: Conversation): {
  system: object[];
  messages: Message[];
} {
  const ids = new CallIds(idPattern);
  const messages: Message[] = [];
  for (const { role, parts, at } of conversation.turns) {
    if (role === 'system') refuseUncarried(at, 'put it before the first message');
    if (messages.length === 0 && role === 'assistant') {
      refuse(at, 'Begin with a message of the user: Claude does.');
    }
    let message = messages.at(-1);
    if (message?.role !== role) {
      message = { role, content: [] };
      messages.push(message);
    }
    for (const part of parts) {
      const block = writeBlock(part, ids);
      if (block) message.content.push(block);
    }
    // A turn of thinking alone that another vendor sealed.
    if (message.content.length === 0) messages.pop();
  }
  return { system: conversation.system.map(writeText), messages };
}

function writeBlock(part: UserPart | AssistantPart, ids: CallIds): object | undefined {
  switch (part.kind) {
    case 'thinking':
      // What another vendor sealed says nothing to Claude, and unsealed thinking is not taken back.
      return part.seal?.vendor === 'anthropic' ? thinkingBlock(part) : undefined;
    case 'call':
      if (typeof part.input === 'string') {
        refuse(part.at, 'Give the arguments of this call as a JSON object.');
      }
      return {
        type: 'tool_use',
        id: ids.of(part.id),
        name: part.name,
        input: part.input,
        ...cacheMark(part.cache),
      };
    case 'result':
      return {
        type: 'tool_result',
        tool_use_id: ids.of(part.callId),
        ...(part.parts.length > 0 && { content: part.parts.map(writeContent) }),
        ...(part.isError && { is_error: true }),
        ...cacheMark(part.cache),
      };
    default:
      return writeContent(part);
  }
}

function writeContent(part: ContentPart): object {
  switch (part.kind) {
    case 'text':
      return writeText(part);
    case 'image':
      return writeImage(part);
    case 'document':
      return writeDocument(part);
  }
}

function writeText({ text, cache }: TextPart): object {
  return { type: 'text', text, ...cacheMark(cache) };
}

const imageTypes = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

function writeImage({ source, cache, at }: ImagePart): object {
  if (source.kind === 'base64' && !imageTypes.has(source.mediaType)) {
    refuse(at, 'Give the image as JPEG, PNG, GIF or WebP: Claude reads these.');
  }
  return {
    type: 'image',
    source: writeSource(source),
    ...cacheMark(cache),
  };
}

function writeSource(source: ImagePart['source']): object {
  if (source.kind === 'url') return { type: 'url', url: source.url };
  return { type: 'base64', media_type: source.mediaType, data: source.data };
}

function writeDocument({ source, title, cache, at }: DocumentPart): object {
  const isText = source.kind === 'base64' && source.mediaType === 'text/plain';
  if (!isText && source.mediaType !== 'application/pdf') {
    refuse(at, 'Give the document as PDF or plain text: Claude reads these.');
  }
  return {
    type: 'document',
    source: isText
      ? {
          type: 'text',
          media_type: 'text/plain',
          data: Buffer.from(source.data, 'base64').toString('utf8'),
        }
      : writeSource(source),
    title,
    ...cacheMark(cache),
  };
}
