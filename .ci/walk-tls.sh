# Sourced by run. The program speaks TLS itself: real clients that know its authority, HTTP/2, a new certificate under an open
# download, and the rates beside those in the clear.

tls_bytes=300000000

part_tls() {
  PLACE=$WORK/place-tls PORT=$(free_port)
  REGISTRY=127.0.0.1:$PORT
  check 30 'an authority and a certificate' make_certificates || return
  export MOORAGE_HTTP_TLS_CERTIFICATE=$WORK/tls/server.crt MOORAGE_HTTP_TLS_KEY=$WORK/tls/server.key MOORAGE_HTTP_TLS_RELOAD_INTERVAL=1s
  check 90 'the packaged program starts with a certificate' start_with_tls &&
    walk_tls
  clear_place "$PLACE"
  unset MOORAGE_HTTP_TLS_CERTIFICATE MOORAGE_HTTP_TLS_KEY MOORAGE_HTTP_TLS_RELOAD_INTERVAL REGISTRY
  check 90 'a certificate that has expired is complained of, and serves' expired_certificate_serves
}

make_certificates() {
  mkdir -p "$WORK/tls/clients"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/CN=checks' \
    -keyout "$WORK/tls/authority.key" -out "$WORK/tls/authority.crt"
  cp "$WORK/tls/authority.crt" "$WORK/tls/clients/ca.crt"
  issue_certificate server.crt server.key
}

issue_certificate() { # CERTIFICATE KEY [OPENSSL-OPTIONS...]: both names appear at once, as a cluster's secrets do
  local certificate=$1 key=$2
  shift 2
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=registry' -keyout "$WORK/tls/new.key" -out "$WORK/tls/new.csr"
  openssl x509 -req -in "$WORK/tls/new.csr" -CA "$WORK/tls/authority.crt" -CAkey "$WORK/tls/authority.key" -set_serial "$RANDOM" \
    -days 10 "$@" -extfile <(echo 'subjectAltName=DNS:localhost,IP:127.0.0.1') -out "$WORK/tls/new.crt"
  mv "$WORK/tls/new.key" "$WORK/tls/$key"
  mv "$WORK/tls/new.crt" "$WORK/tls/$certificate"
}

tls_curl() { curl -s --cacert "$WORK/tls/authority.crt" "$@"; }
tls_answers() { [ "$(tls_curl -o /dev/null -m 2 -w '%{http_code}' "https://$REGISTRY/v2/")" = 200 ]; }

start_with_tls() {
  launch_program "$PLACE" "$PORT"
  await 60 eval "tls_answers || ended '$PLACE'"
  cat "$PLACE/program.log"
  tls_answers
  grep -F "https://$REGISTRY" "$PLACE/program.log"
}

walk_tls() {
  check 10 'HTTP/2 and HTTP/1.1 are agreed on, and nothing is answered in the clear' both_versions
  check 30 'an image for TLS' tls_image
  check 60 'podman pushes and pulls over TLS' podman_over_tls
  check 60 'skopeo copies there and back over TLS' skopeo_over_tls
  check 60 'crane copies over TLS' crane_over_tls
  check 60 'clients that do not know the authority go away' strangers_are_warned
  check 180 'large blobs go up and down by both versions' large_blobs_over_tls
  check 90 'a new certificate serves, and a download that was under way ends whole' certificate_is_replaced
  check 60 'files that do not fit each other are not taken' bad_certificate_is_not_taken
}

both_versions() {
  same 'by HTTP/2' '2 200' "$(tls_curl --http2 -o /dev/null -w '%{http_version} %{http_code}' "https://$REGISTRY/v2/")"
  same 'by HTTP/1.1' '1.1 200' "$(tls_curl --http1.1 -o /dev/null -w '%{http_version} %{http_code}' "https://$REGISTRY/v2/")"
  refused curl -s -m 5 "http://$REGISTRY/v2/"
}

tls_image() {
  mkdir -p "$WORK/tls/image"
  head -c 20000000 /dev/urandom >"$WORK/tls/image/layer"
  printf 'FROM scratch\nCOPY layer /\n' >"$WORK/tls/image/Containerfile"
  podman_in pusher build -q -f "$WORK/tls/image/Containerfile" -t "$REGISTRY/tls/podman:v1" "$WORK/tls/image"
}

podman_over_tls() {
  podman_in pusher push --cert-dir "$WORK/tls/clients" "$REGISTRY/tls/podman:v1"
  podman_in tls-puller pull --cert-dir "$WORK/tls/clients" "$REGISTRY/tls/podman:v1"
  same 'image id' "$(podman_in pusher image inspect --format '{{.Id}}' "$REGISTRY/tls/podman:v1")" \
    "$(podman_in tls-puller image inspect --format '{{.Id}}' "$REGISTRY/tls/podman:v1")"
}

skopeo_over_tls() {
  command skopeo copy --src-cert-dir "$WORK/tls/clients" "docker://$REGISTRY/tls/podman:v1" "oci:$WORK/tls/layout:v1"
  command skopeo copy --dest-cert-dir "$WORK/tls/clients" "oci:$WORK/tls/layout:v1" "docker://$REGISTRY/tls/skopeo:v1"
  command skopeo copy --src-cert-dir "$WORK/tls/clients" "docker://$REGISTRY/tls/skopeo:v1" "oci:$WORK/tls/back:v1"
  diff -r "$WORK/tls/layout/blobs" "$WORK/tls/back/blobs"
}

crane_over_tls() {
  SSL_CERT_FILE=$WORK/tls/authority.crt crane copy "$REGISTRY/tls/podman:v1" "$REGISTRY/tls/crane:v1"
  tls_curl -f -o /dev/null -H 'Accept: application/vnd.oci.image.manifest.v1+json' "https://$REGISTRY/v2/tls/crane/manifests/v1"
}

strangers_are_warned() {
  refused curl -s "https://$REGISTRY/v2/"
  refused command skopeo inspect "docker://$REGISTRY/tls/podman:v1"
}

large_blobs_over_tls() {
  local version up down session digest
  head -c "$tls_bytes" /dev/urandom >"$WORK/tls/large"
  digest=$(digest "$WORK/tls/large")
  for version in http2 http1.1; do
    session=$(tls_curl "--$version" -X POST -D - -o /dev/null "https://$REGISTRY/v2/tls/$version/blobs/uploads/" | tr -d '\r' | sed -n 's/^location: //Ip')
    up=$(tls_curl -f "--$version" -T "$WORK/tls/large" "${octets[@]}" -o /dev/null -w '%{speed_upload}' "https://$REGISTRY$session?digest=$digest")
    down=$(tls_curl -f "--$version" -o "$WORK/tls/got" -w '%{speed_download}' "https://$REGISTRY/v2/tls/$version/blobs/$digest")
    cmp "$WORK/tls/large" "$WORK/tls/got"
    note "$version: up $((${up%.*} / 1000000)) MB/s, down $((${down%.*} / 1000000)) MB/s"
  done
}

serial() { openssl s_client -connect "$REGISTRY" -CAfile "$WORK/tls/authority.crt" </dev/null 2>/dev/null | openssl x509 -noout -serial; }

certificate_is_replaced() {
  local before client digest
  digest=$(digest "$WORK/tls/large")
  before=$(serial)
  tls_curl -f --limit-rate 30M -o "$WORK/tls/slow" "https://$REGISTRY/v2/tls/http2/blobs/$digest" &
  client=$!
  await 20 test -s "$WORK/tls/slow"
  issue_certificate server.crt server.key
  await 20 eval "[ \"\$(serial)\" != '$before' ]"
  kill -0 "$client" # still under way
  wait "$client"
  cmp "$WORK/tls/large" "$WORK/tls/slow"
  tls_answers
}

bad_certificate_is_not_taken() {
  local before
  before=$(serial)
  cp "$WORK/tls/server.key" "$WORK/tls/kept.key"
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$WORK/tls/server.key"
  await 20 grep -q 'is not taken' "$PLACE/program.log"
  same 'certificate' "$before" "$(serial)"
  tls_answers
  mv "$WORK/tls/kept.key" "$WORK/tls/server.key"
}

expired_certificate_serves() {
  local place=$WORK/place-expired
  PORT=$(free_port) PLACE=$place
  REGISTRY=127.0.0.1:$PORT
  issue_certificate server.crt server.key -days -1
  export MOORAGE_HTTP_TLS_CERTIFICATE=$WORK/tls/server.crt MOORAGE_HTTP_TLS_KEY=$WORK/tls/server.key
  launch_program "$place" "$PORT"
  await 60 grep -q 'expired at' "$place/program.log"
  refused tls_curl -o /dev/null "https://$REGISTRY/v2/"
  await 30 curl -sk -o /dev/null "https://$REGISTRY/v2/"
  stop_program "$place"
}
