/** `npm run cluster`: three servers, PostgreSQL, pgbouncer, Redis and nginx on this machine, until Ctrl-C. */
import { startCluster } from './cluster.ts';

const cluster = await startCluster();
const [first] = cluster.servers;
console.log(`
The cluster is ready at ${cluster.url}
  Servers      ${cluster.servers.map(({ url }) => url).join('  ')}
  Operator     ${first?.operator.email}  ${first?.operator.password}
  Customer     ${first?.customer.email}  ${first?.customer.password}
`);
await new Promise((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});
await cluster.dispose();
console.log('The cluster has stopped.');
