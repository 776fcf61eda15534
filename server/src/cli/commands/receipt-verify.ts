import { readFile } from 'node:fs/promises';
import { type ReceiptProblem, verifyReceipts } from '../../domains/metering/index.ts';
import { formatMoney } from '../../platform/money.ts';
import type { Command, CommandLine, Outcome } from '../command.ts';

/** What a person can look through; the file has the rest. */
const problemsShownMax = 100;

export const receiptVerify: Command = {
  async run(line) {
    const [file] = line.rest;
    if (file === undefined) {
      return { ok: false, sentence: 'Name the file: sluice receipt verify FILE' };
    }
    const text = await readText(file);
    if (text === undefined) return { ok: false, sentence: `The file ${file} cannot be read.` };
    return judge(line, file, text);
  },
};

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

function judge(line: CommandLine, file: string, text: string): Outcome {
  const { receipts, totals, problems } = verifyReceipts(text);
  for (const problem of problems.slice(0, problemsShownMax)) line.say(sentenceOf(problem));
  const rest = problems.length - problemsShownMax;
  if (rest > 0) line.say(`… and ${rest} problems more.`);
  const sums = [...totals].map(([currency, amount]) => ({
    currency,
    amount: formatMoney({ amount, currency }),
  }));
  const checked = [`${receipts} receipts`, ...sums.map((sum) => `${sum.amount} ${sum.currency}`)];
  const details = {
    ...{ file, receipts, totals: sums },
    problems: problems.map(({ line, requestId, sentence }) => ({
      ...{ line, request_id: requestId, problem: sentence },
    })),
  };
  return problems.length === 0
    ? { ok: true, sentence: `Every receipt is as computed: ${checked.join(', ')}.`, details }
    : {
        ok: false,
        sentence: `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${checked.join(', ')}.`,
        details,
      };
}

function sentenceOf({ line, requestId, sentence }: ReceiptProblem): string {
  return `line ${line}${requestId === null ? '' : ` (${requestId})`}: ${sentence}`;
}
