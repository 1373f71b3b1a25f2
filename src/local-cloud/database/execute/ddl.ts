import { SqlError, unsupported } from '../errors.js';
import { type Column, findColumn, type Key, quoteName, sqliteName, type Table } from '../schema/table.js';
import type { Statement } from '../sql/ast.js';
import { type Context, defaultOf, ok, type Result } from './context.js';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

export function createTable(statement: Of<'create-table'>, { schema, engine }: Context): Result {
  const { name } = statement.table;
  if (schema.find(statement.table.schema, name)) {
    if (statement.ifNotExists) return ok();
    throw new SqlError(1050, `Table '${name}' already exists`);
  }
  // SQLite would take its own table names, and ours, for the user's.
  if (/\.|^sqlite_/i.test(name)) throw unsupported(`the table name ${name}`);
  const { columns, primaryKey, foreignKeys } = statement;
  const keys = withReferenceKeys(statement);
  const table: Table = { schema: 'shop', name, columns, primaryKey, keys, foreignKeys };
  check(table);
  const parts = [
    ...columns.map((column) => columnSql(column)),
    ...(primaryKey.length > 0 && !columns.some((column) => column.autoIncrement)
      ? [`PRIMARY KEY (${list(primaryKey)})`]
      : []),
    ...foreignKeys.map(
      (key) =>
        `FOREIGN KEY (${list(key.columns)}) REFERENCES ${quoteName(key.table)} (${list(key.referenced)}) ON DELETE ${key.onDelete}`,
    ),
  ];
  schema.put(table, () => {
    engine.exec(`CREATE TABLE ${sqliteName(table)} (${parts.join(', ')})`);
    for (const key of keys) engine.exec(indexSql(table, key));
  });
  return ok();
}

/** InnoDB gives a foreign key an index of its own where no other key begins with its columns. */
function withReferenceKeys({ primaryKey, keys, foreignKeys }: Of<'create-table'>): Key[] {
  const all = [...keys];
  for (const { name, columns } of foreignKeys) {
    const covers = (key: string[]) =>
      columns.every((column, index) => key[index]?.toLowerCase() === column.toLowerCase());
    if (!covers(primaryKey) && !all.some((key) => covers(key.columns)))
      all.push({ name, unique: false, columns });
  }
  return all;
}

export function dropTable(statement: Of<'drop-table'>, { schema }: Context): Result {
  const tables = statement.tables.map((name) => ({
    name: name.name,
    table: schema.find(name.schema, name.name),
  }));
  const missing = tables.find(({ table }) => !table);
  if (missing && !statement.ifExists) throw new SqlError(1051, `Unknown table 'shop.${missing.name}'`);
  for (const { table } of tables) {
    if (!table) continue;
    const child = schema
      .list()
      .find((other) => other !== table && other.foreignKeys.some((key) => key.table === table.name));
    if (child)
      throw new SqlError(
        1451,
        `Cannot delete or update a parent row: '${child.name}' refers to '${table.name}'`,
      );
    schema.remove(schema.writable({ schema: table.schema, name: table.name }));
  }
  return ok();
}

export function addColumn(statement: Of<'add-column'>, context: Context): Result {
  const { schema, engine } = context;
  const table = schema.writable(statement.table);
  const { column, key } = statement;
  if (findColumn(table, column.name)) {
    if (statement.ifNotExists) return ok();
    throw new SqlError(1060, `Duplicate column name '${column.name}'`);
  }
  if (!column.nullable && !column.default) throw unsupported('adding a NOT NULL column without a default');
  const changed: Table = {
    ...table,
    columns: [...table.columns, column],
    keys: key ? [...table.keys, key] : table.keys,
  };
  const filler = defaultOf(column);
  schema.put(changed, () => {
    engine.exec(`ALTER TABLE ${sqliteName(table)} ADD COLUMN ${columnSql(column)}`);
    if (filler !== null)
      engine.run(`UPDATE ${sqliteName(table)} SET ${quoteName(column.name)} = ?1`, [filler]);
    if (key) engine.exec(indexSql(changed, key));
  });
  return ok();
}

export function createIndex(statement: Of<'create-index'>, { schema, engine }: Context): Result {
  const table = schema.writable(statement.table);
  if (table.keys.some((key) => key.name.toLowerCase() === statement.key.name.toLowerCase())) {
    throw new SqlError(1061, `Duplicate key name '${statement.key.name}'`);
  }
  const changed: Table = { ...table, keys: [...table.keys, statement.key] };
  check(changed);
  schema.put(changed, () => engine.exec(indexSql(changed, statement.key)));
  return ok();
}

function check(table: Table): void {
  const names = table.columns.map((column) => column.name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new SqlError(1060, `Duplicate column name '${twice}'`);
  if (names.some((name) => name === 'rowid' || name === '_rowid_' || name === 'oid'))
    throw unsupported('a column named rowid, _rowid_ or oid');
  const keyed = [
    ...table.primaryKey,
    ...table.keys.flatMap((key) => key.columns),
    ...table.foreignKeys.flatMap((key) => key.columns),
  ];
  const unknown = keyed.find((name) => !findColumn(table, name));
  if (unknown !== undefined) throw new SqlError(1072, `Key column '${unknown}' doesn't exist in table`);
  const automatic = table.columns.filter((column) => column.autoIncrement);
  const [only] = automatic;
  if (
    only &&
    (automatic.length > 1 ||
      only.type.kind !== 'integer' ||
      table.primaryKey.join().toLowerCase() !== only.name.toLowerCase())
  ) {
    throw unsupported('AUTO_INCREMENT on other than the one integer column of the primary key');
  }
}

/** No type, so that SQLite converts nothing; the collation decides comparisons of texts. */
function columnSql(column: Column): string {
  if (column.autoIncrement) return `${quoteName(column.name)} INTEGER PRIMARY KEY AUTOINCREMENT`;
  const { type } = column;
  const collated = (type.kind === 'text' || type.kind === 'enum') && !type.binary;
  return `${quoteName(column.name)}${collated ? ' COLLATE NOCASE' : ''}`;
}

function indexSql(table: Table, key: Key): string {
  return `CREATE ${key.unique ? 'UNIQUE ' : ''}INDEX ${quoteName(`${table.name}.${key.name}`)} ON ${sqliteName(table)} (${list(key.columns)})`;
}

function list(names: string[]): string {
  return names.map(quoteName).join(', ');
}
