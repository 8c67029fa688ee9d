# Sourced by run. The program is killed, doubled, stopped and started again under its clients.

part_walk() {
  if [ -n "${REGISTRY-}" ]; then
    walk_images
    walk_clients
    walk_api
    return
  fi
  PLACE=$WORK/place-walk PORT=$(free_port)
  REGISTRY=127.0.0.1:$PORT
  check 90 'the packaged program starts in an empty directory' start_program "$PLACE" "$PORT" || return
  walk_images
  walk_clients
  walk_api
  walk_restart
}

# A file of the data directory that grows while a large blob is uploaded.
large_file_being_written() {
  [ -n "$(find "$PLACE" -type f -size +40M -newer "$WORK/killing" -not -path '*/pg_wal/*' 2>/dev/null | head -n 1)" ]
}

large_layer() {
  mkdir -p "$WORK/large/files"
  head -c 500000000 /dev/urandom >"$WORK/large/files/random"
  printf 'FROM scratch\nCOPY files /\n' >"$WORK/large/Containerfile"
  podman_in pusher build -q -f "$WORK/large/Containerfile" -t large "$WORK/large"
  podman_in pusher push large "oci:$WORK/large/copy:v1"
}

restart_at_once() {
  kill_program "$PLACE"
  start_program "$PLACE" "$PORT"
}

# kill_during COMMAND...: kills the program as soon as the upload is well under way, starts it again, and lets the client
# go on; where the client gave up meanwhile, its user gives the same command again.
kill_during() {
  local client
  touch "$WORK/killing"
  "$@" &
  client=$!
  await 60 large_file_being_written
  kill -0 "$client"
  restart_at_once
  if wait "$client"; then
    note 'the client went on by itself'
  else
    note 'the client gave up; the same command again finished'
    "$@"
  fi
}

skopeo_push_survives_a_kill() {
  kill_during skopeo copy --retry-times 6 "oci:$WORK/large/copy:v1" "docker://$REGISTRY/large/skopeo:v1"
  skopeo copy "docker://$REGISTRY/large/skopeo:v1" "oci:$WORK/large/back:v1"
  diff -r "$WORK/large/copy/blobs" "$WORK/large/back/blobs"
}

podman_push_survives_a_kill() {
  # Another image than before: the registry must not know its layer yet.
  echo again >>"$WORK/large/files/random"
  podman_in pusher build -q -f "$WORK/large/Containerfile" -t large "$WORK/large"
  kill_during podman_in pusher push large "$REGISTRY/large/podman:v1"
  podman_in survivor pull "$REGISTRY/large/podman:v1"
  same 'image id' "$(podman_in pusher image inspect --format '{{.Id}}' large)" "$(podman_in survivor image inspect --format '{{.Id}}' "$REGISTRY/large/podman:v1")"
  same files "$(tree_of pusher large)" "$(tree_of survivor "$REGISTRY/large/podman:v1")"
}

# curl continues an upload that the kill cut off, from where the program says it stands.
curl_continues_after_a_kill() {
  local client stands
  head -c 300000000 /dev/urandom >"$WORK/resumed"
  touch "$WORK/killing"
  http 202 POST /v2/large/curl/blobs/uploads/
  location >"$WORK/session"
  curl -s -X PATCH --limit-rate 100M -H 'Content-Type: application/octet-stream' -T "$WORK/resumed" "$(cat "$WORK/session")" &
  client=$!
  await 60 large_file_being_written
  restart_at_once
  wait "$client" || true
  http 204 GET "$(cat "$WORK/session")"
  stands=$(header range)
  stands=$((${stands#0-} + 1))
  note "the upload stood at $stands of 300000000 bytes"
  [ "$stands" -gt 1 ]
  tail -c "+$((stands + 1))" "$WORK/resumed" >"$WORK/rest"
  http 202 PATCH "$(location)" "${octets[@]}" -H "Content-Range: $stands-299999999" --data-binary "@$WORK/rest"
  http 201 PUT "$(location)digest=$(digest "$WORK/resumed")"
  reads_back large/curl "$WORK/resumed"
}

pull_survives_a_kill() {
  local client
  rm -rf "$WORK/large/back"
  curl -s --limit-rate 50M -o "$WORK/cut" "http://$REGISTRY/v2/large/curl/blobs/$(digest "$WORK/resumed")" &
  client=$!
  await 20 test -s "$WORK/cut"
  restart_at_once
  refused wait "$client"
  curl -sf -C - -o "$WORK/cut" "http://$REGISTRY/v2/large/curl/blobs/$(digest "$WORK/resumed")"
  cmp "$WORK/resumed" "$WORK/cut"
}

# Every tag with its manifest's digest.
contents() {
  local name tag
  crane catalog "$REGISTRY" | while read -r name; do
    crane ls "$REGISTRY/$name" | while read -r tag; do echo "$name:$tag $(crane digest "$REGISTRY/$name:$tag")"; done
  done
}

second_program_is_refused() {
  local other=$WORK/place-second port data
  port=$(free_port)
  data=$(readlink -f "$PLACE/moorage-data")
  PROGRAM=("${PROGRAM[0]}" "-Dmoorage.data-directory=$data" "${PROGRAM[@]:1}")
  launch_program "$other" "$port"
  await 60 ended "$other"
  cat "$other/program.log"
  grep -F 'running on the data directory' "$other/program.log" # for this reason, and no other
  refused test "$(cat "$other/exit")" = 0
  refused answers "$port"
  answers "$PORT"
  crane validate --remote "$REGISTRY/mytomcat:latest"
}

restart_keeps_everything() {
  contents >"$WORK/before"
  test -s "$WORK/before"
  stop_program "$PLACE"
  note "SIGTERM: ended with $(cat "$PLACE/exit")"
  case $(cat "$PLACE/exit") in 0 | 130 | 143) ;; *) return 1 ;; esac
  same 'database servers left' '' "$(database_of "$PLACE")"
  start_program "$PLACE" "$PORT"
  contents >"$WORK/after"
  diff "$WORK/before" "$WORK/after"
  crane validate --remote "$REGISTRY/mytomcat:latest"
  crane validate --remote "$REGISTRY/crane/multi:v1"
}

starts_within_15_seconds() {
  local took
  stop_program "$PLACE"
  start_program "$PLACE" "$PORT"
  read -r took _ <"$NOTE"
  [ "$took" -lt 15000 ]
}

nothing_is_left_running() {
  stop_program "$PLACE"
  same 'database servers left' '' "$(database_of "$PLACE")"
}

walk_restart() {
  check 60 'an image with a layer of 500 MB' large_layer
  check 180 'kill -9 in the middle of a push by skopeo: the push finishes, and the pull is equal' skopeo_push_survives_a_kill
  check 180 'kill -9 in the middle of a push by podman: the push finishes, and the pull is equal' podman_push_survives_a_kill
  check 180 'kill -9 in the middle of an upload: curl continues where the program stands' curl_continues_after_a_kill
  check 120 'kill -9 in the middle of a pull: the client continues, and the bytes are equal' pull_survives_a_kill
  check 90 'a second program on the same data directory is refused' second_program_is_refused
  check 120 'SIGTERM and a start keep everything' restart_keeps_everything
  check 120 'the program starts on what it has within 15 s' starts_within_15_seconds
  check 60 'after SIGTERM nothing is left running' nothing_is_left_running
}
