import { createHash } from 'node:crypto';
import type { Store } from './kernel/store.js';

export interface ListenerPorts {
  aws: number;
  stripe: number;
  database: number;
}

/** A port that the caller asked for is a promise to somebody: it is not exchanged in silence. */
export class PortTaken extends Error {}

/**
 * Below what systems give to outgoing connections (32768 on Linux, 49152 elsewhere), so that a port which was free once
 * is seldom another program's after a reboot.
 */
const LOWEST = 20_000;
const COUNT = 12_000;
const ATTEMPTS = 40;

/** The ports on which the listeners of one state were last, which addresses in its records name. */
export function knownPorts(store: Store): Partial<ListenerPorts> {
  return store.table<ListenerPorts>('cloud.ports').get('listeners') ?? {};
}

/**
 * Listens on the port that was asked for, or else on the last one, or else on another.
 * @param own whether a first port is one of the state's own range, not any free one
 * @throws PortTaken
 */
export async function listenOn<T>(
  name: keyof ListenerPorts,
  listen: (port: number) => Promise<T>,
  { asked, last, own }: { asked: number | undefined; last: number | undefined; own: string | undefined },
): Promise<T> {
  if (asked) {
    try {
      return await listen(asked);
    } catch (error) {
      if (isTaken(error))
        throw new PortTaken(`Port ${asked} for the local ${name} is taken.`, { cause: error });
      throw error;
    }
  }
  const tried = [...(last ? [last] : []), ...(own === undefined ? [] : candidates(`${own} ${name}`))];
  for (const port of tried) {
    try {
      return await listen(port);
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  return listen(0);
}

/** Windows says EACCES of a port that is set apart for something else. */
function isTaken(error: unknown): boolean {
  return ['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** The same for one state every time: what other programs remember of it stays right after a reset. */
function candidates(seed: string): number[] {
  return Array.from({ length: ATTEMPTS }, (_, attempt) => {
    const hash = createHash('sha256').update(`${seed} ${attempt}`).digest();
    return LOWEST + (hash.readUInt32BE() % COUNT);
  });
}

/**
 * Remembers the ports, and makes addresses in the records name them where a listener has moved: URLs of queues and
 * endpoints, the stored database address, whatever a stack or a function was told. Returns what to tell people.
 */
export function followMoves(store: Store, ports: ListenerPorts): string[] {
  const table = store.table<ListenerPorts>('cloud.ports');
  const last = table.get('listeners');
  const moved = (Object.keys(ports) as (keyof ListenerPorts)[]).filter(
    (name) => last !== undefined && last[name] !== ports[name],
  );
  if (last === undefined || moved.length > 0) table.set('listeners', ports);
  if (last === undefined || moved.length === 0) {
    store.flush();
    return [];
  }
  const now = new Map(moved.map((name) => [String(last[name]), String(ports[name])]));
  const address = new RegExp(`\\b(127\\.0\\.0\\.1|localhost):(${[...now.keys()].join('|')})(?!\\d)`, 'g');
  store.rewriteText((text) => text.replace(address, (_, host, port) => `${host}:${now.get(port)}`));
  const moves = moved.map((name) => `${name} from port ${last[name]} to ${ports[name]}`);
  return [
    `The local cloud has moved (${moves.join(', ')}), because its last ports are taken or others were asked for: addresses in the local world were changed, and shells that were pointed at it need cachao local --export again.`,
  ];
}
