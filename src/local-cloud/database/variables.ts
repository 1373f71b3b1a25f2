import { hostname } from 'node:os';
import { SqlError, unsupported } from './errors.js';
import { VERSION } from './version.js';

/** What a new session starts with. */
const DEFAULTS: Record<string, string> = {
  autocommit: '1',
  character_set_client: 'utf8mb4',
  character_set_connection: 'utf8mb4',
  character_set_database: 'utf8mb4',
  character_set_results: 'utf8mb4',
  character_set_server: 'utf8mb4',
  collation_connection: 'utf8mb4_general_nopad_ci',
  collation_database: 'utf8mb4_general_nopad_ci',
  collation_server: 'utf8mb4_general_nopad_ci',
  default_storage_engine: 'InnoDB',
  hostname: hostname(),
  innodb_lock_wait_timeout: '50',
  interactive_timeout: '28800',
  lower_case_table_names: '0',
  max_allowed_packet: '16777216',
  net_write_timeout: '60',
  sql_mode: 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
  system_time_zone: 'UTC',
  time_zone: '+00:00',
  transaction_isolation: 'READ-COMMITTED',
  tx_isolation: 'READ-COMMITTED',
  version: VERSION,
  version_comment: 'cachao embedded database',
  wait_timeout: '28800',
};

const READ_ONLY = new Set([
  'hostname',
  'version',
  'version_comment',
  'system_time_zone',
  'lower_case_table_names',
]);
const NUMBERS = new Set([
  'innodb_lock_wait_timeout',
  'wait_timeout',
  'interactive_timeout',
  'net_write_timeout',
  'max_allowed_packet',
]);

/** A session's variables: known ones only, and only values that are true of the embedded database. */
export class Variables {
  private readonly values = new Map(Object.entries(DEFAULTS));

  get(name: string): string | undefined {
    return this.values.get(name.toLowerCase());
  }

  /** Errors: 1193 unknown, 1238 read-only, 1235 a value that would change what statements mean. */
  set(name: string, written: string): void {
    if (!this.values.has(name)) throw new SqlError(1193, `Unknown system variable '${name}'`);
    if (READ_ONLY.has(name)) throw new SqlError(1238, `Variable '${name}' is a read only variable`);
    const value = /^default$/i.test(written) ? (DEFAULTS[name] as string) : written;
    this.check(name, value);
    if (name === 'autocommit') this.values.set(name, /^(?:1|on|true)$/i.test(value) ? '1' : '0');
    else if (name === 'transaction_isolation' || name === 'tx_isolation') {
      this.values.set('transaction_isolation', value).set('tx_isolation', value);
    } else this.values.set(name, value);
  }

  show(like: string | null): [string, string][] {
    return [...this.values].filter(([name]) => like === null || matches(name, like)).sort();
  }

  private check(name: string, value: string): void {
    const wrong = () => new SqlError(1231, `Variable '${name}' can't be set to the value of '${value}'`);
    if (NUMBERS.has(name) && !/^\d{1,9}$/.test(value)) throw wrong();
    if (name === 'autocommit' && !/^(?:[01]|on|off|true|false)$/i.test(value)) throw wrong();
    if (name === 'time_zone' && !/^(?:\+00:00|system|utc)$/i.test(value))
      throw unsupported(`time zones other than UTC ('${value}')`);
    if (name.startsWith('character_set') && !/^utf8(?:mb4)?$/i.test(value))
      throw unsupported(`the character set ${value}`);
    if (name === 'sql_mode') {
      const modes = value.toUpperCase().split(',');
      if (
        !modes.some(
          (mode) => mode === 'STRICT_TRANS_TABLES' || mode === 'STRICT_ALL_TABLES' || mode === 'TRADITIONAL',
        )
      ) {
        throw unsupported('an sql_mode that is not strict');
      }
      const changed = modes.find((mode) =>
        /^(?:ANSI|ANSI_QUOTES|NO_BACKSLASH_ESCAPES|PIPES_AS_CONCAT|ORACLE|NO_AUTO_VALUE_ON_ZERO)$/.test(mode),
      );
      if (changed) throw unsupported(`the sql_mode ${changed}`);
    }
    // What is read is always committed; stricter levels are promised only by locking reads.
    if (/isolation$/.test(name) && !/^(?:READ-COMMITTED|READ-UNCOMMITTED|REPEATABLE-READ)$/.test(value)) {
      throw unsupported(`the isolation level ${value}`);
    }
  }
}

/** MySQL's LIKE, without case. */
export function matches(text: string, like: string): boolean {
  const pattern = like.replace(/\\?[\s\S]/g, (part) => {
    if (part === '%') return '.*';
    if (part === '_') return '.';
    return part.slice(-1).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${pattern}$`, 'is').test(text);
}
