/** The two languages that every journey is made in, one on a wide and one on a narrow screen, and the way in. */
import en from '../../web/src/i18n/en.ts';
import { type Language, languageNames } from '../../web/src/i18n/language.ts';
import zhCn from '../../web/src/i18n/zh-cn.ts';
import type { Person } from '../person.ts';
import type { SignIn } from '../server.ts';

export const languages = [
  { locale: 'en', width: 1280, t: en },
  { locale: 'zh-CN', width: 390, t: zhCn },
] as const;

/** Signs in with the language of the journey. */
export async function enter(person: Person, language: Language, who: SignIn): Promise<void> {
  const { t, page } = person;
  await page.goto('/sign-in');
  // Picked here, it goes before the language of the account.
  await person.press(t.layout.language);
  await page.getByRole('menuitem', { name: languageNames[language] }).click();
  await person.signIn(who);
}

export async function enterConsole(
  person: Person,
  language: Language,
  operator: SignIn,
): Promise<void> {
  await enter(person, language, operator);
  await person.choose(person.t.layout.toConsole);
  await person.look(person.t.console.overview.title);
}

/** Somebody else sits down at the same browser. */
export async function changeTo(person: Person, who: SignIn): Promise<void> {
  const { t } = person;
  await person.choose(t.nav.signOut);
  await person.look(t.landing.title);
  await person.page.goto('/sign-in');
  await person.signIn(who);
}
