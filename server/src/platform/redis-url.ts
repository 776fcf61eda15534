/** Where Redis is: one server, or some nodes of a cluster. */

export interface RedisAddress {
  isCluster: boolean;
  isTls: boolean;
  hosts: { host: string; port: number }[];
  username: string | undefined;
  password: string | undefined;
  database: number;
}

const schemes: Record<string, { isCluster: boolean; isTls: boolean }> = {
  redis: { isCluster: false, isTls: false },
  rediss: { isCluster: false, isTls: true },
  'redis-cluster': { isCluster: true, isTls: false },
  'rediss-cluster': { isCluster: true, isTls: true },
};

const hostPattern = /^(\[[0-9a-f:]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i;

/** Reads `redis://user:password@host:6379/0` or `redis-cluster://a:6379,b:6379`; several hosts are a cluster. */
export function readRedisUrl(text: string): RedisAddress | undefined {
  const parts = /^([a-z-]+):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/@]+)(?:\/(\d{0,2}))?$/.exec(text);
  if (!parts) return undefined;
  const [, name = '', username, password, hostList = '', database] = parts;
  const scheme = schemes[name];
  if (!scheme) return undefined;
  const hosts: RedisAddress['hosts'] = [];
  for (const entry of hostList.split(',')) {
    const [, host, port = '6379'] = hostPattern.exec(entry) ?? [];
    if (host === undefined || Number(port) < 1 || Number(port) > 65535) return undefined;
    hosts.push({ host: host.replace(/^\[|\]$/g, ''), port: Number(port) });
  }
  const isCluster = scheme.isCluster || hosts.length > 1;
  // A cluster has one database only.
  if (isCluster && Number(database || 0) !== 0) return undefined;
  const decoded = { username: decode(username), password: decode(password) };
  return { ...decoded, isTls: scheme.isTls, isCluster, hosts, database: Number(database || 0) };
}

function decode(text: string | undefined): string | undefined {
  if (!text) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
