#!/bin/sh
# Run once by the image of PostgreSQL, in an empty database: Trellis's own role and its database. The
# role is no superuser, for whom row-level security, the second wall between tenants, would not stand.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --set password="$TRELLIS_DB_PASSWORD" \
    --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
CREATE ROLE trellis LOGIN PASSWORD :'password';
CREATE DATABASE trellis OWNER trellis;
SQL
