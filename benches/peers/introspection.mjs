// Token introspection of oidc-provider with its in-memory adapter: one client, one opaque token.
// Prints `<address> <basic credentials> <token>` once it listens; runs until it is killed.
import { Provider } from 'oidc-provider';

process.env.NODE_ENV = 'production';
const client = { client_id: 'bench', client_secret: 'bench-secret-of-nobody', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] };
const provider = new Provider('http://127.0.0.1', {
  clients: [client],
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    devInteractions: { enabled: false },
  },
  ttl: { ClientCredentials: 3600 },
});
const server = provider.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  const authorization = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
  const response = await fetch(`http://127.0.0.1:${port}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${authorization}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  const { access_token: token } = await response.json();
  console.log(`127.0.0.1:${port} ${authorization} ${token}`);
});
