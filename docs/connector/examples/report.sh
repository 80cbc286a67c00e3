#!/bin/sh
# A wallboard, a deskphone or a script that tells Holdline of calls, with nothing but curl: it registers with the
# right `report`, says that a call has been answered, then that it is over, and leaves.
#
#   PORT=47810 TOKEN=… sh report.sh
set -eu
api="http://127.0.0.1:${PORT:-47810}/connector/v1"

ask() { # METHOD PATH TOKEN [BODY]
  curl --silent --show-error --fail-with-body --noproxy '*' --request "$1" "$api/$2" \
    --header "Authorization: Bearer $3" ${4:+--header 'Content-Type: application/json' --data "$4"}
}

joined=$(ask POST sessions "$TOKEN" '{
  "protocol": { "min": 1, "max": 1 }, "name": "curl", "rights": "report",
  "capabilities": { "enqueueNextState": false },
  "states": [{ "name": "Available", "kind": "routable" }]
}')
session=$(printf %s "$joined" | sed -n 's/.*"session":"\([^"]*\)".*/\1/p')
[ -n "$session" ] || { echo "not registered: $joined" >&2; exit 1; }

available='"state": { "name": "Available", "kind": "routable" }'
ask PUT state "$session" "{ $available, \"contacts\": [{ \"id\": \"1\", \"phase\": \"connected\" }] }"
ask PUT state "$session" "{ $available, \"contacts\": [] }"
ask DELETE session "$session"
echo "told"
