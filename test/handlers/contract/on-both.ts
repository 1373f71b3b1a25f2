import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Database } from '../../../handlers/shared/database/database.js';
import { describeWhere } from '../../support/where.js';
import { embedded, mariadb, noMariadb, open, type TestDatabase } from '../support/databases.js';
import { prepare } from '../support/shop.js';

export interface Fixture {
  /** One connection, as one execution environment has it. */
  database: Database;
  /** Another environment's; closed at the end. */
  another(): Database;
  server: TestDatabase;
}

/** Runs the same tests on the embedded database and on a real MariaDB. */
export async function onBoth(
  title: string,
  tests: (fixture: Fixture) => void,
  ready: (database: Database) => Promise<void> = prepare,
): Promise<void> {
  // Which databases there are must be known before tests are declared.
  const servers = [await embedded(), await mariadb()];
  for (const server of servers) {
    if (!server) {
      describeWhere(false, noMariadb())(title, () => it('is not run on MariaDB', () => undefined));
      continue;
    }
    describe(`${title} (${server.name})`, () => {
      const opened: Database[] = [];
      const another = () => {
        const database = open(server);
        opened.push(database);
        return database;
      };
      const fixture: Fixture = { database: another(), another, server };
      beforeAll(() => ready(fixture.database));
      afterAll(async () => {
        for (const database of opened) await database.close();
        await server.close();
      });
      tests(fixture);
    });
  }
}
