/** Sluice itself, as `sluice serve` runs it, on a database that the bench made. */
import type { AddressInfo } from 'node:net';
import { openDeployment, openServer, openServices } from '../../server/src/main.ts';
import { readConfig } from '../../server/src/platform/config.ts';
import { createLog } from '../../server/src/platform/log.ts';
import { announcePart } from './process.ts';

const config = readConfig(process.env);
const deployment = await openDeployment(config, config.databaseUrl ?? '', createLog('warn'));
const services = await openServices(deployment);
const { app } = await openServer(deployment, services, { webDirectory: 'none' });
await app.listen({ port: 0, host: '127.0.0.1' });
announcePart((app.server.address() as AddressInfo).port, async () => undefined);
