import type { ResultColumn } from './compile/select.js';
import type { Context, Result } from './execute/context.js';
import { DATABASE } from './schema/schema.js';
import type { Statement } from './sql/ast.js';
import { matches, type Variables } from './variables.js';

export function show(
  { what, like }: Extract<Statement, { kind: 'show' }>,
  variables: Variables,
  { schema }: Context,
): Result {
  switch (what) {
    case 'variables':
      return rows(['Variable_name', 'Value'], variables.show(like));
    case 'tables': {
      const names = schema.list().map((table) => table.name);
      return rows(
        [`Tables_in_${DATABASE}`],
        names.filter((name) => like === null || matches(name, like)).map((name) => [name]),
      );
    }
    case 'databases':
      return rows(
        ['Database'],
        [['information_schema'], [DATABASE]].filter(
          ([name]) => like === null || matches(name as string, like),
        ),
      );
    case 'warnings':
      // Strict mode raises errors where MySQL would otherwise warn.
      return rows(['Level', 'Code', 'Message'], []);
  }
}

function rows(names: string[], values: string[][]): Result {
  const columns: ResultColumn[] = names.map((name) => ({
    name,
    table: '',
    type: { kind: 'text', name: 'varchar', length: 512, binary: false },
  }));
  return { kind: 'rows', columns, rows: values };
}
