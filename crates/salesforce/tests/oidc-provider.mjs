// oidc-provider as an org's login server: PKCE required, refresh tokens rotate, and one that comes again revokes
// the grant. Only Salesforce's addresses and the two members its token answers have besides are added.
//
// node oidc-provider.mjs FOLDER REDIRECT_URI: prints its address as one JSON line.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [folder, redirectUri] = process.argv.slice(2);
const installed = createRequire(`${folder}/package.json`);
const { default: Provider } = await import(pathToFileURL(installed.resolve('oidc-provider')));

const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://localhost:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'holdline',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: [redirectUri],
  }],
  features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
  issueRefreshToken: () => true,
  pkce: { required: () => true },
  rotateRefreshToken: () => true,
  routes: {
    authorization: '/services/oauth2/authorize',
    revocation: '/services/oauth2/revoke',
    token: '/services/oauth2/token',
  },
  scopes: ['openid', 'offline_access', 'api', 'refresh_token', 'id'],
});

provider.use(async (ctx, next) => {
  await next();
  if (ctx.oidc?.route === 'token' && ctx.body?.access_token) {
    ctx.body.instance_url = issuer;
    ctx.body.id = `${issuer}/id/00D000000000001EAA/005000000000001AAA`;
  }
});
server.on('request', provider.callback());
console.log(JSON.stringify({ issuer }));
// It ends with the test that started it.
process.stdin.resume().on('end', () => process.exit());
