#!/bin/sh
# Lists the events of a territory in the log's order, one JSON document a line, from headers alone: no key is needed and no payload is
# opened. Usage: list.sh BOOTSTRAP TERRITORY [kcat options, such as -X security.protocol=ssl]
set -eu
bootstrap=${1:?usage: list.sh BOOTSTRAP TERRITORY [kcat options]} territory=${2:?usage: list.sh BOOTSTRAP TERRITORY [kcat options]}
shift 2
kcat -q -b "$bootstrap" -C -t "relais.$territory.events" -o beginning -e -J -X isolation.level=read_committed "$@" |
    # kcat gives headers as a flat list: name, value, name, value. The same position twice is the same event.
    jq -c -s 'map(.headers as $h | reduce range(0; $h | length; 2) as $i ({}; . + {($h[$i]): $h[$i + 1]}))
        | map({position: (.ce_position | tonumber), type: .ce_type, subject: .ce_subject, version: (.ce_version | tonumber),
            time: .ce_time, recorded: .ce_recordedtime, source: .ce_source, id: .ce_id})
        | unique_by(.position) | .[]'
