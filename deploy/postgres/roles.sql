-- Run once, when the database is made: a role and a schema for each app. None can read another's tables, and none may
-- do more than its app does. The passwords are those in the addresses that the apps are given.
\set authorization_server_password `sed -E 's#^.*://[^:]*:([^@]*)@.*#\1#' /run/secrets/authorization-server-database-url`
\set todos_api_password `sed -E 's#^.*://[^:]*:([^@]*)@.*#\1#' /run/secrets/todos-api-database-url`
\set demo_client_password `sed -E 's#^.*://[^:]*:([^@]*)@.*#\1#' /run/secrets/demo-client-database-url`

REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE ROLE authorization_server LOGIN PASSWORD :'authorization_server_password';
CREATE SCHEMA AUTHORIZATION authorization_server;

CREATE ROLE todos_api LOGIN PASSWORD :'todos_api_password';
CREATE SCHEMA AUTHORIZATION todos_api;

CREATE ROLE demo_client LOGIN PASSWORD :'demo_client_password';
CREATE SCHEMA AUTHORIZATION demo_client;
