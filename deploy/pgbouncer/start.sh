#!/bin/sh
# The database's address and password are all that differs between places.
set -eu
password=$(cat "$DATABASE_PASSWORD_FILE")
umask 077
printf '[databases]\nsluice = host=%s port=5432 dbname=sluice user=sluice password=%s\n' "$DATABASE_HOST" "$password" > /tmp/databases.ini
printf '"sluice" "%s"\n' "$password" > /tmp/users.txt
chown postgres /tmp/databases.ini /tmp/users.txt
exec pgbouncer -u postgres /etc/pgbouncer/pgbouncer.ini
