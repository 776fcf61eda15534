/** Reads a call of `generateContent`: https://ai.google.dev/api/generate-content#request-body */
import type { ServiceTier } from '../../../metering/index.ts';
import {
  type Body,
  decided,
  isRefused,
  type Judged,
  readField,
  refuse,
  refuseUnpriced,
} from '../body.ts';
import type { CallAddress, CallDecision, CallRequest } from '../dialect.ts';
import { type Member, parseMember } from '../json-members.ts';
import { malformed, refusals } from '../refusals.ts';
import type { Edit } from '../splice.ts';
import { affinityOf } from './affinity.ts';
import { judgeContents } from './content.ts';
import { fieldNames, listOf, scanFields } from './field-names.ts';
import { parsesToNull, readGenerationConfig } from './generation-config.ts';
import { judgeTools } from './tools.ts';

/** They were made by an upstream's account, which is neither the caller's nor sure to be asked again. */
const ofOneAccount = ['cachedContent', 'continuationToken'] as const;

const requestFields = fieldNames([
  ...['model', 'contents', 'systemInstruction', 'tools', 'generationConfig', 'serviceTier'],
  ...ofOneAccount,
  'modelArmorConfig',
]);

const modelLengthMax = 200;

export function readGenerateRequest(bytes: Buffer, address: CallAddress): CallDecision {
  return decided(judge(bytes, address));
}

function judge(bytes: Buffer, address: CallAddress): Judged<CallRequest> {
  const named = readModel(address);
  if (isRefused(named)) return named;
  const { model } = named;
  const scanned = scanFields(bytes, requestFields);
  if (isRefused(scanned)) return scanned;
  const body: Body = { bytes, members: scanned.members };
  const refused = refuseForeign(body);
  if (refused) return refused;
  const modelAt = readNamedAgain(body, model);
  if (isRefused(modelAt)) return modelAt;
  const config = readGenerationConfig(bytes, body.members.get('generationConfig'));
  if (isRefused(config)) return config;
  const read = readInput(body);
  if (isRefused(read)) return read;
  const tools = judgeTools(readField(body, 'tools'), model);
  if (isRefused(tools)) return tools;
  const tier = readTier(readField(body, 'serviceTier'));
  if (isRefused(tier)) return tier;

  const isStream = address.isStream === true;
  return {
    model,
    isStream,
    wantsUsage: true,
    ...config.limits,
    extraOutputTokens: 0,
    extraInputTokens: read.extraInputTokens + tools.extraInputTokens,
    uses: tools.uses,
    ...tier,
    affinity: affinityOf(bytes, body.members),
    target: (name) => ({
      path: pathOf(name, isStream ? 'streamGenerateContent?alt=sse' : 'generateContent'),
      edits: renameEdits(modelAt.modelAt, name),
      headers: {},
    }),
  };
}

export function readModel({ model }: CallAddress): Judged<{ model: string }> {
  if (model === undefined || model === '') return { refusal: refusals.modelMissing };
  return model.length > modelLengthMax
    ? refuse('Give the model as a name.', 'model', 'invalid_type')
    : { model };
}

/** Where a method of a model is; its name may not lead anywhere else. */
export function pathOf(model: string, method: string): string {
  return `/v1beta/models/${encodeURIComponent(model.toWellFormed())}:${method}`;
}

function refuseForeign({ bytes, members }: Body) {
  for (const name of ofOneAccount) {
    const member = members.get(name);
    if (member && !parsesToNull(bytes, member)) return refuseOfAccount(name);
  }
  const armor = members.get('modelArmorConfig');
  return armor && !parsesToNull(bytes, armor) ? refuseUnpriced('modelArmorConfig') : undefined;
}

export function refuseOfAccount(name: string) {
  const message = `"${name}" belongs to one account of an upstream: send the content itself, what repeats is cached anyway.`;
  return refuse(message, name, 'unsupported_parameter');
}

/** A body may name the model once more, as Google writes it; it must be the same one. */
export function readNamedAgain(
  { bytes, members }: Body,
  model: string,
): Judged<{ modelAt: Member | undefined }> {
  const member = members.get('model');
  if (member === undefined || parsesToNull(bytes, member)) return { modelAt: undefined };
  const again = parseMember(bytes, member);
  return again === model || again === `models/${model}`
    ? { modelAt: member }
    : refuse('Name the model in the address alone.', 'model');
}

export function renameEdits(modelAt: Member | undefined, name: string): Edit[] {
  if (modelAt === undefined) return [];
  const { start, end } = modelAt;
  return [{ start, end, text: JSON.stringify(`models/${name}`) }];
}

function readInput(body: Body): Judged<{ extraInputTokens: number }> {
  const contents = readField(body, 'contents');
  if (contents === null) {
    return { refusal: malformed('Send "contents".', 'contents', 'missing_required_parameter') };
  }
  if (typeof contents !== 'object') {
    return refuse('Send "contents" as a list.', 'contents', 'invalid_type');
  }
  return judgeContents([...listOf(contents), readField(body, 'systemInstruction')]);
}

const usual = new Set<unknown>([null, 'unspecified', 'standard']);
const tiers = new Map<unknown, ServiceTier>([
  ['flex', 'flex'],
  ['priority', 'priority'],
]);

/** https://ai.google.dev/gemini-api/docs/priority-inference; some of its pages write the names of the definition. */
function readTier(value: unknown): Judged<{ serviceTier: ServiceTier | undefined }> {
  const written =
    typeof value === 'string' ? value.toLowerCase().replace(/^service_tier_/, '') : value;
  if (usual.has(written)) return { serviceTier: undefined };
  const serviceTier = tiers.get(written);
  return serviceTier === undefined ? refuseUnpriced('serviceTier') : { serviceTier };
}
