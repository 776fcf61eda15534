import type { FastifyReply } from 'fastify';

/** Answers a PDF for saving. */
export function sendPdf(reply: FastifyReply, file: { name: string; bytes: Buffer }): Promise<void> {
  return sendFile(reply, { ...file, contentType: 'application/pdf' });
}

/** Answers a file for saving; no shared cache may keep it. `name` is of our own making: it goes into a header as it is. */
export async function sendFile(
  reply: FastifyReply,
  { name, bytes, contentType }: { name: string; bytes: Buffer; contentType: string },
): Promise<void> {
  await reply
    .header('content-type', contentType)
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'private, no-store')
    .send(bytes);
}
