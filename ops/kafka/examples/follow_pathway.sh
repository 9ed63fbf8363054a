#!/bin/sh
# Prints what happens in one stream, such as a pathway, as it happens: follow_pathway.sh BOOTSTRAP TERRITORY STREAM [kcat options]
# STREAM is the CloudEvents subject, 32 hexadecimal digits. Ends with Ctrl-C, or at the topic's end with the option -e.
set -eu
usage='usage: follow_pathway.sh BOOTSTRAP TERRITORY STREAM [kcat options]'
bootstrap=${1:?$usage} territory=${2:?$usage} stream=${3:?$usage}
shift 3
kcat -q -u -b "$bootstrap" -C -t "relais.$territory.events" -o beginning -J -X isolation.level=read_committed "$@" |
    jq -r --unbuffered --arg stream "$stream" 'select(.key == $stream)
        | .headers as $h | reduce range(0; $h | length; 2) as $i ({}; . + {($h[$i]): $h[$i + 1]})
        | "\(.ce_time)  \(.ce_type)  v\(.ce_version)  @\(.ce_position)  \(.ce_source)"'
