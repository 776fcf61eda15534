/** Mails that wait to be sent, opened for tests. */
import { sql } from 'kysely';
import type { Mail } from '../../delivery/index.ts';
import type { FrontDoor } from './front-door.ts';

/** Mails to an address, the last one last. */
export async function mailsOf(door: FrontDoor, address: string): Promise<Mail[]> {
  const { rows } = await sql<{ id: string; sealed: string }>`
    select id, sealed_content as sealed
    from delivery_messages
    where sealed_content is not null
    order by id
  `.execute(door.db.database);
  return rows
    .map(
      ({ id, sealed }) => JSON.parse(door.platform.sealer.open(sealed, `delivery:${id}`)) as Mail,
    )
    .filter(({ to }) => to === address);
}

/** The token in the last link that was mailed to an address. */
export async function lastTokenOf(door: FrontDoor, address: string): Promise<string> {
  const mails = await mailsOf(door, address);
  const token = /[?&]token=([\w-]+)/.exec(mails.at(-1)?.text ?? '')?.[1];
  if (token === undefined) throw new Error(`the last mail to ${address} holds no link`);
  return token;
}
