#!/bin/sh
# Makes a test authority, and a key and certificate for each broker, each role and each partner named: secrets/NAME.{key,crt,pem}. For a real
# cluster the hospital's own authority signs; keep the names. Usage: make-certificates.sh [PARTNER...]
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
cd secrets
umask 077
if [ ! -f ca.key ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 -subj '/CN=relais-test-authority' \
        -keyout ca.key -out ca.crt 2>/dev/null
fi
issue() {
    name=$1 subject=$2 alternatives=$3
    [ -f "$name.crt" ] && return
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$subject" -keyout "$name.key" -out "$name.csr" 2>/dev/null
    printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$alternatives" >"$name.ext"
    openssl x509 -req -in "$name.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 825 -extfile "$name.ext" -out "$name.crt" 2>/dev/null
    # Kafka reads key and certificate chain from one file.
    cat "$name.key" "$name.crt" ca.crt >"$name.pem"
    rm "$name.csr" "$name.ext"
}
for number in 1 2 3; do issue "kafka-$number" broker "DNS:kafka-$number,DNS:localhost"; done
for role in admin relay follower notifier reader; do issue "$role" "$role" "DNS:$role"; done
for partner in "$@"; do issue "partner-$partner" "partner-$partner" "DNS:partner-$partner"; done
# The brokers run as another user.
chmod 755 .
chmod 644 ca.crt kafka-*.pem admin.pem
echo "made in $(pwd): $(ls -- *.crt | tr '\n' ' ')"
