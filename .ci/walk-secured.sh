# Sourced by run. A secured registry of two tenants, with podman, skopeo, crane and curl; what each may, and what not.

part_secured() {
  PLACE=$WORK/place-secured PORT=$(free_port)
  REGISTRY=127.0.0.1:$PORT
  STORES=secured-
  export MOORAGE_ACCESS_MODE=secured MOORAGE_ACCESS_ADMIN_PASSWORD
  MOORAGE_ACCESS_ADMIN_PASSWORD=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
  allow_plain_http
  check 90 'a secured registry starts' start_secured || return
  check 240 'commands beside it make tenants, accounts and a robot' make_tenants
  check 30 'nobody gets in without credentials, or with wrong ones' strangers_stay_outside
  check 120 'podman logs in, pushes and pulls' podman_is_let_in
  check 60 'skopeo logs in, copies between repositories, and deletes' skopeo_is_let_in
  check 60 'crane logs in, pushes, mounts and pulls' crane_is_let_in
  check 60 'a robot pushes where it may, and nowhere else' robot_keeps_to_its_place
  check 60 'another tenant sees, pulls, pushes and mounts nothing' tenants_are_apart
  check 60 'anybody pulls from a public repository' anybody_pulls_what_is_public
  check 60 'searches show everybody what he may pull' searches_keep_secrets
  check 30 'a robot that is disabled gets nothing more' disabled_robot_is_out
  check 60 'no secret is in the log' no_secret_is_logged
  check 60 'the secured registry stops' stop_program "$PLACE"
  secured_specification
  unset "${!MOORAGE_ACCESS_@}" REGISTRY
  STORES=
}

# A secured registry is ready when it asks who is there.
start_secured() {
  launch_program "$PLACE" "$PORT"
  await 80 eval '[ "$(curl -s -o /dev/null -m 2 -w "%{http_code}" "http://127.0.0.1:$PORT/v2/")" = 401 ]'
}

command_beside() { (cd "$PLACE" && "${PROGRAM[@]}" "$@"); }

make_tenants() {
  head -c 18 /dev/urandom | base64 >"$WORK/alice"
  head -c 18 /dev/urandom | base64 >"$WORK/bob"
  command_beside account create alice --password-stdin <"$WORK/alice"
  command_beside account create bob --password-stdin <"$WORK/bob"
  command_beside organization create acme --owner alice
  command_beside organization create globex --owner bob
  command_beside robot create acme ci --role writer --prefix acme/ci --expires 30d >"$WORK/robot"
  sed -n 's/^login //p' "$WORK/robot" >"$WORK/robot-login"
  sed -n 's/^secret //p' "$WORK/robot" >"$WORK/robot-secret"
  grep -q '^moorage_robot_' "$WORK/robot-secret"
  refused command_beside organization create acme
  for who in alice bob; do log_in "$who" "$(cat "$WORK/$who")"; done
  log_in "$(cat "$WORK/robot-login")" "$(cat "$WORK/robot-secret")" robot
  refused log_in alice "$(cat "$WORK/bob")" nobody
}

# log_in USER PASSWORD [NAME]: keeps what podman, skopeo and crane need of it in a file of that name.
log_in() {
  local name=${3:-$1}
  mkdir -p "$WORK/auth-$name"
  podman login --tls-verify=false --authfile "$WORK/auth-$name/config.json" -u "$1" --password-stdin "$REGISTRY" <<<"$2"
}
as() { # NAME COMMAND...: a client with that log-in
  local name=$1
  shift
  REGISTRY_AUTH_FILE=$WORK/auth-$name/config.json DOCKER_CONFIG=$WORK/auth-$name "$@"
}

strangers_stay_outside() {
  http 401 GET /v2/
  header www-authenticate | grep -F "Bearer realm=\"http://$REGISTRY/auth/token\",service="
  http 401 GET /v2/acme/web/tags/list
  cp "$WORK/body" "$WORK/absent"
  http 401 GET /v2/acme/other/tags/list
  http 401 PUT /v2/acme/web/manifests/v1 "${manifests[@]}" --data-binary '{}'
  http 401 GET /v2/acme/web/tags/list -u "alice:$(cat "$WORK/bob")"
  http 401 GET /v2/acme/web/tags/list -H 'Authorization: Bearer garbage'
  header www-authenticate | grep -F 'error="invalid_token"'
  http 401 GET /api/v1/organizations
}

make_secured_image() { # TAG
  mkdir -p "$WORK/secured/files"
  head -c 2000000 /dev/urandom >"$WORK/secured/files/random"
  printf 'FROM scratch\nCOPY files /\n' >"$WORK/secured/Containerfile"
  podman_in pusher build -q -f "$WORK/secured/Containerfile" -t "$1" "$WORK/secured"
}

podman_is_let_in() {
  make_secured_image "$REGISTRY/acme/web:v1"
  echo '{}' >"$WORK/nobody.json"
  refused podman_in pusher push --authfile "$WORK/nobody.json" "$REGISTRY/acme/web:v1"
  as alice podman_in pusher push "$REGISTRY/acme/web:v1"
  as alice podman_in puller pull "$REGISTRY/acme/web:v1"
  same 'image id' "$(podman_in pusher image inspect --format '{{.Id}}' "$REGISTRY/acme/web:v1")" \
    "$(podman_in puller image inspect --format '{{.Id}}' "$REGISTRY/acme/web:v1")"
}

skopeo_is_let_in() {
  as alice skopeo copy "docker://$REGISTRY/acme/web:v1" "docker://$REGISTRY/acme/copy:v1"
  same tags '["v1"]' "$(as alice skopeo list-tags "docker://$REGISTRY/acme/copy" | jq -c .Tags)"
  as alice skopeo delete "docker://$REGISTRY/acme/copy:v1"
  refused as alice skopeo inspect "docker://$REGISTRY/acme/copy:v1"
}

crane_is_let_in() {
  as alice crane copy "$REGISTRY/acme/web:v1" "$REGISTRY/acme/deep/er:v1"
  as alice crane validate --remote "$REGISTRY/acme/deep/er:v1"
  as alice crane catalog "$REGISTRY" | sort >"$WORK/catalog"
  grep -x acme/web "$WORK/catalog"
  same 'what bob sees' '' "$(as bob crane catalog "$REGISTRY")"
}

robot_keeps_to_its_place() {
  as robot crane append --new_layer "$(a_layer)" --new_tag "$REGISTRY/acme/ci/build:v1"
  as robot crane validate --remote "$REGISTRY/acme/ci/build:v1"
  refused as robot crane append --new_layer "$(a_layer)" --new_tag "$REGISTRY/acme/web:v2"
  refused as robot crane manifest "$REGISTRY/acme/web:v1"
  refused as robot crane delete "$REGISTRY/acme/ci/build:v1"
}
a_layer() {
  mkdir -p "$WORK/secured/layer"
  date +%N >"$WORK/secured/layer/file"
  tar -C "$WORK/secured/layer" -cf "$WORK/secured/layer.tar" file
  echo "$WORK/secured/layer.tar"
}

tenants_are_apart() {
  local layer bob
  bob=(-u "bob:$(cat "$WORK/bob")")
  refused as bob crane manifest "$REGISTRY/acme/web:v1"
  refused as bob crane append --new_layer "$(a_layer)" --new_tag "$REGISTRY/acme/web:evil"
  as bob crane append --new_layer "$(a_layer)" --new_tag "$REGISTRY/globex/own:v1"
  layer=$(as alice crane manifest "$REGISTRY/acme/web:v1" | jq -r '.layers[0].digest')
  # A mount of what he may not see is an upload like any other.
  http 202 POST "/v2/globex/own/blobs/uploads/?mount=$layer&from=acme/web" "${bob[@]}"
  http 202 POST "/v2/globex/own/blobs/uploads/?mount=$layer" "${bob[@]}"
  http 404 HEAD "/v2/globex/own/blobs/$layer" "${bob[@]}"
  # Absent and forbidden are the same answer, but for the name that was asked for and what the request is called.
  http 401 GET /v2/acme/web/tags/list "${bob[@]}"
  sed 's|acme/web|NAME|g; /^date:/Id; /^x-request-id:/Id' "$WORK/headers" >"$WORK/forbidden"
  cat "$WORK/body" >>"$WORK/forbidden"
  http 401 GET /v2/acme/nil/tags/list "${bob[@]}"
  sed 's|acme/nil|NAME|g; /^date:/Id; /^x-request-id:/Id' "$WORK/headers" >"$WORK/absent"
  cat "$WORK/body" >>"$WORK/absent"
  cmp "$WORK/forbidden" "$WORK/absent"
}

anybody_pulls_what_is_public() {
  http 200 PATCH /api/v1/repositories/acme/web/- -u "alice:$(cat "$WORK/alice")" -H 'Content-Type: application/json' \
    --data-binary '{"visibility": "public"}'
  podman_in anybody pull --authfile "$WORK/nobody.json" "$REGISTRY/acme/web:v1"
  DOCKER_CONFIG=$WORK/nowhere crane validate --remote "$REGISTRY/acme/web:v1"
  refused env DOCKER_CONFIG="$WORK/nowhere" crane append --new_layer "$(a_layer)" --new_tag "$REGISTRY/acme/web:evil"
}

# found_by NAME TERM: what podman finds with that log-in, as one line.
found_by() {
  as "$1" podman_in puller search --tls-verify=false --authfile "$WORK/auth-$1/config.json" --format '{{.Name}}' "$REGISTRY/$2" |
    sed "s|^$REGISTRY/||" | sort | paste -sd' '
}
searches_keep_secrets() {
  mkdir -p "$WORK/auth-nobody"
  cp "$WORK/nobody.json" "$WORK/auth-nobody/config.json"
  same 'what alice finds' 'acme/ci/build acme/copy acme/deep/er acme/web' "$(found_by alice acme)"
  same 'what bob finds' acme/web "$(found_by bob acme)"
  same 'what nobody finds' acme/web "$(found_by nobody acme)"
  same 'what nobody finds of what is private' '' "$(found_by nobody deep)"
  same 'tags of what is public' v1 "$(podman_in puller search --tls-verify=false --authfile "$WORK/nobody.json" --list-tags \
    "$REGISTRY/acme/web" | listed_tags)"
  refused podman_in puller search --tls-verify=false --authfile "$WORK/nobody.json" --list-tags "$REGISTRY/acme/deep/er"
  dockers_search
  same "what Docker's search of nobody finds" '[]' "$(jq -c '[.results[].name]' "$WORK/body")"
  http 200 GET '/v1/search?q=acme&n=25' -H 'X-Docker-Token: true'
  same "what Docker's search of nobody finds" '["acme/web"]' "$(jq -c '[.results[].name]' "$WORK/body")"
}

disabled_robot_is_out() {
  http 204 DELETE /api/v1/organizations/acme/robots/ci -u "alice:$(cat "$WORK/alice")"
  refused as robot crane manifest "$REGISTRY/acme/ci/build:v1"
  as alice crane manifest "$REGISTRY/acme/ci/build:v1"
}

no_secret_is_logged() {
  local secret
  for secret in "$(cat "$WORK/alice")" "$(cat "$WORK/bob")" "$(cat "$WORK/robot-secret")" "$MOORAGE_ACCESS_ADMIN_PASSWORD" moorage_robot_ eyJ; do
    refused grep -F -- "$secret" "$PLACE/program.log"
  done
}

secured_specification() {
  touch "$WORK/began"
  maven 900 'the integration tests of the specification in secured mode' -Dit.test='Specification*IT,BadInputsIT' \
    -Dmoorage.test.secured=true failsafe:integration-test failsafe:verify
  suite 'the integration tests of the specification in secured mode: reports' target/failsafe-reports "$WORK/began"
}
