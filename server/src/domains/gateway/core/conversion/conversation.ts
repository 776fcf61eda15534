/**
 * The one form between the dialects: what a call asks, in nobody's words. Readers make it and refuse what it cannot say;
 * writers say it in their dialect and refuse what that cannot say. Nothing is left out on the way unless `dropped.ts`
 * lists it with the reason.
 */
import type { Dialect } from '../dialect.ts';

export interface Conversation {
  /** What the model is told before the first turn. */
  system: readonly TextPart[];
  /** At least one; the last is never the assistant's. No turn is without parts. */
  turns: readonly Turn[];
  tools: readonly Tool[];
  toolChoice: ToolChoice | undefined;
  /** Whether the model may call several tools at once. */
  mayCallInParallel: boolean | undefined;
  /** How many answers are asked for. */
  choices: number;
  maxOutputTokens: number | undefined;
  sampling: Readonly<Partial<Record<SamplingName, number>>>;
  stopSequences: readonly string[];
  output: OutputFormat | undefined;
  thinking: ThinkingWish | undefined;
  isStream: boolean;
  /** What the caller's dialect calls the fields above. */
  names: FieldNames;
}

export type SamplingName =
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'frequencyPenalty'
  | 'presencePenalty'
  | 'seed';

export type FieldNames = Readonly<
  Record<
    | SamplingName
    | 'toolChoice'
    | 'mayCallInParallel'
    | 'choices'
    | 'maxOutputTokens'
    | 'stopSequences'
    | 'output'
    | 'thinking'
    | 'turns',
    string
  >
>;

export type Turn =
  /** Results of tools come first, as every vendor wants them right behind the calls. */
  | { role: 'user'; parts: readonly UserPart[]; at: string }
  | { role: 'assistant'; parts: readonly AssistantPart[]; at: string }
  /** What the model is told in the middle of a conversation. */
  | { role: 'system'; parts: readonly TextPart[]; at: string };

export type UserPart = ResultPart | ContentPart;
export type ContentPart = TextPart | ImagePart | DocumentPart;
export type AssistantPart = TextPart | ThinkingPart | CallPart;

/** `at`: where in the caller's body it stands. */
interface Placed {
  at: string;
  /** How long the upstream is asked to keep everything up to here in its cache. */
  cache?: '5m' | '1h';
}

export interface TextPart extends Placed {
  kind: 'text';
  text: string;
}

export interface ImagePart extends Placed {
  kind: 'image';
  source: Source;
}

export interface DocumentPart extends Placed {
  kind: 'document';
  source: Source;
  title: string | undefined;
}

export type Source =
  | { kind: 'base64'; mediaType: string; data: string }
  | { kind: 'url'; url: string; mediaType: string | undefined };

export interface CallPart extends Placed {
  kind: 'call';
  id: string;
  name: string;
  /** The arguments; the text as it came where a model wrote something else than an object. */
  input: Readonly<Record<string, unknown>> | string;
}

export interface ResultPart extends Placed {
  kind: 'result';
  callId: string;
  parts: readonly ContentPart[];
  isError: boolean;
}

/** What a model thought, and the vendor's seal on it, by which the vendor's models go on thinking where they were. */
export interface ThinkingPart {
  kind: 'thinking';
  text: string;
  seal: Seal | undefined;
  at: string;
}

export interface Seal {
  vendor: Dialect;
  value: string;
  /** The thinking itself is inside, for the vendor's eyes only. */
  isRedacted: boolean;
}

export interface Tool {
  name: string;
  description: string | undefined;
  /** JSON schema of its arguments. */
  schema: Readonly<Record<string, unknown>> | undefined;
  /** Whether arguments must match the schema. */
  isStrict: boolean | undefined;
  at: string;
  cache?: '5m' | '1h';
}

export interface ToolChoice {
  /** `any`: some tool has to be called. */
  mode: 'auto' | 'any' | 'none';
  /** Of these only. */
  names: readonly string[] | undefined;
}

export type OutputFormat =
  | { kind: 'json' }
  | {
      kind: 'schema';
      schema: Readonly<Record<string, unknown>>;
      name: string | undefined;
      description: string | undefined;
    };

export type Effort = 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

export interface ThinkingWish {
  depth:
    | { kind: 'off' }
    | { kind: 'effort'; effort: Effort }
    | { kind: 'budget'; tokens: number }
    /** As deep as the model finds right. */
    | { kind: 'dynamic' };
  /** Whether the caller wants to read it; undefined where its dialect cannot say. */
  isShown: boolean | undefined;
}
