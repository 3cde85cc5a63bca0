#!/bin/sh
# Writes the secrets that docker-compose.yml asks for to .env, once. It never changes one that is there.
set -eu
umask 077
cd "$(dirname "$0")/../.."
touch .env
chmod 600 .env

secret() {
  head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'
}

add() {
  grep -q "^$1=" .env || printf '%s=%s\n' "$1" "$2" >> .env
}

add POSTGRES_PASSWORD "$(secret)"
add CALLER_SECRETS "k1:$(secret)"
add KEY_PEPPER "$(secret)"
add IDENTIFIER_PEPPER "$(secret)"
echo ".env has all secrets. Keep it: without the peppers, no key and no member is found again."
