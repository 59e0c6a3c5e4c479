# A small client of PetStore Direct with curl and jq: bash petstore.sh TOPIC writes an article and prints its title.
# BASE_URL says where; API_KEY, or EMAIL and PASSWORD, who you are; CA_CERT, if need be, whom to trust.
set -euo pipefail

access='' refresh='' tries=5 longest=90
answer=$(mktemp -d)
trap 'rm -rf "$answer"' EXIT

# One request. Secrets go through descriptors, since arguments can be read by others of this machine. Prints the status.
send() { # METHOD PATH CREDENTIAL [JSON]
  local options=(-sS --connect-timeout 5 --max-time 100 -X "$1" -o "$answer/body" -D "$answer/head" -w '%{http_code}')
  [[ -z ${CA_CERT-} ]] || options+=(--cacert "$CA_CERT")
  [[ -z ${4-} ]] || options+=(-H 'Content-Type: application/json' --data-binary @-)
  : > "$answer/head"
  # 000: no answer.
  curl "${options[@]}" -K <([[ -z $3 ]] || printf 'header = "Authorization: Bearer %s"\n' "$3") "$BASE_URL/api/v1$2" <<< "${4-}" || true
}

complain() { # STATUS
  jq -r --arg status "$1" '"\($status) \(.type | sub(".*[/#]"; "")): \(.detail) (request \(.request_id))",
    (.errors // [] | .[] | "  \(.loc | map(tostring) | join(".")): \(.msg)")' "$answer/body" >&2 2> /dev/null ||
    echo "no answer that could be read (status $1)" >&2
  return 1
}

# A new pair for the old one; where that is not taken, a login.
renew() {
  local status=401
  [[ -z $refresh ]] || status=$(send POST /auth/refresh '' "$(jq -n --arg token "$refresh" '{refresh_token: $token}')")
  [[ $status != 401 ]] || status=$(send POST /auth/login '' "$(jq -n --arg email "$EMAIL" --arg password "$PASSWORD" '$ARGS.named')")
  [[ $status == 200 ]] || complain "$status"
  access=$(jq -r .access_token "$answer/body") refresh=$(jq -r .refresh_token "$answer/body")
}

# A call with all its tries; its answer is in $answer/body. "repeatable": doing it twice does no harm.
call() { # METHOD PATH JSON [repeatable]
  local try=1 renewed='' status code wait
  [[ -n ${API_KEY-} || -n $access ]] || renew
  while :; do
    status=$(send "$1" "$2" "${API_KEY:-$access}" "$3")
    case $status in 2??) return ;; esac
    code=$(jq -r '.type // "" | sub(".*[/#]"; "")' "$answer/body" 2> /dev/null || true)
    if [[ $status == 401 && $code == invalid_credential && -z ${API_KEY-} && -z $renewed ]]; then
      renew && renewed=yes && continue
    fi
    wait=$(sed -nE 's/^retry-after: ([0-9]+).*/\1/Ip' "$answer/head" | tail -n 1)
    case $status in
      429) ;;
      000|502|503|504) [[ $1 == GET || ${4-} == repeatable ]] || complain "$status" ;;
      *) complain "$status" ;;
    esac
    # Without a word from the service: 1, 2, 4 … s, scattered.
    : "${wait:=$(( (1 << (try - 1)) * (50 + RANDOM % 100) / 100 ))}"
    (( try < tries && wait <= longest )) || complain "$status"
    sleep "$wait"
    try=$(( try + 1 ))
  done
}

call GET /auth/profile ''
jq -r .email "$answer/body"
call POST /blog/generate "$(jq -n --arg topic "$1" '{topic: $topic, length: "short"}')" repeatable
jq -r .blog_post.title "$answer/body"
