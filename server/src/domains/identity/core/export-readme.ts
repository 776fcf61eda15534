/** The page on top of a person's export, in both languages. */

export function readMe(domains: readonly string[], at: Date): string {
  const files = domains.map((name) => `  ${name}.json`).join('\n');
  return `Your data, as of ${at.toISOString()}

Each file holds what one part of the service keeps about you and about the organization that came with your account,
as JSON:

${files}

Amounts that end in _minor are in the currency's smallest unit (cents, fen); other amounts of the ledger and of usage are
in billionths of the currency's unit. Times are in UTC. Hashes and sealed secrets, such as those of passwords and keys,
are left out: they say nothing, and nobody can read them, we included. What organizations of others keep is theirs, and
only your place in them is here.

您的数据（截至 ${at.toISOString()}）

每个 JSON 文件包含本服务的一个部分所保存的、关于您以及您账户自带组织的数据。以 _minor 结尾的金额以该币种的最小单位（分）
计；账本与用量中的其他金额以币种单位的十亿分之一计。时间均为 UTC。密码、密钥等的哈希与加密内容不在其中。其他组织的数据
属于该组织，此处仅包含您在其中的身份。
`;
}
