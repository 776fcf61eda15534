/** English decides which messages there are; a language that lacks one fails the type check. */
import type en from './en.ts';

export type Messages = typeof en;
type Written<T> = { [K in keyof T]: T[K] extends string ? string : Written<T[K]> };
export type Translation = Written<Messages>;
