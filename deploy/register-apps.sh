#!/bin/sh
# Registers the demo client as an operator would, at every start: what is registered already stays as it is.
# Reads TODOS_URL, CLIENT_ID and CLIENT_SECRET_FILE, and the settings of the authorization server.
set -eu

exec node "$(dirname "$0")/../apps/authorization-server/src/cli.ts" client add \
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
