/** What a user agent says in words: "Firefox · Windows". For people to recognize their own devices, and for nothing else. */

/** The first that fits: every later browser says that it is the earlier ones, too. */
const browsers: readonly [RegExp, string][] = [
  [/MicroMessenger\//, 'WeChat'],
  [/HeadlessChrome\//, 'Headless Chrome'],
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/CriOS\/|Chrome\//, 'Chrome'],
  [/Version\/[\d.]+ .*Safari\//, 'Safari'],
];

const systems: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/HarmonyOS/, 'HarmonyOS'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Macintosh|Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** A program's name, as in "curl/8.11.0". */
const program = /^([A-Za-z][\w.-]{1,30})(?:\/|$)/;

export function deviceOf(userAgent: string | null): string | null {
  if (userAgent === null || userAgent === '') return null;
  const browser = firstOf(browsers, userAgent) ?? programOf(userAgent);
  const system = firstOf(systems, userAgent);
  const words = [browser, system].filter((word) => word !== undefined);
  return words.length === 0 ? null : words.join(' · ');
}

function programOf(userAgent: string): string | undefined {
  const name = program.exec(userAgent)?.[1];
  return name === 'Mozilla' ? undefined : name;
}

function firstOf(known: readonly [RegExp, string][], userAgent: string): string | undefined {
  return known.find(([pattern]) => pattern.test(userAgent))?.[1];
}
