import { createHash, timingSafeEqual } from 'node:crypto';

/** What mysql2's server side hands to its `authCallback`. */
export interface Login {
  user: string;
  database?: string;
  authPluginData1: Buffer;
  authPluginData2: Buffer;
  authToken?: Buffer;
}

export interface LoginError {
  code: number;
  message: string;
}

export const USER = 'cachao';

/**
 * mysql_native_password: the client proves that it knows the password with
 * SHA1(password) XOR SHA1(scramble + SHA1(SHA1(password))). Null when it may come in.
 */
export function checkLogin(login: Login, password: string, database: string): LoginError | null {
  const scramble = Buffer.concat([login.authPluginData1, login.authPluginData2]);
  const once = sha1(Buffer.from(password));
  const mask = sha1(scramble, sha1(once));
  const expected = Buffer.from(once.map((byte, index) => byte ^ (mask[index] as number)));
  const given = login.authToken ?? Buffer.alloc(0);
  const proven = given.length === expected.length && timingSafeEqual(given, expected);
  if (!proven || login.user !== USER) {
    const using = given.length > 0 ? 'YES' : 'NO';
    return {
      code: 1045,
      message: `Access denied for user '${login.user}'@'localhost' (using password: ${using})`,
    };
  }
  if (login.database && login.database !== database)
    return { code: 1049, message: `Unknown database '${login.database}'` };
  return null;
}

function sha1(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
