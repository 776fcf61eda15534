/**
 * The port of those who prove people to us: a directory answers a name and a password, an identity provider answers a
 * browser that was sent to it. It never touches the database and decides nothing here: what it answers is its own word,
 * and whose account that opens is decided in `operations/`.
 *
 * What it promises: no method throws for whatever the outside does; no answer, error or log line holds a secret.
 */

/** Somebody as a provider knows them. */
export interface ProvenPerson {
  /** Stays the same for this person whatever they are called, and is nobody else's at this provider. */
  subject: string;
  email: string | null;
  /** Whether the provider says that it has checked the address. */
  isEmailVerified: boolean;
  name: string | null;
  groups: readonly string[];
  /** Whether it says that they showed more than a password. */
  hasSecondFactor: boolean;
}

/** What a directory says to a name and a password. */
export type DirectoryAnswer =
  | { status: 'proven'; person: ProvenPerson }
  | { status: 'wrong' }
  /** The password is right, but the directory has closed the account. */
  | { status: 'disabled' }
  /** No word at all, or one that says nothing about the person; `problem` says what an operator can do. */
  | { status: 'unavailable'; problem: string };

/** What a directory tells an operator who tries it. */
export type DirectoryTest =
  | { status: 'answers' }
  | { status: 'found'; person: ProvenPerson; isDisabled: boolean }
  | { status: 'not_found' }
  | { status: 'unavailable'; problem: string };

/** A directory with its settings. */
export interface Directory {
  prove(credentials: { login: string; password: string }): Promise<DirectoryAnswer>;
  /** Whether it can be read and, where somebody is named, what it says of them. */
  test(login?: string): Promise<DirectoryTest>;
  /** How people stand there now, by subject; undefined where it does not answer. */
  findStanding(subjects: readonly string[]): Promise<Map<string, 'active' | 'gone'> | undefined>;
}

/** An identity provider with its settings. */
export interface IdentityProvider {
  /** Where to send the browser, and what to keep until it is back. */
  begin(state: string): Promise<BeginAnswer>;
  /** Judges what the browser brought back. */
  receive(returned: Returned): Promise<ReturnAnswer>;
  /** Whether its settings work, as far as that shows without a person; undefined when nothing is wrong. */
  findProblem(): Promise<string | undefined>;
}

export type BeginAnswer =
  | { status: 'begun'; url: string; proof: Proof }
  | { status: 'unavailable'; problem: string };

/** What only this deployment knows of a flow: kept sealed, compared with the answer. */
export type Proof = Readonly<Record<string, string>>;

export interface Returned {
  state: string;
  proof: Proof;
  /** The address that was called, query included. */
  url: URL;
  /** Fields of a form that was posted there. */
  form?: URLSearchParams;
}

export type ReturnAnswer =
  | { status: 'proven'; person: ProvenPerson }
  /** The person or the provider said no: `problem` is for the log. */
  | { status: 'refused'; problem: string }
  | { status: 'unavailable'; problem: string };
