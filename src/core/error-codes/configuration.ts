import type { ErrorTable } from './types.js';

/** The configuration file, stages, settings and the database's address. */
export const CONFIGURATION_ERRORS = {
  CONFIG_INVALID: {
    what: 'cachao.config.json is not JSON, or has a member or value that it may not have.',
    why: 'A setting that is not understood would be ignored silently.',
    next: 'Correct the place that the message names. An editor helps when the file has a "$schema" line.',
    example: 'cachao.config.json:4:7 is not JSON: a comma is missing.',
  },
  CONFIG_NOT_FOUND: {
    what: 'The configuration file that was named does not exist.',
    why: 'The path comes from --config or CACHAO_CONFIG.',
    next: 'Correct it, or leave it out: cachao setup writes the file.',
    example: 'There is no configuration ./prod.json.',
  },
  CONFIG_NOT_SAVED: {
    what: 'The answers of a setup could not be written to the file.',
    why: 'The directory or the file cannot be written.',
    next: 'Make it writable, or name another file with --config, and run the command again.',
    example: 'The answers could not be saved to cachao.config.json: EACCES: permission denied.',
  },
  CONFIG_UNREADABLE: {
    what: 'The configuration file exists and cannot be read.',
    why: 'Its permissions, or it is not a file.',
    next: 'Make it readable, or name another one with --config.',
    example: 'The configuration cachao.config.json cannot be read: EISDIR: illegal operation on a directory.',
  },
  DATABASE_CA_INVALID: {
    what: 'The file of databaseCa holds no certificates that can be used.',
    why: 'With certificates that cannot be read no connection would be trusted.',
    next: "Name a file in PEM format with the certificates of the authority that signed the database's certificate.",
    example: 'The file ca.pem has no certificate in it.',
  },
  DATABASE_PASSWORD_MISSING: {
    what: 'There is no password for the orders database.',
    why: 'The command must connect to the database, and the address never has a password in it.',
    next: 'Set CACHAO_DATABASE_PASSWORD, or leave --database out where the message says so.',
    example:
      'There is no password for mysql://shop@db.example.com:3306/shop, so no test order can be made there.',
  },
  DATABASE_URL_INVALID: {
    what: 'The address of the database is not one that can be used.',
    why: 'It has another protocol, or lacks user, host or database, or its address does not work with its TLS settings.',
    next: 'Write it as mysql://user@host:3306/shop. The default is ?tls=verify; ?tls=off is for a test stage.',
    example: '"postgres://db/shop" is not the URL of a MySQL or MariaDB database.',
  },
  PASSWORD_IN_URL: {
    what: 'The address of the database has a password in it.',
    why: "Other processes, the shell's history and version control see arguments and files.",
    next: 'Write it without the password, set CACHAO_DATABASE_PASSWORD, and change a password that stood in a file or history.',
    example: 'The database URL has a password in it.',
  },
  SETTING_INVALID: {
    what: 'A setting has a value that it may not have.',
    why: 'It came from a flag, a variable or an answer, which the message names.',
    next: 'Correct it there. The reference of settings says what each one takes.',
    example: '--throttle-rate is "many": a number is needed.',
  },
  STAGE_INVALID: {
    what: 'The name is not a stage name.',
    why: 'It becomes part of the names of stacks, queues and parameters.',
    next: 'Use 1 to 20 lower case letters, digits and dashes, not a dash first.',
    example: '"Prod!" (from --stage) is not a stage name.',
  },
  STAGE_UNKNOWN: {
    what: 'The configuration file has no such stage.',
    why: 'A mistyped stage would be a new, empty one.',
    next: 'Correct the name, or make the stage with cachao setup --stage NAME.',
    example: 'There is no stage "prd" (from --stage) in cachao.config.json. Did you mean "prod"?',
  },
} as const satisfies ErrorTable;
