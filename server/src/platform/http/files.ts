import type { FastifyReply } from 'fastify';

/** Answers a PDF for saving; no shared cache may keep it. `name` is of our own making: it goes into a header as it is. */
export async function sendPdf(
  reply: FastifyReply,
  { name, bytes }: { name: string; bytes: Buffer },
): Promise<void> {
  await reply
    .header('content-type', 'application/pdf')
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'private, no-store')
    .send(bytes);
}
