/** Settings that providers declare: what may be written into them, and when a provider has all it needs. */

export interface SettingDefinition {
  key: string;
  kind: 'text' | 'secret' | 'url' | 'boolean' | 'select' | 'rates';
  label: Bilingual;
  help?: Bilingual;
  required: boolean;
  options?: readonly string[];
  /** What a text setting must look like. */
  pattern?: RegExp;
  default?: SettingValue;
}

export interface Bilingual {
  en: string;
  'zh-CN': string;
}

export type SettingValue = string | boolean | Record<string, string>;
export type SettingValues = Readonly<Record<string, SettingValue>>;

export type SettingsChange =
  | { accepted: true; values: SettingValues }
  | { accepted: false; param: string; sentence: string };

const rateForm = /^\d{1,12}(\.\d{1,18})?$/;

/** Applies a change: what is left out stays, null goes back to the default. */
export function changeSettings(
  definitions: readonly SettingDefinition[],
  stored: SettingValues,
  changes: Readonly<Record<string, SettingValue | null>>,
): SettingsChange {
  const values: Record<string, SettingValue> = { ...stored };
  for (const [key, value] of Object.entries(changes)) {
    const param = `settings.${key}`;
    const definition = definitions.find((each) => each.key === key);
    if (!definition) {
      return { accepted: false, param, sentence: `There is no setting "${key}": leave it out.` };
    }
    if (value === null) {
      delete values[key];
      continue;
    }
    const clean = typeof value === 'string' ? value.trim() : value;
    const sentence = problemOf(definition, clean);
    if (sentence !== undefined) return { accepted: false, param, sentence };
    values[key] = clean;
  }
  return { accepted: true, values };
}

function problemOf(definition: SettingDefinition, value: SettingValue): string | undefined {
  const { kind } = definition;
  if (kind === 'boolean') return typeof value === 'boolean' ? undefined : 'Say true or false.';
  if (kind === 'rates') return typeof value === 'object' ? ratesProblem(value) : ratesSentence;
  if (typeof value !== 'string') return 'Write it as text.';
  if (value === '') return 'Write something, or send null to clear it.';
  if (kind === 'select' && !definition.options?.includes(value)) {
    return `Choose one of ${definition.options?.join(', ')}.`;
  }
  if (kind === 'url' && !isPlainUrl(value)) {
    return 'Write an http or https address without user, query or fragment.';
  }
  if (definition.pattern && !definition.pattern.test(value)) {
    return `"${definition.label.en}" does not look like that: check it.`;
  }
  return undefined;
}

const ratesSentence =
  'Write rates as {"USD": "7.2"}: units of the provider per unit of a currency.';

function ratesProblem(rates: Record<string, string>): string | undefined {
  const good = Object.entries(rates).every(
    ([currency, rate]) => /^[A-Z]{3}$/.test(currency) && rateForm.test(rate) && /[1-9]/.test(rate),
  );
  return good ? undefined : ratesSentence;
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return plain && (url.protocol === 'https:' || url.protocol === 'http:');
}

/** Settings as they work: stored ones over the defaults. */
export function withDefaults(
  definitions: readonly SettingDefinition[],
  stored: SettingValues,
): SettingValues {
  const values: Record<string, SettingValue> = {};
  for (const { key, default: fallback } of definitions) {
    const value = stored[key] ?? fallback;
    if (value !== undefined) values[key] = value;
  }
  return values;
}

/** Whether every required setting is there; a blank secret is none. */
export function isReady(definitions: readonly SettingDefinition[], stored: SettingValues): boolean {
  const values = withDefaults(definitions, stored);
  return definitions.every(({ key, required }) => {
    const value = values[key];
    return !required || (typeof value === 'string' ? value.trim() !== '' : value !== undefined);
  });
}

/** A text setting; the empty text where it is not set. */
export function textOf(values: SettingValues, key: string): string {
  const value = values[key];
  return typeof value === 'string' ? value : '';
}
