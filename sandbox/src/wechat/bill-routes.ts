/** Asking for a day's bill, and fetching it: the first is signed both ways, the file only by the one who asks. */
import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Route } from '../http/router.ts';
import { type ApiCall, type ApiReply, type ApiRoute, apiPath, type Guard, refusal } from './api.ts';
import { writeBill } from './bill.ts';
import type { Desk } from './desk.ts';

const dayMs = 86_400_000;
/** From ten the next morning on. */
const readyAfterMs = dayMs + 10 * 3_600_000;
const keptDays = 90;
const filePath = '/v3/billdownload/file';
const filesMax = 100;

interface BillFile {
  bytes: Buffer;
  until: number;
}

export function openBills(
  desk: Desk,
  authorize: Guard,
  publicUrl: string,
): { api: ApiRoute[]; routes: Route[] } {
  const files = new Map<string, BillFile>();
  const download: Route = {
    method: 'GET',
    path: apiPath + filePath,
    async handle(exchange) {
      if (!(await authorize(exchange))) return;
      const { query, response } = exchange;
      const file = files.get(query.get('token') ?? '');
      if (!file || file.until < Date.now()) {
        const body = JSON.stringify({ code: 'NO_STATEMENT_EXIST', message: '下载地址已失效' });
        response.writeHead(400, { 'content-type': 'application/json' }).end(body);
        return;
      }
      response.writeHead(200, { 'content-type': 'application/x-gzip' }).end(file.bytes);
    },
  };
  const ask: ApiRoute = {
    method: 'GET',
    path: '/v3/bill/tradebill',
    about: () => '*',
    act: (call) =>
      askForBill(desk, call, (text, isZipped) => keep(files, text, isZipped, publicUrl)),
  };
  return { api: [ask], routes: [download] };
}

function askForBill(
  desk: Desk,
  { query }: ApiCall,
  keepFile: (text: string, isZipped: boolean) => string,
): ApiReply {
  const date = query.get('bill_date') ?? '';
  const start = Date.parse(`${date}T00:00:00+08:00`);
  const now = desk.clock.now();
  const age = now.getTime() - start;
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !(age >= dayMs) || age > keptDays * dayMs) {
    return refusal(400, 'PARAM_ERROR', '账单日期不合法');
  }
  if (age < readyAfterMs) return refusal(400, 'STATEMENT_CREATING', '账单生成中');
  const orders = desk.newestFirst();
  const { mchid } = desk.account().merchant;
  const text = writeBill(date, { mchid, orders, refunds: desk.allRefunds(), now });
  if (text === undefined) return refusal(400, 'NO_STATEMENT_EXIST', '请求的账单文件不存在');
  const body = {
    hash_type: 'SHA1',
    // Of the file as it is before it is zipped.
    hash_value: createHash('sha1').update(text).digest('hex'),
    download_url: keepFile(text, query.get('tar_type') === 'GZIP'),
  };
  return { status: 200, body };
}

function keep(
  files: Map<string, BillFile>,
  text: string,
  isZipped: boolean,
  publicUrl: string,
): string {
  const token = randomBytes(32).toString('base64url');
  const bytes = isZipped ? gzipSync(text) : Buffer.from(text);
  files.set(token, { bytes, until: Date.now() + 300_000 });
  const oldest = files.keys().next();
  if (files.size > filesMax && !oldest.done) files.delete(oldest.value);
  return `${publicUrl}${apiPath}${filePath}?token=${token}${isZipped ? '&tartype=gzip' : ''}`;
}
