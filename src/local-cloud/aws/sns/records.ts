export interface Topic {
  arn: string;
  name: string;
  region: string;
  displayName: string;
  /** JSON text of the resource policy. */
  policy: string;
  /** `KmsMasterKeyId`; empty when not encrypted. */
  kmsKey: string;
  tags: Record<string, string>;
}

export interface Subscription {
  arn: string;
  topicArn: string;
  protocol: string;
  endpoint: string;
  pending: boolean;
  token: string;
  /** Milliseconds since the epoch. */
  created: number;
  rawDelivery: boolean;
  /** JSON text; empty when everything passes. */
  filterPolicy: string;
  filterPolicyScope?: 'MessageAttributes' | 'MessageBody';
}

/** A mail that SNS would have sent. */
export interface Mail {
  id: string;
  time: number;
  to: string;
  subject: string;
  body: string;
  topicArn: string;
  /** Set on a request to confirm: the token that its link carries. */
  token: string | null;
}
