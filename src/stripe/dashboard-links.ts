type Mode = 'test' | 'live';

function dashboard(mode: Mode, path: string): string {
  return `https://dashboard.stripe.com/${mode === 'test' ? 'test/' : ''}${path}`;
}

export const dashboardLinks = {
  destination: (mode: Mode, id: string) => dashboard(mode, `workbench/event-destinations/${id}`),
  webhookEndpoint: (mode: Mode, id: string) => dashboard(mode, `workbench/webhooks/${id}`),
  event: (mode: Mode, id: string) => dashboard(mode, `events/${id}`),
  payment: (mode: Mode, paymentIntentId: string) => dashboard(mode, `payments/${paymentIntentId}`),
  apiKeys: (mode: Mode) => dashboard(mode, 'apikeys'),
};
