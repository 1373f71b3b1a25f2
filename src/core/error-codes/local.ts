import type { ErrorTable } from './types.js';

/** The local cloud. */
export const LOCAL_ERRORS = {
  LOCAL_CLOUD_DISK_FULL: {
    what: 'The local cloud cannot write its state: the disk is full.',
    why: 'All that it holds lies in .cachao/local.',
    next: 'Make room on that disk, then run the command again.',
    example: 'The local clouds could not start: no space left on device.',
  },
  LOCAL_CLOUD_ENDED: {
    what: 'The local cloud ended while the command used it.',
    why: 'It was ended by somebody, or failed; .cachao/local/cloud.log has its last output.',
    next: 'Its state stays: run the command again, which starts it.',
    example: 'The local clouds ended, but not by this command.',
  },
  LOCAL_CLOUD_NOT_WRITABLE: {
    what: 'The local cloud cannot write its state here.',
    why: 'Its state lies in .cachao/local, below the directory of the command.',
    next: 'Run the command in a directory that you may write to.',
    example: 'The local clouds could not start: .cachao/local cannot be written.',
  },
  LOCAL_CLOUD_PORT_TAKEN: {
    what: 'The port that was asked for is in use.',
    why: 'Another program, or another local cloud, listens there.',
    next: 'Name another port with --port, or none: then one is found.',
    example: 'The local clouds could not start: port 4700 is in use.',
  },
  LOCAL_CLOUD_UNAVAILABLE: {
    what: 'The local cloud did not start.',
    why: 'Other commands use its state, or the state is damaged; the message says which.',
    next: 'End the other commands; if the state is beyond help, start from nothing: cachao local --reset',
    example: 'The local clouds could not start.',
  },
  LOCAL_NOT_RUNNING: {
    what: 'No local cloud runs with the state in this directory.',
    why: 'There is nothing to point a shell at.',
    next: 'Run cachao local in another terminal, in this directory, and leave it running.',
    example: 'No local cloud runs with the state in .cachao/local, so there is nothing to point a shell at.',
  },
  NOTHING_TO_CONFIRM: {
    what: 'No subscription to alarms waits to be confirmed.',
    why: 'Only a stage with an e-mail address has one.',
    next: 'Run cachao setup --local --email you@example.com, then cachao local --inbox.',
    example: 'No subscription waits to be confirmed.',
  },
} as const satisfies ErrorTable;
