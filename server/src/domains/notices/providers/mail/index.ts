/** Notices by mail; nothing in them is fetched. */
import { queueMail } from '../../../delivery/index.ts';
import type { PostMail } from '../../provider.ts';
import { mailOf } from './render.ts';

export const postMail: PostMail = (context, transaction, { to, message, locale }) =>
  queueMail(context, transaction, { to, ...mailOf(message, locale) });
