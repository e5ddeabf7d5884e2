#!/bin/sh
# Registers the demo client and the documentation of the todos API as an operator would, at every start: what is
# registered already stays as it is. Reads TODOS_URL, CLIENT_ID, CLIENT_SECRET_FILE, API_URL and DOCS_CLIENT_ID, and the
# settings of the authorization server.
set -eu

latchkey() {
  node "$(dirname "$0")/../apps/authorization-server/src/cli.ts" "$@"
}

latchkey client add \
  --if-missing \
  --client-id "$CLIENT_ID" \
  --client-secret-file "$CLIENT_SECRET_FILE" \
  --name 'Latchkey Todos' \
  --client-uri "$TODOS_URL/" \
  --redirect-uri "$TODOS_URL/auth/callback" \
  --post-logout-redirect-uri "$TODOS_URL/auth/signed-out" \
  --backchannel-logout-uri "$TODOS_URL/auth/backchannel-logout" \
  --backchannel-logout-session-required \
  --scope 'openid profile email offline_access read:todos write:todos admin'

latchkey client add \
  --if-missing \
  --client-id "$DOCS_CLIENT_ID" \
  --public \
  --name 'Todos API documentation' \
  --client-uri "$API_URL/docs" \
  --redirect-uri "$API_URL/docs/oauth2-redirect" \
  --grant-type authorization_code \
  --scope 'openid read:todos write:todos admin'
