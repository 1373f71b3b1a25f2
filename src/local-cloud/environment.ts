/** Variables that point AWS SDKs, the Stripe SDK and cachao at a local cloud. */
export function clientEnvironment(
  addresses: { aws: string; stripe: string; database: string },
  operatorKey: { accessKeyId: string; secretAccessKey: string },
  stripeKey: string,
  databasePassword: string,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: addresses.aws,
    AWS_ACCESS_KEY_ID: operatorKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operatorKey.secretAccessKey,
    AWS_REGION: 'eu-west-1',
    // What boto3 and older AWS CLIs read instead.
    AWS_DEFAULT_REGION: 'eu-west-1',
    STRIPE_API_BASE: addresses.stripe,
    STRIPE_API_KEY: stripeKey,
    CACHAO_DATABASE: addresses.database,
    CACHAO_DATABASE_PASSWORD: databasePassword,
  };
}
