# Sourced by run. The version before the last change of the schema, beside this one: on one database and one store, both serve
# while the schema moves under them, and until the old one ends.
# PREVIOUS_VERSION=commit names another version, and PREVIOUS_PROGRAM=file its quarkus-run.jar, so that it need not be built.

part_upgrade() {
  local port
  if [ "$(git rev-parse --is-shallow-repository)" = true ] && [ -z "${PREVIOUS_VERSION-}" ]; then
    echo 'not run: two versions on one database (a shallow clone has no previous version; git fetch --unshallow)'
    return
  fi
  PREVIOUS=$(previous_version)
  if [ -z "$PREVIOUS" ]; then
    echo 'not run: two versions on one database (no version before this one has another schema)'
    return
  fi
  check 10 "the migrations of $(git log -1 --format='%h, "%s"' "$PREVIOUS") are unchanged" migrations_are_unchanged || return
  check 400 'the previous version is built' build_previous || return
  DATABASE_DIRECTORY=$WORK/postgresql-upgrade
  port=$(free_port)
  check 60 'PostgreSQL starts for two versions' start_postgresql "$port" || return
  export QUARKUS_DATASOURCE_JDBC_URL=jdbc:postgresql://127.0.0.1:$port/moorage QUARKUS_DATASOURCE_USERNAME=moorage
  QUARKUS_DATASOURCE_PASSWORD=$(cat "$WORK/database-password")
  export QUARKUS_DATASOURCE_PASSWORD MOORAGE_STORAGE_DIRECTORY=$WORK/upgrade-store \
    MOORAGE_UPLOADS_REAPER_INTERVAL=5s MOORAGE_UPLOADS_REMOVAL_DELAY=1s
  OLD=127.0.0.1:$(free_port) NEW=127.0.0.1:$(free_port)
  check 90 'the previous version starts on an empty database' start_old &&
    check 60 'it takes images' old_takes_images &&
    check 120 'this version starts beside it and moves the schema, while it takes more' new_starts_beside_pushes &&
    check 120 'the previous version starts again on the new schema' old_starts_again &&
    walk_versions
  clear_place "$WORK/place-old"
  clear_place "$WORK/place-new"
  stop_beside proxy
  stop_postgresql
  unset "${!QUARKUS_DATASOURCE_@}" "${!MOORAGE_STORAGE_@}" "${!MOORAGE_UPLOADS_@}" REGISTRY
}

walk_versions() {
  check 60 'what either takes the other one gives' each_gives_what_the_other_took
  check 30 'a tag that one moves is moved at the other, in both directions' each_sees_moved_tags
  check 60 'an upload that was begun at one is continued at the other' each_continues_uploads
  check 30 'what one deletes is gone at the other' each_sees_deletions
  specification_between_versions
  check 90 'the previous version ends, and this one has everything' old_ends
  check 120 'nothing is amiss between the rows and the store' nothing_is_amiss
}

# The newest release, or while there is none, the newest commit whose schema is this one's without its last migrations.
previous_version() {
  local change
  if [ -n "${PREVIOUS_VERSION-}" ]; then
    git rev-parse --verify "$PREVIOUS_VERSION^{commit}"
    return
  fi
  git describe --tags --abbrev=0 --match 'v[0-9]*' HEAD^ 2>/dev/null && return
  git log --format=%H -- db/migration | while read -r change; do
    git rev-parse -q --verify "$change^" >/dev/null || break
    [ "$(migrations_of "$change^")" != "$(migrations_of HEAD)" ] || continue
    # All of its migrations are unchanged, and the new ones come behind them.
    [ "$(migrations_of HEAD | head -n "$(migrations_of "$change^" | wc -l)")" = "$(migrations_of "$change^")" ] || continue
    git rev-parse "$change^"
    break
  done
}
migrations_of() { git ls-tree "$1" db/migration/; } # COMMIT: names in their order, with a digest of what they hold

# A migration that was applied somewhere is never changed: what is added is all that may differ.
migrations_are_unchanged() {
  local file
  git ls-tree -r --name-only "$PREVIOUS" db/migration | while read -r file; do
    git show "$PREVIOUS:$file" | cmp - "$file"
  done
  note "$(git ls-tree -r --name-only "$PREVIOUS" db/migration | wc -l) migrations before, $(ls db/migration | wc -l) now"
}

build_previous() {
  [ -z "${PREVIOUS_PROGRAM-}" ] || { PREVIOUS_PROGRAM=$(readlink -e "$PREVIOUS_PROGRAM"); note "$PREVIOUS_PROGRAM"; return; }
  mkdir -p "$WORK/previous"
  git archive "$PREVIOUS" | tar -x -C "$WORK/previous"
  # What the compiler's checks say of it was for its own build to hear.
  sed -i 's|<failOnWarning>true</failOnWarning>|<failOnWarning>false</failOnWarning>|' "$WORK/previous/pom.xml"
  (cd "$WORK/previous" && ./mvnw -q -B -Dmaven.test.skip=true package)
  test -s "$WORK/previous/target/quarkus-app/quarkus-run.jar"
}

start_old() {
  # Since the version that has this setting a newer schema is taken as it is; before it, it has to be said.
  git show "$PREVIOUS:src/main/resources/application.properties" | grep -qF 'quarkus.flyway.ignore-migration-patterns=*:future' ||
    export QUARKUS_FLYWAY_IGNORE_MIGRATION_PATTERNS='*:future'
  local PROGRAM=("$(find_java)/bin/java" -jar "${PREVIOUS_PROGRAM:-$WORK/previous/target/quarkus-app/quarkus-run.jar}")
  start_program "$WORK/place-old" "${OLD#*:}"
}

at() { REGISTRY=$1 "${@:2}"; } # REGISTRY COMMAND...

# push_image_at REGISTRY REPOSITORY TAG: of one new layer, known to the file acknowledged once the registry has said so.
push_image_at() {
  local name
  name=layer-$(tr / - <<<"$2")-$3
  # Some are rows, and some are objects.
  random_file "$name" $((RANDOM % 2 ? 20000 : 50000))
  write_manifest "$WORK/manifest-$name" "$WORK/$name"
  at "$1" put_blob "$2" "$WORK/empty"
  at "$1" put_blob "$2" "$WORK/$name"
  at "$1" put_manifest "$2" "$3" "$WORK/manifest-$name"
  echo "$2 $3 $(digest "$WORK/manifest-$name") $(digest "$WORK/$name")" >>"$WORK/acknowledged-versions"
}

# gives REGISTRY: everything that either has acknowledged, the bytes compared by their digests.
gives() {
  local repository tag manifest layer
  while read -r repository tag manifest layer; do
    same "$repository:$tag" "$manifest" "sha256:$(curl -sf -H 'Accept: application/vnd.oci.image.manifest.v1+json' "http://$1/v2/$repository/manifests/$tag" | sha256sum | cut -d' ' -f1)"
    same "$repository@$layer" "$layer" "sha256:$(curl -sf "http://$1/v2/$repository/blobs/$layer" | sha256sum | cut -d' ' -f1)"
  done <"$WORK/acknowledged-versions"
  note "$(wc -l <"$WORK/acknowledged-versions") images at $1"
}

old_takes_images() {
  local i
  for i in {1..5}; do push_image_at "$OLD" "versions/before$i" v1; done
  gives "$OLD"
}

new_starts_beside_pushes() {
  local pushing i=0
  start_program "$WORK/place-new" "${NEW#*:}" &
  pushing=$!
  while kill -0 "$pushing" 2>/dev/null; do
    push_image_at "$OLD" versions/meanwhile "v$((i += 1))"
  done
  wait "$pushing"
  push_image_at "$OLD" versions/meanwhile "v$((i + 1))"
  note "$((i + 1)) pushes to the previous version meanwhile"
  gives "$NEW"
}

old_starts_again() {
  stop_program "$WORK/place-old"
  start_old
  cat "$WORK/place-old/program.log"
  gives "$OLD"
}

each_gives_what_the_other_took() {
  push_image_at "$OLD" versions/old v1
  push_image_at "$NEW" versions/new v1
  crane copy --insecure "$OLD/versions/old:v1" "$NEW/versions/copied:v1"
  gives "$OLD"
  gives "$NEW"
}

each_sees_moved_tags() {
  local first second
  push_image_at "$NEW" versions/moved first
  push_image_at "$OLD" versions/moved second
  first=$WORK/manifest-layer-versions-moved-first second=$WORK/manifest-layer-versions-moved-second
  at "$NEW" put_manifest versions/moved latest "$first"
  at "$OLD" put_manifest versions/moved latest "$second"
  same 'moved by the previous version' "$(digest "$second")" "$(crane digest --insecure "$NEW/versions/moved:latest")"
  at "$NEW" put_manifest versions/moved latest "$first"
  same 'moved by this version' "$(digest "$first")" "$(crane digest --insecure "$OLD/versions/moved:latest")"
}

each_continues_uploads() {
  local pair from to first
  random_file half-two 200000
  # Few bytes are a row until more come.
  for pair in "$OLD $NEW 300000" "$NEW $OLD 300000" "$OLD $NEW 20000" "$NEW $OLD 20000"; do
    read -r from to first <<<"$pair"
    random_file half-one "$first"
    echo "$pair" >>"$WORK/half-two"
    cat "$WORK/half-one" "$WORK/half-two" >"$WORK/both-halves"
    at "$from" http 202 POST /v2/versions/halves/blobs/uploads/
    at "$from" http 202 PATCH "$(at "$from" location)" "${octets[@]}" --data-binary "@$WORK/half-one"
    at "$to" http 202 PATCH "$(at "$to" location | sed "s|$from|$to|")" "${octets[@]}" --data-binary "@$WORK/half-two"
    at "$from" http 201 PUT "$(at "$from" location | sed "s|$to|$from|")digest=$(digest "$WORK/both-halves")"
    at "$to" reads_back versions/halves "$WORK/both-halves"
  done
}

each_sees_deletions() {
  local pair from to
  for pair in "$OLD $NEW" "$NEW $OLD"; do
    read -r from to <<<"$pair"
    at "$from" put_manifest versions/moved gone "$WORK/manifest-layer-versions-moved-first"
    at "$to" http 200 GET /v2/versions/moved/manifests/gone "${accepted[@]}"
    at "$from" http 202 DELETE /v2/versions/moved/manifests/gone
    at "$to" http 404 GET /v2/versions/moved/manifests/gone "${accepted[@]}"
  done
}
accepted=(-H 'Accept: application/vnd.oci.image.manifest.v1+json')

# Each request goes to the other version in turn. Without probes, as the previous one may have others.
specification_between_versions() {
  PORT=$(free_port) REGISTRY=127.0.0.1:$PORT
  check 30 'a proxy sends each request to the other version in turn' proxy_between_versions || return
  specification_at_the_replicas 'the integration tests of the specification, half of each at either version'
}

proxy_between_versions() {
  mkdir -p "$WORK/proxy"
  sed '/httpchk\|http-check\|default-server/d; s/ port "[^"]*"//' docs/trial/haproxy.cfg >"$WORK/proxy/between.cfg"
  LISTEN=$REGISTRY REPLICA_ONE=$OLD REPLICA_TWO=$NEW setsid haproxy -db -f "$WORK/proxy/between.cfg" >"$WORK/proxy/log" 2>&1 </dev/null &
  echo $! >"$WORK/proxy/pid"
  disown
  await 10 answers "$PORT"
}

old_ends() {
  stop_program "$WORK/place-old"
  gives "$NEW"
}

nothing_is_amiss() {
  # What the tests left open and condemned goes first.
  query 'UPDATE tombstone SET not_before = least(not_before, now())'
  await 60 no_tombstone_is_due
  (cd "$WORK/place-new" && "${PROGRAM[@]}" fsck --deep)
}
