export const clients = ['node', 'python', 'curl'] as const;
export type Client = (typeof clients)[number];

export const clientNames: Record<Client, string> = { node: 'Node', python: 'Python', curl: 'curl' };

interface Target {
  baseUrl: string;
  secret: string;
  model: string;
}

export function snippetOf(client: Client, target: Target): string {
  return writers[client](target);
}

const writers: Record<Client, (target: Target) => string> = {
  node: ({ baseUrl, secret, model }) => `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: '${baseUrl}',
  apiKey: '${secret}',
});

const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.choices[0].message.content);`,

  python: ({ baseUrl, secret, model }) => `from openai import OpenAI

client = OpenAI(
    base_url="${baseUrl}",
    api_key="${secret}",
)

answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`,

  curl: ({ baseUrl, secret, model }) => `curl ${baseUrl}/chat/completions \\
  -H 'Authorization: Bearer ${secret}' \\
  -H 'Content-Type: application/json' \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`,
};
