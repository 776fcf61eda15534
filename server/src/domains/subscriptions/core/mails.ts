/** The frame of the mails that subscriptions send themselves; nothing in them is fetched. */
interface Wording {
  subject: string;
  sentence: string;
}

/** A sentence with a link, as text and as HTML. */
export function writeMail(
  { subject, sentence }: Wording,
  { link, params }: { link: string; params: Record<string, string> },
): { subject: string; text: string; html: string } {
  const say = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? '');
  const said = say(sentence);
  return {
    subject: say(subject),
    text: `${said}\n\n${link}\n`,
    html: `<p>${escapeHtml(said)}</p><p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`,
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
