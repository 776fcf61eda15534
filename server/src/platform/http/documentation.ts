/** The API's description and a page to browse it; everything on the page comes from this server. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const require = createRequire(import.meta.url);
const assets = '/api/docs/assets/';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sluice API</title>
<link rel="stylesheet" href="${assets}swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="${assets}swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** Serves `/api/v1/openapi.json` and `/api/docs`. */
export async function registerDocumentation(app: FastifyInstance): Promise<void> {
  const file = require.resolve('@sluice/contract/openapi.json');
  const document = readFileSync(file);
  app.get('/api/v1/openapi.json', async (_request, reply) => {
    reply.type('application/json').header('access-control-allow-origin', '*');
    return document;
  });
  app.get('/api/docs', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page),
  );
  app.get('/api/docs/start.js', async (_request, reply) =>
    reply.type('text/javascript').send(start),
  );
  await app.register(fastifyStatic, {
    root: dirname(require.resolve('swagger-ui-dist/package.json')),
    prefix: assets,
    decorateReply: false,
    index: false,
    allowedPath: (path) => /^\/swagger-ui(-bundle)?\.(css|js)$/.test(path),
    maxAge: '1d',
  });
}
