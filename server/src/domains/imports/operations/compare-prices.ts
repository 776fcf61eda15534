import { formatNanos } from '../../../platform/money.ts';
import { cleanText } from '../core/clean-text.ts';
import { noteLeft } from '../core/report.ts';
import type { ImportRun } from './run-import.ts';

const modelMax = 200;

/** Prices are not moved; where one of input differs, the operator is told of both. */
export async function comparePrices(run: ImportRun): Promise<void> {
  const { context, old, report } = run;
  const { prices: book } = run.command;
  const there = await old.inputPrices();
  if (!book) return;
  const now = context.clocks.business();
  for (const [model, price] of there) {
    const here = book.priceOf(model, now)?.prices.input;
    if (here === price) continue;
    const name = cleanText(model, modelMax) ?? '';
    const said = here === undefined ? 'no price' : formatNanos(here);
    const text = `a million tokens of input are ${formatNanos(price)} there, ${said} here`;
    noteLeft(report, { kind: 'price', id: name, name, text });
  }
}
