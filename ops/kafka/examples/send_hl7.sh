#!/bin/sh
# A hospital publishes one HL7 message, signed, with kcat and openssl: send_hl7.sh BOOTSTRAP TERRITORY PARTNER SECRET-FILE KEY FILE [kcat options]
# Its answer: kcat -b BOOTSTRAP -C -t relais.TERRITORY.answers -o beginning -e -J | jq 'select(.key == "KEY")'
set -eu
usage='usage: send_hl7.sh BOOTSTRAP TERRITORY PARTNER SECRET-FILE KEY FILE [kcat options]'
bootstrap=${1:?$usage} territory=${2:?$usage} partner=${3:?$usage} secret=${4:?$usage} key=${5:?$usage} file=${6:?$usage}
shift 6
timestamp=$(date +%s)
# The secret's bytes, in hexadecimal for openssl. Others on this machine may see arguments: use send.py where that matters.
bytes=$(sed -n 's/^whsec_//p' "$secret" | tail -n 1 | base64 -d | od -An -v -tx1 | tr -d ' \n')
signature=$({ printf '%s.%s.' "$key" "$timestamp"; cat "$file"; } | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$bytes" -binary | base64 -w 0)
kcat -q -b "$bootstrap" -P -t "relais.$territory.intake" -k "$key" -X acks=all -X partitioner=murmur2_random \
    -H content-type=application/hl7-v2 -H "relais_partner=$partner" -H "webhook-id=$key" -H "webhook-timestamp=$timestamp" \
    -H "webhook-signature=v1,$signature" "$@" "$file"
