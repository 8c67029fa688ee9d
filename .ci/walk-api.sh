# Sourced by run. The API by curl, as the specifications write it.

# http STATUS METHOD PATH-OR-URL CURL-OPTIONS...: sends a request and demands the status; headers and body are kept.
http() {
  local status=$1 method=$2 where=$3 got
  shift 3
  [[ $where == http* ]] || where=http://$REGISTRY$where
  [ "$method" = HEAD ] && method=(-I) || method=(-X "$method")
  got=$(curl -s -m 60 "${method[@]}" -D "$WORK/headers" -o "$WORK/body" -w '%{http_code}' "$@" "$where")
  [ "$got" = "$status" ] && return
  echo "expected $status and got $got for ${method[*]} $where"
  cat "$WORK/headers" "$WORK/body"
  return 1
}

header() { tr -d '\r' <"$WORK/headers" | sed -n "s/^$1: //Ip"; }
location() { # of the last answer, whether it was absolute or relative, ready for a further parameter
  local to
  to=$(header location)
  [[ $to == http* ]] || to=http://$REGISTRY$to
  [[ $to == *\?* ]] && echo "$to&" || echo "$to?"
}
digest() { echo "sha256:$(sha256sum <"$1" | cut -d' ' -f1)"; }
random_file() { head -c "$2" /dev/urandom >"$WORK/$1"; } # NAME BYTES
octets=(-H 'Content-Type: application/octet-stream')

put_blob() { # REPOSITORY FILE
  http 202 POST "/v2/$1/blobs/uploads/"
  http 201 PUT "$(location)digest=$(digest "$2")" "${octets[@]}" --data-binary "@$2"
}

# An image manifest of the empty configuration and one layer; further members by jq.
write_manifest() { # FILE LAYER [JQ-FILTER]
  printf '{}' >"$WORK/empty"
  jq -n --arg config "$(digest "$WORK/empty")" --arg layer "$(digest "$2")" --argjson size "$(stat -c %s "$2")" '{
    schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: {mediaType: "application/vnd.oci.image.config.v1+json", digest: $config, size: 2},
    layers: [{mediaType: "application/vnd.oci.image.layer.v1.tar", digest: $layer, size: $size}]} | '"${3:-.}" >"$1"
}
manifests=(-H 'Content-Type: application/vnd.oci.image.manifest.v1+json')

put_manifest() { # REPOSITORY REFERENCE FILE OPTIONS...
  local repository=$1 reference=$2 file=$3
  shift 3
  http 201 PUT "/v2/$repository/manifests/$reference" "${manifests[@]}" --data-binary "@$file" "$@"
}

reads_back() { # REPOSITORY FILE
  http 200 GET "/v2/$1/blobs/$(digest "$2")"
  cmp "$2" "$WORK/body"
  same 'digest header' "$(digest "$2")" "$(header docker-content-digest)"
}

base_answers() {
  http 200 GET /v2/
  same version registry/2.0 "$(header docker-distribution-api-version)"
}

uploads_in_one_request() {
  random_file single 700000
  http 404 HEAD "/v2/api/one/blobs/$(digest "$WORK/single")"
  http 201 POST "/v2/api/one/blobs/uploads/?digest=$(digest "$WORK/single")" "${octets[@]}" --data-binary "@$WORK/single"
  reads_back api/one "$WORK/single"
  http 200 HEAD "/v2/api/one/blobs/$(digest "$WORK/single")"
  same length 700000 "$(header content-length)"
}

uploads_by_post_and_put() {
  random_file monolithic 600000
  put_blob api/one "$WORK/monolithic"
  reads_back api/one "$WORK/monolithic"
}

streams_without_a_length() {
  random_file streamed 5000000
  http 202 POST /v2/api/one/blobs/uploads/
  http 202 PATCH "$(location)" "${octets[@]}" -H 'Transfer-Encoding: chunked' -T "$WORK/streamed"
  same range 0-4999999 "$(header range)"
  http 201 PUT "$(location)digest=$(digest "$WORK/streamed")"
  reads_back api/one "$WORK/streamed"
}

uploads_in_chunks() {
  local first at=0
  random_file chunked 2500000
  http 202 POST /v2/api/one/blobs/uploads/
  split -b 1000000 "$WORK/chunked" "$WORK/chunk-"
  for chunk in "$WORK"/chunk-*; do
    first=$at
    at=$((at + $(stat -c %s "$chunk")))
    http 202 PATCH "$(location)" "${octets[@]}" -H "Content-Range: $first-$((at - 1))" --data-binary "@$chunk"
    same range "0-$((at - 1))" "$(header range)"
  done
  location >"$WORK/session"
  http 416 PATCH "$(cat "$WORK/session")" "${octets[@]}" -H 'Content-Range: 9000000-9000003' --data-binary four
  http 204 GET "$(cat "$WORK/session")"
  same 'range after a chunk out of place' 0-2499999 "$(header range)"
  http 201 PUT "$(cat "$WORK/session")digest=$(digest "$WORK/chunked")"
  reads_back api/one "$WORK/chunked"
}

cancels_an_upload() {
  http 202 POST /v2/api/one/blobs/uploads/
  location >"$WORK/session"
  http 204 DELETE "$(cat "$WORK/session")"
  http 404 GET "$(cat "$WORK/session")"
}

refuses_a_wrong_digest() {
  random_file wrong 1000
  http 202 POST /v2/api/one/blobs/uploads/
  http 400 PUT "$(location)digest=$(digest "$WORK/single")" "${octets[@]}" --data-binary "@$WORK/wrong"
  same code DIGEST_INVALID "$(jq -r '.errors[0].code' "$WORK/body")"
  http 404 HEAD "/v2/api/one/blobs/$(digest "$WORK/wrong")"
}

serves_ranges() {
  local blob
  blob=/v2/api/one/blobs/$(digest "$WORK/single")
  http 206 GET "$blob" -r 10-19
  cmp "$WORK/body" <(tail -c +11 "$WORK/single" | head -c 10)
  same range 'bytes 10-19/700000' "$(header content-range)"
  http 206 GET "$blob" -r 699990-
  cmp "$WORK/body" <(tail -c 10 "$WORK/single")
  http 206 GET "$blob" -r -100
  cmp "$WORK/body" <(tail -c 100 "$WORK/single")
  http 206 GET "$blob" -r 699000-900000
  cmp "$WORK/body" <(tail -c 1000 "$WORK/single")
  http 416 GET "$blob" -r 700000-
  http 304 GET "$blob" -H "If-None-Match: \"$(digest "$WORK/single")\""
}

mounts_between_repositories() {
  local blob
  blob=$(digest "$WORK/single")
  http 404 HEAD "/v2/api/two/blobs/$blob"
  http 201 POST "/v2/api/two/blobs/uploads/?mount=$blob&from=api/one"
  reads_back api/two "$WORK/single"
  http 201 POST "/v2/api/three/blobs/uploads/?mount=$blob"
  reads_back api/three "$WORK/single"
  http 202 POST "/v2/api/two/blobs/uploads/?mount=sha256:$(printf 0%.0s {1..64})&from=api/one"
}

finds_referrers() {
  local subject
  put_blob api/one "$WORK/single"
  printf '{}' >"$WORK/empty"
  put_blob api/one "$WORK/empty"
  write_manifest "$WORK/subject.json" "$WORK/single"
  put_manifest api/one subject "$WORK/subject.json"
  subject=$(digest "$WORK/subject.json")
  write_manifest "$WORK/artifact.json" "$WORK/empty" ".artifactType = \"application/vnd.walk.note\" | .annotations = {walk: \"yes\"}
    | .subject = {mediaType: \"application/vnd.oci.image.manifest.v1+json\", digest: \"$subject\", size: $(stat -c %s "$WORK/subject.json")}"
  put_manifest api/one "$(digest "$WORK/artifact.json")" "$WORK/artifact.json"
  same 'subject header' "$subject" "$(header oci-subject)"
  http 200 GET "/v2/api/one/referrers/$subject"
  same type application/vnd.oci.image.index.v1+json "$(header content-type)"
  same referrer "$(digest "$WORK/artifact.json") application/vnd.walk.note yes" \
    "$(jq -r '.manifests[] | "\(.digest) \(.artifactType) \(.annotations.walk)"' "$WORK/body")"
  http 200 GET "/v2/api/one/referrers/$subject?artifactType=application/vnd.other"
  same filter artifactType "$(header oci-filters-applied)"
  same referrers 0 "$(jq '.manifests | length' "$WORK/body")"
  http 200 GET "/v2/api/nowhere/referrers/$subject"
}

pages_lists() {
  local tag next='/v2/api/one/tags/list?n=4' pages=''
  for tag in a b B c 1; do put_manifest api/one "$tag" "$WORK/subject.json"; done
  while [ -n "$next" ]; do
    http 200 GET "$next"
    pages+="$(jq -r '.tags | join(",")' "$WORK/body") "
    next=$(header link | sed -n 's/^<\(.*\)>; *rel="\?next"\?$/\1/p')
  done
  same 'pages in byte order' '1,B,a,b c,subject ' "$pages"
  http 200 GET '/v2/_catalog?n=1'
  same catalog '{"repositories":["api/one"]}' "$(cat "$WORK/body")"
  header link | grep 'last=api'
}

writes_on_condition() {
  local was
  was=$(digest "$WORK/subject.json")
  write_manifest "$WORK/other.json" "$WORK/single" '.annotations = {other: "yes"}'
  http 412 PUT /v2/api/one/manifests/a "${manifests[@]}" --data-binary "@$WORK/other.json" -H 'If-None-Match: *'
  http 412 PUT /v2/api/one/manifests/a "${manifests[@]}" --data-binary "@$WORK/other.json" -H "If-Match: \"$(digest "$WORK/single")\""
  http 200 HEAD /v2/api/one/manifests/a
  same 'tag after refusals' "$was" "$(header docker-content-digest)"
  put_manifest api/one a "$WORK/other.json" -H "If-Match: \"$was\""
  http 200 HEAD /v2/api/one/manifests/a
  same 'tag after the write' "$(digest "$WORK/other.json")" "$(header docker-content-digest)"
}

tags_with_one_push() {
  put_manifest api/one "$(digest "$WORK/other.json")?tag=x&tag=y" "$WORK/other.json"
  http 200 GET /v2/api/one/manifests/y
  cmp "$WORK/body" "$WORK/other.json"
  http 200 HEAD /v2/api/one/manifests/x
}

deletes_and_pushes_again() {
  local blob manifest
  blob=$(digest "$WORK/monolithic")
  write_manifest "$WORK/deleted.json" "$WORK/monolithic"
  manifest=$(digest "$WORK/deleted.json")
  put_manifest api/one deleted "$WORK/deleted.json"
  http 403 DELETE "/v2/api/one/blobs/$blob"
  http 202 DELETE /v2/api/one/manifests/deleted
  http 404 GET /v2/api/one/manifests/deleted
  http 200 GET "/v2/api/one/manifests/$manifest"
  put_manifest api/one deleted "$WORK/deleted.json"
  http 202 DELETE "/v2/api/one/manifests/$manifest"
  http 404 GET "/v2/api/one/manifests/$manifest"
  http 404 GET /v2/api/one/manifests/deleted
  http 202 DELETE "/v2/api/one/blobs/$blob"
  http 404 GET "/v2/api/one/blobs/$blob"
  http 404 DELETE "/v2/api/one/blobs/$blob"
  put_blob api/one "$WORK/monolithic"
  reads_back api/one "$WORK/monolithic"
  put_manifest api/one deleted "$WORK/deleted.json"
  http 200 GET /v2/api/one/manifests/deleted
  cmp "$WORK/body" "$WORK/deleted.json"
}

walk_api() {
  check 10 'the base answers with its version' base_answers
  check 20 'curl uploads in one request' uploads_in_one_request
  check 20 'curl uploads by POST and PUT' uploads_by_post_and_put
  check 20 'curl streams without a length' streams_without_a_length
  check 20 'curl uploads in chunks, and a chunk out of place is refused' uploads_in_chunks
  check 20 'curl cancels an upload' cancels_an_upload
  check 20 'a wrong digest is refused and leaves nothing' refuses_a_wrong_digest
  check 20 'curl reads ranges' serves_ranges
  check 20 'curl mounts a blob, with and without naming its source' mounts_between_repositories
  check 20 'an artifact shows among the referrers of its subject' finds_referrers
  check 20 'lists come in pages and in byte order' pages_lists
  check 20 'conditional writes move a tag or refuse' writes_on_condition
  check 20 'one push sets several tags' tags_with_one_push
  check 20 'deletions answer 404 afterwards, and a push brings all back' deletes_and_pushes_again
}
