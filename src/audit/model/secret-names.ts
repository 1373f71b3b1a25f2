/** What a secret gives whoever reads it. */
export type SecretKind = 'stripe-key' | 'signing-secret' | 'database' | 'other';

/** Other services that call webhooks or have secrets of their own: what bears their name is none of Stripe's. */
const OTHER_SERVICES =
  /^(ADYEN|AIRTABLE|ALCHEMY|ALGOLIA|APPLE|ATLASSIAN|AUTH0|BITBUCKET|BRAINTREE|CALENDLY|CHARGEBEE|CHECKR|CLERK|CLOUDINARY|COGNITO|COINBASE|CONTENTFUL|DATADOG|DISCORD|DOCUSIGN|FACEBOOK|FIREBASE|GITHUB|GITLAB|GOCARDLESS|GOOGLE|GRAFANA|HUBSPOT|INSTAGRAM|INTERCOM|JIRA|KLARNA|KLAVIYO|LEMONSQUEEZY|LINEAR|LINKEDIN|MAILCHIMP|MAILGUN|MESSENGER|MOLLIE|MUX|NEWRELIC|NOTION|OKTA|ONFIDO|OPENAI|OPSGENIE|PADDLE|PAGERDUTY|PAYPAL|PLAID|POSTMARK|PUSHER|QUICKBOOKS|RAZORPAY|RECURLY|REVENUECAT|SALESFORCE|SANITY|SEGMENT|SENDGRID|SENTRY|SHOPIFY|SLACK|SQUARE|STRAVA|SUPABASE|SVIX|TELEGRAM|TRELLO|TWILIO|TWITCH|TWITTER|TYPEFORM|VERCEL|WHATSAPP|WOOCOMMERCE|XERO|ZENDESK|ZOOM)$/;

/** The words of a name, in capitals: `StripeWebhookSecret`, `stripe-webhook-secret` and `STRIPE_WEBHOOK_SECRET` have the same. */
export function wordsIn(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== '');
}

export const namesStripe = (name: string): boolean => /stripe/i.test(name);

/** Whether a name belongs to another service, and not to Stripe. */
export const namesOtherService = (name: string): boolean =>
  !namesStripe(name) && wordsIn(name).some((word) => OTHER_SERVICES.test(word));

/** Words that say where a secret is kept. */
const PLACE = /^(PARAM|PARAMS|PARAMETER|PARAMETERS|ARN|ARNS|NAME|PATH|SSM|REF|LOCATION|PREFIX)$/;
/** Words behind a secret's own that tell stages and versions apart. */
const QUALIFIER =
  /^(VALUE|TEST|LIVE|PROD|PRODUCTION|DEV|DEVELOPMENT|STAGING|STAGE|SANDBOX|OLD|NEW|CURRENT|PREVIOUS|PRIMARY|SECONDARY|V?\d+)$/;
const SECRET_WORD =
  /^(SECRET|PASSWORD|PASSWD|PWD|PASS|PASSPHRASE|TOKEN|CREDENTIAL|CREDENTIALS|APIKEY|SECRETKEY|PRIVATEKEY|PGPASSWORD)$/;
const KEY_OF =
  /^(API|PRIVATE|SECRET|SIGNING|ACCESS|ENCRYPTION|AUTH|RESTRICTED|WEBHOOK|STRIPE|MASTER|LIVE|SK|RK)$/;
const DATABASE = /^(DATABASE|DB|MYSQL|MARIADB|RDS|POSTGRES|POSTGRESQL|PG|AURORA|PGPASSWORD)$/;
const ACCESS = /^(URL|URI|DSN|PASSWORD|PASSWD|PASS|PWD|PGPASSWORD)$/;

/** Whether a name says where a secret is kept: `SSM_PATH_STRIPE_SECRET_KEY`, `STRIPE_SECRET_ID`. */
export function isPlaceName(name: string): boolean {
  const words = wordsIn(name);
  return words.some((word) => PLACE.test(word)) || /^(ID|IDS)$/.test(words.at(-1) ?? '');
}

/** The kind of secret that a variable, a parameter or a property of this name holds; undefined: none. */
export function kindOfName(name: string): SecretKind | undefined {
  if (isPlaceName(name)) return undefined;
  const words = wordsIn(name);
  while (words.length > 1 && QUALIFIER.test(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  if (words.some((word) => DATABASE.test(word)) && ACCESS.test(last)) return 'database';
  const key = last === 'KEY' || last === 'KEYS' ? KEY_OF.test(words.at(-2) ?? '') : false;
  const signs = last === 'SIGNING' && namesStripe(name);
  if (!key && !signs && !SECRET_WORD.test(last)) return undefined;
  if (namesOtherService(name)) return 'other';
  const webhook = words.some((word) => /^(WEBHOOK|WEBHOOKS|HOOK|SIGNING|ENDPOINT|WH|SIGNATURE)$/.test(word));
  if (webhook && (namesStripe(name) || words.some((word) => /^(WEBHOOKS?|ENDPOINT)$/.test(word))))
    return 'signing-secret';
  return namesStripe(name) ? 'stripe-key' : 'other';
}

/** The kind of secret that a text begins like; undefined: none that is known by its form. */
export function kindOfValue(text: string): SecretKind | undefined {
  if (/^[sr]k_(test|live)_/.test(text)) return 'stripe-key';
  if (text.startsWith('whsec_')) return 'signing-secret';
  return /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i.test(text) ? 'database' : undefined;
}

const PLACEHOLDER =
  /^(|x+|\*+|\.+|-+|<.*>|\[.*\]|\{\{(?!resolve:).*\}\}|(your|my)[-_ ].*|(.*[-_ ])?(change|replace|insert|set|fill|update)[-_ ]?(me|this|with|here|in|it)?([-_ ].*)?|todo.*|tbd|placeholder.*|dummy.*|example.*|sample.*|fake.*|mock.*|none|null|undefined|n\/?a|empty|default|test|secret|password|abc|(.*[-_ ])?here)$/i;

/** Whether a text stands where a secret will be, and is none: `sk_test_…`, `changeme`. */
export function isPlaceholder(text: string): boolean {
  const rest = text.trim().replace(/^(?:[sr]k_(?:test|live)_|whsec_)/, '');
  return PLACEHOLDER.test(rest) || /x{5,}|\.{3}|…|\*{3}|your|placeholder|replace|change.?me/i.test(rest);
}
