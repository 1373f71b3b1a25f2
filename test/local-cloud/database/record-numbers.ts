// Writes down how a real MariaDB reads numbers out of texts: npx tsx test/local-cloud/database/record-numbers.ts
import { writeFileSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import { mariadb } from '../../handlers/support/databases.js';
import { prepareNumbers, type Reading, read, TEXTS, write } from './numbers-in-texts.js';

const server = await mariadb();
if (!server) process.exit(1);
const { hostname: host, port, username: user, password, pathname } = new URL(server.url);
const client = await createConnection({
  host,
  port: Number(port || 3306),
  user,
  password,
  database: pathname.slice(1),
  supportBigNumbers: true,
});
await prepareNumbers(client);
const readings: Record<string, Reading> = {};
for (const text of TEXTS) readings[text] = await read(client, text);
writeFileSync(new URL('./fixtures/numbers-in-texts.json', import.meta.url), write(readings));
await client.end();
await server.close();
