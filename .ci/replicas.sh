# Sourced by run. Two replicas on one PostgreSQL and one S3 server, behind a proxy that sends each request to the other one in
# turn: the integration tests of the specification, the walk with real clients, the official suite; and once more while one of
# them is killed and started again, over and over.

# --- the servers beside the program -------------------------------------------------------------------------------------

s3_access_key=moorage-ci

start_s3() { # PORT: a bucket is a directory; no file cache of its own
  local place=$WORK/s3
  mkdir -p "$place/data"
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$place/secret"
  (cd "$place" && exec setsid versitygw --access "$s3_access_key" --secret "$(cat secret)" --port "127.0.0.1:$1" --quiet posix data >log 2>&1 </dev/null) &
  echo $! >"$place/pid"
  disown
  await 20 curl -s -o /dev/null "http://127.0.0.1:$1/"
}

start_proxy() { # PORT: to both replicas, as for a trial with images
  mkdir -p "$WORK/proxy"
  LISTEN=127.0.0.1:$1 REPLICA_ONE=127.0.0.1:${replica_ports[0]} REPLICA_TWO=127.0.0.1:${replica_ports[1]} \
    PROBES_ONE=${probe_ports[0]} PROBES_TWO=${probe_ports[1]} \
    setsid haproxy -db -f docs/trial/haproxy.cfg >"$WORK/proxy/log" 2>&1 </dev/null &
  echo $! >"$WORK/proxy/pid"
  disown
}

# What the file for a trial with images names is there: settings, and the files that it builds from and mounts.
trial_names_what_there_is() {
  local setting
  grep -oE 'MOORAGE_[A-Z0-9_]+' docs/trial/compose.yaml | sort -u | while read -r setting; do
    grep -qF "$setting" docs/settings.md || { echo "$setting is no setting"; exit 1; }
  done
  test -s image/Containerfile
  test -s docs/trial/haproxy.cfg
  test -s target/quarkus-app/quarkus-run.jar
}

stop_beside() { # NAME: a server of start_s3 or start_proxy
  [ -s "$WORK/$1/pid" ] || return 0
  kill -TERM "$(cat "$WORK/$1/pid")" 2>/dev/null || true
  await 10 gone "$(cat "$WORK/$1/pid")"
  rm -f "$WORK/$1/pid"
}

# --- the replicas -------------------------------------------------------------------------------------------------------

part_replicas() {
  local port s3
  DATABASE_DIRECTORY=$WORK/postgresql-replicas
  port=$(free_port)
  check 60 "PostgreSQL starts for two replicas" start_postgresql "$port" || return
  s3=$(free_port)
  check 30 'an S3 server starts for two replicas' start_s3 "$s3" || return
  # The settings of both; the short times are for the checks that nothing is left.
  export QUARKUS_DATASOURCE_JDBC_URL=jdbc:postgresql://127.0.0.1:$port/moorage QUARKUS_DATASOURCE_USERNAME=moorage
  QUARKUS_DATASOURCE_PASSWORD=$(cat "$WORK/database-password")
  MOORAGE_STORAGE_S3_SECRET_KEY=$(cat "$WORK/s3/secret")
  export QUARKUS_DATASOURCE_PASSWORD MOORAGE_STORAGE_S3_SECRET_KEY MOORAGE_STORAGE_TYPE=s3 \
    MOORAGE_STORAGE_S3_ENDPOINT=http://127.0.0.1:$s3 MOORAGE_STORAGE_S3_BUCKET=registry MOORAGE_STORAGE_S3_CREATE_BUCKET=true \
    MOORAGE_STORAGE_S3_ACCESS_KEY=$s3_access_key MOORAGE_STORAGE_S3_PART_SIZE=5242880 \
    MOORAGE_UPLOADS_REAPER_INTERVAL=5s MOORAGE_UPLOADS_REMOVAL_DELAY=1s MOORAGE_DRAIN_DELAY=3s
  replica_ports=("$(free_port)" "$(free_port)")
  probe_ports=("$(free_port)" "$(free_port)")
  PORT=$(free_port) REGISTRY=127.0.0.1:$PORT
  check 10 'the files for a trial with images name what there is' trial_names_what_there_is
  check 90 'the first replica starts' start_program "$WORK/place-replica-0" "${replica_ports[0]}" "${probe_ports[0]}" &&
    check 90 'the second replica starts' start_program "$WORK/place-replica-1" "${replica_ports[1]}" "${probe_ports[1]}" &&
    check 30 'a proxy sends each request to the other replica in turn' proxy_takes_turns &&
    walk_replicas
  stop_beside proxy
  clear_place "$WORK/place-replica-0"
  clear_place "$WORK/place-replica-1"
  stop_beside s3
  stop_postgresql
  unset "${!QUARKUS_DATASOURCE_@}" "${!MOORAGE_STORAGE_@}" "${!MOORAGE_UPLOADS_@}" MOORAGE_DRAIN_DELAY REGISTRY
}

proxy_takes_turns() {
  start_proxy "$PORT"
  await 10 answers "$PORT"
}

walk_replicas() {
  STORES=replicas-
  walk_images
  walk_clients
  walk_api
  specification_at_the_replicas 'the integration tests of the specification at two replicas'
  conformance_at_the_replicas
  check 120 'nothing is left in the bucket that no row names' nothing_is_left
  walk_under_restarts
  walk_under_kills
  STORES=
}

# With the tests' own retries: a request that meets the killed replica fails, and its test is run again.
specification_at_the_replicas() { # NAME MAVEN-ARGUMENTS...
  local name=$1
  shift
  touch "$WORK/began"
  MOORAGE_TEST_URL=http://$REGISTRY maven 600 "$name" -Dit.test='Specification*IT' "$@" failsafe:integration-test failsafe:verify
  suite "$name: reports" target/failsafe-reports "$WORK/began"
}

conformance_at_the_replicas() {
  local version
  if [ -z "${CONFORMANCE_SUITE-}" ]; then
    echo 'not run: official conformance suite at two replicas (CONFORMANCE_SUITE names no binary)'
    return
  fi
  for version in 1.1 dev; do
    check 180 "conformance $version at two replicas" conforms "$version" replicas
  done
}

# Both replicas are still there, and between the rows and the bucket nothing is amiss. A removal that a kill cut off is put
# off by a minute or more: it is tried again at once here.
nothing_is_left() {
  query 'UPDATE tombstone SET not_before = least(not_before, now())'
  await 60 no_tombstone_is_due
  (cd "$WORK" && "${PROGRAM[@]}" fsck --deep)
}
no_tombstone_is_due() { [ "$(query 'SELECT count(*) FROM tombstone')" = 0 ]; }
query() { PGPASSWORD=$QUARKUS_DATASOURCE_PASSWORD psql -qAt "${QUARKUS_DATASOURCE_JDBC_URL#jdbc:}" -U moorage -c "$1"; }

# --- under kills --------------------------------------------------------------------------------------------------------

walk_under_kills() {
  check 60 'an image with a layer of 500 MB for two replicas' make_large_image
  check 420 'clients that try again push and pull while a replica is killed every few seconds' clients_under_kills
  check 240 'everything that was acknowledged is there, at each replica' acknowledged_is_there
  start_killing
  specification_at_the_replicas 'the tests of the specification while a replica is killed' -Dfailsafe.rerunFailingTestsCount=20
  check 60 'the killing ends' stop_killing
  check 120 'nothing is left in the bucket that no row names, after the kills' nothing_is_left
}

make_large_image() {
  [ -d "$WORK/large/copy" ] || large_layer
}

# One of them only, as after a crash of its machine: the other one has all the work meanwhile.
keep_killing() {
  local place=$WORK/place-replica-1 kills=0
  while [ -e "$WORK/keep-killing" ]; do
    sleep "$((RANDOM % 3)).$((RANDOM % 10))"
    kill_program "$place"
    start_program "$place" "${replica_ports[1]}" "${probe_ports[1]}"
    kills=$((kills + 1))
    echo "$kills" >"$WORK/kills"
  done
}
start_killing() {
  touch "$WORK/keep-killing"
  NOTE=$WORK/killing-note keep_killing >"$WORK/killing.log" 2>&1 </dev/null &
  echo $! >"$WORK/killer"
  disown
}
stop_killing() {
  rm "$WORK/keep-killing"
  await 60 gone "$(cat "$WORK/killer")"
  note "$(cat "$WORK/kills") kills"
  answers "${replica_ports[0]}"
  answers "${replica_ports[1]}"
}

# again COMMAND...: as a user does, or a pipeline, until it succeeds.
again() {
  local attempt
  for attempt in {1..40}; do
    if "$@"; then
      attempts=$((${attempts:-0} + attempt))
      return
    fi
    sleep 0.5
  done
  echo "failed 40 times: $*"
  return 1
}

clients_under_kills() {
  local i commands=0
  start_killing
  trap 'rm -f "$WORK/keep-killing"' EXIT
  : >"$WORK/acknowledged"
  for i in {1..6}; do
    again podman_in pusher push "$REGISTRY/mytomcat" "$REGISTRY/killed/podman:v$i"
    acknowledge "killed/podman:v$i"
    again skopeo copy --all "oci:$WORK/layout:v1" "docker://$REGISTRY/killed/skopeo$i:v1"
    acknowledge "killed/skopeo$i:v1"
    again crane push "$WORK/crane-layout" "$REGISTRY/killed/crane$i:v1"
    acknowledge "killed/crane$i:v1"
    again crane append --base "$REGISTRY/killed/crane$i:v1" --new_layer "$WORK/more.tar" --new_tag "$REGISTRY/killed/crane$i:v2"
    acknowledge "killed/crane$i:v2"
    random_file "killed-$i" $((i * 3000000))
    again put_blob killed/curl "$WORK/killed-$i"
    digest "$WORK/killed-$i" >>"$WORK/acknowledged-blobs"
    rm -rf "$WORK/killed-back"
    again skopeo copy --all "docker://$REGISTRY/killed/skopeo$i:v1" "oci:$WORK/killed-back:v1"
    commands=$((commands + 6))
  done
  again skopeo copy "oci:$WORK/large/copy:v1" "docker://$REGISTRY/killed/large:v1"
  acknowledge killed/large:v1
  rm -rf "$WORK/large/back"
  again skopeo copy "docker://$REGISTRY/killed/large:v1" "oci:$WORK/large/back:v1"
  diff -r "$WORK/large/copy/blobs" "$WORK/large/back/blobs"
  stop_killing
  note "$((commands + 2)) commands succeeded after $attempts attempts in all"
}
acknowledge() { echo "$1" >>"$WORK/acknowledged"; }

acknowledged_is_there() {
  local port image blob
  for port in "${replica_ports[@]}"; do
    while read -r image; do timeout 60 crane validate --remote "127.0.0.1:$port/$image"; done <"$WORK/acknowledged"
    while read -r blob; do
      same 'blob' "$blob" "sha256:$(curl -sf -m 30 "http://127.0.0.1:$port/v2/killed/curl/blobs/$blob" | sha256sum | cut -d' ' -f1)"
    done <"$WORK/acknowledged-blobs"
  done
  note "$(wc -l <"$WORK/acknowledged") images, $(wc -l <"$WORK/acknowledged-blobs") blobs"
}
