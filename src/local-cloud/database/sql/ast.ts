import type { Column, ForeignKey, Key } from '../schema/table.js';

export type Expression =
  | { kind: 'literal'; type: 'string' | 'integer' | 'decimal' | 'double'; value: string }
  | { kind: 'null' }
  | { kind: 'column'; table: string | null; name: string }
  | { kind: 'variable'; name: string }
  | { kind: 'negate' | 'not'; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'is-null'; operand: Expression; negated: boolean }
  | { kind: 'in'; operand: Expression; list: Expression[] | Select; negated: boolean }
  | { kind: 'between'; operand: Expression; low: Expression; high: Expression; negated: boolean }
  | { kind: 'like'; operand: Expression; pattern: Expression; negated: boolean }
  | { kind: 'exists'; select: Select }
  | { kind: 'subquery'; select: Select }
  | { kind: 'case'; branches: { when: Expression; value: Expression }[]; otherwise: Expression | null }
  | { kind: 'call'; name: string; distinct: boolean; star: boolean; args: Expression[] }
  /** `VALUES(column)` in ON DUPLICATE KEY UPDATE. */
  | { kind: 'inserted'; name: string };

export type BinaryOperator = '+' | '-' | '*' | '=' | '<>' | '<' | '<=' | '>' | '>=' | '<=>' | 'and' | 'or';

export interface TableName {
  schema: string | null;
  name: string;
}

export interface TableReference extends TableName {
  alias: string;
  join: 'inner' | 'left';
  on: Expression | null;
}

export interface SelectItem {
  /** Null for `*` and `t.*`. */
  expression: Expression | null;
  /** The table of `t.*`. */
  table: string | null;
  /** The result column's name: the alias, or the text as written. */
  name: string;
}

export interface Order {
  expression: Expression;
  descending: boolean;
}

export interface Select {
  kind: 'select';
  distinct: boolean;
  items: SelectItem[];
  from: TableReference[];
  where: Expression | null;
  groupBy: Expression[];
  having: Expression | null;
  orderBy: Order[];
  limit: { count: string; offset: string } | null;
  /** FOR UPDATE, FOR SHARE, LOCK IN SHARE MODE. */
  locking: boolean;
}

export interface Assignment {
  table: string | null;
  column: string;
  /** Null for DEFAULT. */
  value: Expression | null;
}

export type Statement =
  | Select
  | {
      kind: 'insert';
      table: TableName;
      ignore: boolean;
      columns: string[];
      rows: (Expression | null)[][];
      onDuplicate: Assignment[] | null;
    }
  | { kind: 'update'; from: TableReference[]; set: Assignment[]; where: Expression | null }
  | { kind: 'delete'; table: TableName; where: Expression | null }
  | {
      kind: 'create-table';
      table: TableName;
      ifNotExists: boolean;
      columns: Column[];
      primaryKey: string[];
      keys: Key[];
      foreignKeys: ForeignKey[];
    }
  | { kind: 'drop-table'; tables: TableName[]; ifExists: boolean }
  | { kind: 'add-column'; table: TableName; ifNotExists: boolean; column: Column; key: Key | null }
  | { kind: 'create-index'; table: TableName; key: Key }
  | { kind: 'begin' }
  | { kind: 'commit' }
  | { kind: 'rollback' }
  | { kind: 'set'; assignments: { name: string; value: string }[] }
  | { kind: 'show'; what: 'variables' | 'tables' | 'databases' | 'warnings'; like: string | null }
  | { kind: 'use'; database: string };
