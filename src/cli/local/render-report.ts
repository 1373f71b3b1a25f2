import type { Canvas } from '../../terminal/canvas.js';

/** Something that flowed through a local cloud. */
export interface Happening {
  time: number;
  source: string;
  text: string;
}

/** A mail that AWS would have sent. */
export interface Mail {
  time: number;
  to: string;
  subject: string;
  body: string;
  topicArn: string;
  /** Set on a request to confirm a subscription. */
  token: string | null;
}

/** Where the local clouds are reached, with the lines that point other tools at them. */
export function renderAddresses(environment: Record<string, string>, canvas: Canvas): string {
  const { AWS_ENDPOINT_URL: aws, STRIPE_API_BASE: stripe } = environment;
  const exported = (names: string[]) => names.map((name) => `  export ${name}=${environment[name]}`);
  return [
    `${canvas.ink('bold', 'AWS')}     ${aws}`,
    `${canvas.ink('bold', 'Stripe')}  ${stripe}`,
    '',
    'For the AWS CLI, boto3 and any SDK (the keys mean nothing outside):',
    ...exported([
      'AWS_ENDPOINT_URL',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
    ]),
    '  (version 1 of the AWS CLI needs --endpoint-url "$AWS_ENDPOINT_URL" for SQS)',
    '',
    'For the Stripe CLI:',
    `  ${evaluated(canvas)}`,
    '  stripe events list --api-base "$STRIPE_API_BASE"',
    '',
    'To see a payment flow through (in another terminal, here):',
    `  ${canvas.command('cachao setup --local')}      once`,
    `  ${canvas.command('cachao checkout --local')}`,
    '',
    'The mails that AWS would have sent, and the link in the oldest of them:',
    `  ${canvas.command('cachao local --inbox')}`,
    `  ${canvas.command('cachao local --confirm')}`,
    '',
    canvas.ink('dim', 'Every command with --local in this directory uses the same clouds.'),
    canvas.ink('dim', 'Ctrl-C ends them; their state stays.'),
  ].join('\n');
}

const evaluated = (canvas: Canvas): string =>
  `eval "$(${canvas.scope.command('cachao local --export')})"     sets its key, and all of the above`;

/** One line of the live log; on a terminal what does not fit hangs under its beginning. */
export function renderHappening(
  { time, source, text }: Happening,
  canvas: Canvas,
  terminal: boolean,
): string {
  const begin = `${new Date(time).toISOString().slice(11, 23)}  ${source.padEnd(14)} `;
  return terminal ? canvas.wrap(text, begin, ' '.repeat(4)) : begin + text;
}

export function renderInbox(mails: readonly Mail[], canvas: Canvas): string {
  if (mails.length === 0) return 'The inbox is empty.';
  return mails
    .map((mail) => {
      const head = `${new Date(mail.time).toISOString()}  to ${mail.to}: ${canvas.ink('bold', mail.subject)}`;
      const confirm = mail.token
        ? `\n${`    ${canvas.command('cachao local --confirm')}`} opens its link`
        : '';
      return `${head}\n${canvas.wrap(mail.body, '    ')}${confirm}`;
    })
    .join('\n\n');
}
