#!/bin/sh
# A partner's topic, one line a news: follow_partner.sh BOOTSTRAP TERRITORY PARTNER [kcat options]
# Ends with Ctrl-C, or at the topic's end with the option -e. The same id twice is the same news.
set -eu
usage='usage: follow_partner.sh BOOTSTRAP TERRITORY PARTNER [kcat options]'
bootstrap=${1:?$usage} territory=${2:?$usage} partner=${3:?$usage}
shift 3
kcat -q -u -b "$bootstrap" -C -t "relais.$territory.partner.$partner" -o beginning -J -X isolation.level=read_committed "$@" |
    jq -r --unbuffered '(.payload | fromjson) as $news | .headers as $h
        | reduce range(0; $h | length; 2) as $i ({}; . + {($h[$i]): $h[$i + 1]})
        | "@\(.ce_position)  \($news.item.occurredAt)  \($news.item.template)  \($news.professional)  \(.ce_subject)  \(.ce_id)"'
