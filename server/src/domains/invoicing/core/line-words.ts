/** What lines say, in each language. `{name}` stands for a parameter of the line. */
import type { DocumentLocale } from './document-words.ts';

const en = {
  top_up: 'Wallet top-up',
  package: '{name} ({days} d)',
  plan: '{plan}, {from} – {to}',
  plan_quantity: '{plan}, {quantity} seats, {from} – {to}',
  plan_once: '{plan}',
  plan_once_quantity: '{plan}, {quantity} seats',
  trial: '{plan}, trial, {from} – {to}',
  setup_fee: '{plan}: setup fee',
  usage: '{name}, {from} – {to}',
  late_usage: '{name}, {from} – {to}, reported late',
  usage_so_far: '{name}, {from} – {to}, so far',
  usage_invoiced: '{name}, {from} – {to}, invoiced already',
  invoiced_before: '{amount} invoiced before',
  minimum_spend: '{name}: up to the minimum of {minimum}',
  unused: 'Unused time of {plan}, {from} – {to}',
  unused_once: 'Given back: {plan}',
  remaining: 'Remaining time of {plan}, {from} – {to}',
  tier: '{quantity} at {unit}',
  tier_flat: 'Up to {upTo}: {amount}',
  free_units: '{quantity} included',
  share: '{amount} × {part} / {whole}',
  credit: 'Credit for invoice {number}',
  credit_rest: 'All that is left of invoice {number}',
  free_text: '{text}',
};

export type LineCode = keyof typeof en;

const zhCn: Record<LineCode, string> = {
  top_up: '钱包充值',
  package: '{name}（{days} 天）',
  plan: '{plan}，{from} 至 {to}',
  plan_quantity: '{plan}，{quantity} 个席位，{from} 至 {to}',
  plan_once: '{plan}',
  plan_once_quantity: '{plan}，{quantity} 个席位',
  trial: '{plan}，试用期，{from} 至 {to}',
  setup_fee: '{plan}：开通费',
  usage: '{name}，{from} 至 {to}',
  late_usage: '{name}，{from} 至 {to}，补报用量',
  usage_so_far: '{name}，{from} 至 {to}，阶段用量',
  usage_invoiced: '{name}，{from} 至 {to}，已出账',
  invoiced_before: '此前已出账 {amount}',
  minimum_spend: '{name}：补足最低消费 {minimum}',
  unused: '{plan} 未使用时段，{from} 至 {to}',
  unused_once: '退回：{plan}',
  remaining: '{plan} 剩余时段，{from} 至 {to}',
  tier: '{quantity} × 单价 {unit}',
  tier_flat: '{upTo} 以内：{amount}',
  free_units: '含免费用量 {quantity}',
  share: '{amount} × {part} / {whole}',
  credit: '冲减账单 {number}',
  credit_rest: '冲减账单 {number} 的全部余额',
  free_text: '{text}',
};

const words: Record<DocumentLocale, Record<LineCode, string>> = { en, 'zh-CN': zhCn };

export const lineCodes = Object.keys(en) as LineCode[];

/** A text in a language; a parameter that is missing shows as its name, so that nobody takes it for a blank. */
export function describeLine(
  { code, params }: { code: LineCode; params: Readonly<Record<string, string>> },
  locale: DocumentLocale,
): string {
  return words[locale][code].replace(/\{(\w+)\}/g, (all, name: string) => params[name] ?? all);
}
