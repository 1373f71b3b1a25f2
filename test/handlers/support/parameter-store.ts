import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** The one call of SSM's that the handlers make, over real HTTP; unknown names are refused as SSM does. */
export async function startParameterStore(given: Record<string, string>) {
  const asked: string[] = [];
  const versions: Record<string, number> = {};
  // Every change of a value counts.
  const values = new Proxy(given, {
    set(target, name: string, value: string) {
      versions[name] = (versions[name] ?? 1) + 1;
      target[name] = value;
      return true;
    },
  });
  let isAway = false;
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { Name, WithDecryption } = JSON.parse(Buffer.concat(chunks).toString()) as {
      Name: string;
      WithDecryption: boolean;
    };
    asked.push(Name);
    if (isAway) {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      return void response.end(JSON.stringify({ __type: 'ThrottlingException' }));
    }
    const signed = /^AWS4-HMAC-SHA256 Credential=\S+\/eu-west-1\/ssm\/aws4_request/.test(
      request.headers.authorization ?? '',
    );
    const value = values[Name];
    const known =
      signed &&
      WithDecryption &&
      request.headers['x-amz-target'] === 'AmazonSSM.GetParameter' &&
      value !== undefined;
    response.writeHead(known ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(
      JSON.stringify(
        known
          ? { Parameter: { Name, Value: value, Version: versions[Name] ?? 1 } }
          : { __type: 'com.amazonaws.ssm#ParameterNotFound' },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    values,
    asked,
    /** Throttles every call until told otherwise. */
    throttle: (on: boolean) => {
      isAway = on;
    },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The environment that the stack gives a function, with SSM at `url`. */
export function functionEnvironment(url: string): Record<string, string> {
  return {
    CACHAO_STAGE: 'test',
    CACHAO_LIVEMODE: 'false',
    CACHAO_CURRENCY: 'eur',
    CACHAO_DATABASE_PARAMETER: '/cachao/test/database',
    CACHAO_WEBHOOK_SECRET_PARAMETER: '/cachao/test/stripe/webhook-secret',
    CACHAO_SHARED_STRIPE_ACCOUNT: 'false',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_ENDPOINT_URL_SSM: url,
  };
}
