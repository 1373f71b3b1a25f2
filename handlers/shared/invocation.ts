/** The members of Lambda's context object that the handlers use. */
export interface Invocation {
  awsRequestId: string;
}
