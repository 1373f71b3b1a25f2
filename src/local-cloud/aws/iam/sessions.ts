import { randomBytes } from 'node:crypto';
import { ACCOUNT, type LocalCloud } from '../../kernel/cloud.js';
import type { Principal } from '../../kernel/service.js';
import type { Table } from '../../kernel/store.js';
import { type IamState, roleByArn, uniqueId } from './state.js';

interface Session {
  roleArn: string;
  /** A role made again under the same name is another role: its predecessor's keys are dead. */
  roleId: string;
  sessionName: string;
  /** Milliseconds; absent for a function's own keys, which end with its environment. */
  expires?: number;
}

export interface SessionKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/** Temporary keys of roles, by access key id. */
export class Sessions {
  private readonly assumed: Table<Session>;
  /** Functions live in this process's children: their keys need not outlive it. */
  private readonly functions = new Map<string, Session>();

  constructor(
    private readonly cloud: LocalCloud,
    private readonly state: IamState,
  ) {
    this.assumed = cloud.store.table<Session>('iam.sessions');
  }

  /** Keys for a role. The caller has checked that the role may be assumed. Throws when there is no such role. */
  create(roleArn: string, sessionName: string, durationSeconds?: number): SessionKeys {
    const role = roleByArn(this.state, roleArn);
    if (!role) throw new Error(`there is no role ${roleArn} to make a session for`);
    const keys = {
      accessKeyId: uniqueId('ASIA', 16),
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(96).toString('base64'),
    };
    const session: Session = { roleArn, roleId: role.id, sessionName };
    if (durationSeconds === undefined) this.functions.set(keys.accessKeyId, session);
    else {
      this.forgetExpired();
      this.assumed.set(keys.accessKeyId, {
        ...session,
        expires: this.cloud.clock.now() + durationSeconds * 1000,
      });
    }
    return keys;
  }

  principalOf(accessKeyId: string): Principal | 'expired' | undefined {
    const session = this.functions.get(accessKeyId) ?? this.assumed.get(accessKeyId);
    if (!session) return undefined;
    const role = roleByArn(this.state, session.roleArn);
    if (role?.id !== session.roleId) return undefined;
    if (session.expires !== undefined && session.expires <= this.cloud.clock.now()) return 'expired';
    const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/${role.name}/${session.sessionName}`;
    return { kind: 'role', arn, roleArn: role.arn };
  }

  /** Keys that expired more than a day ago no longer say `expired`, only that they are unknown. */
  private forgetExpired(): void {
    const before = this.cloud.clock.now() - 86_400_000;
    for (const [key, { expires }] of this.assumed.entries())
      if (expires !== undefined && expires < before) this.assumed.delete(key);
  }
}
