import type { Message } from '../../provider.ts';

/** Markdown as a group robot reads it: https://developer.work.weixin.qq.com/document/path/91770 */
export function wecomMarkdown({ title, text, link, organization }: Message): string {
  return [
    `**${plain(title)}**`,
    plain(text),
    `[${plain(link.words)}](${link.url})`,
    `<font color="comment">${plain(organization)}</font>`,
  ].join('\n');
}

/** The robot knows no escapes: signs that it would read become their full-width likenesses. */
function plain(text: string): string {
  return text.replace(/[<>[\]()*_`#]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
}
