/** The members of API Gateway's proxy event that the webhook reads. */
export interface WebhookRequest {
  headers?: Record<string, string | undefined> | null;
  multiValueHeaders?: Record<string, string[] | undefined> | null;
  body?: string | null;
  isBase64Encoded?: boolean;
}

export interface WebhookResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** The bytes that Stripe sent, which is what it signed. */
export function rawBody(request: WebhookRequest): Buffer {
  return Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8');
}

/** A header by its name, whose case depends on what stands between Stripe and us. */
export function header(request: WebhookRequest, name: string): string | undefined {
  const find = <T>(headers: Record<string, T> | null | undefined): T | undefined =>
    Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
  return find(request.headers) ?? find(request.multiValueHeaders)?.join(',');
}

export function respond(statusCode: number, body: object): WebhookResponse {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function refuse(statusCode: number, code: string, message: string): WebhookResponse {
  return respond(statusCode, { error: { code, message } });
}
