/** A payment provider ships when its contract suite is green: until then it is a draft, and in no list. */
import type { Finding, Lint } from './source.ts';

const folder = 'server/src/domains/payments/providers';
const door = /^server\/src\/domains\/payments\/providers\/([^/]+)\/index[.]ts$/;

export const paymentProviders: Lint = (files) => {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const list = texts.get(`${folder}/index.ts`) ?? '';
  return files.flatMap(({ path, text }) => {
    const id = path.match(door)?.[1];
    if (!id) return [];
    return judge({
      path,
      isListed: list.includes(`'./${id}/index.ts'`),
      isDraft: /\bdraft: true\b/.test(text),
      isOnline: /\bonline\b/.test(text),
      isJudged: (texts.get(`${folder}/${id}/suite.test.ts`) ?? '').includes('describeProvider('),
    });
  });
};

interface Provider {
  path: string;
  isListed: boolean;
  isDraft: boolean;
  isOnline: boolean;
  isJudged: boolean;
}

function judge({ path, isListed, isDraft, isOnline, isJudged }: Provider): Finding[] {
  const messages = [
    ...(isDraft && isListed
      ? ['A draft does not ship: make its suite green, then take `draft: true` away.']
      : []),
    ...(isDraft || isListed
      ? []
      : [`It is in no list: name it in ${folder}/index.ts, or mark it \`draft: true\`.`]),
    ...(isOnline && !isJudged
      ? ['Nothing judges it: call describeProvider in its suite.test.ts.']
      : []),
  ];
  return messages.map((message) => ({ path, message }));
}
