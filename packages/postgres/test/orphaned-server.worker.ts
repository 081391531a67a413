import { startServer } from './test-server.ts';

// Tells where its server is, and then does nothing until it is killed.
const server = await startServer();
process.send?.(server.url());
setInterval(() => {}, 60_000);
