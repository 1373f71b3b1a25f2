import { spawn } from 'node:child_process';

/** What opens a page in the person's own browser. On Windows no shell is asked, which would read the "&" in links. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
const OTHERS = ['xdg-open'];
/** Some openers end with the browser, hours later: who has not failed by then has opened it. */
const PATIENCE_MS = 3_000;

/** Opens a page in the browser. Returns what was in the way; undefined when it was opened. Never throws. */
export function openInBrowser(url: string, platform = process.platform): Promise<string | undefined> {
  if (!/^https?:\/\//.test(url)) return Promise.resolve(`${url} is no page`);
  const [program = '', ...args] = OPENERS[platform] ?? OTHERS;
  return new Promise((resolve) => {
    const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
    const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    const end = (obstacle: string | undefined) => {
      clearTimeout(timer);
      resolve(obstacle);
    };
    child.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ENOENT' ? `there is no ${program} here` : error.message),
    );
    child.once('exit', (code) => end(code ? `${program} ended with ${code}` : undefined));
    child.unref();
  });
}
