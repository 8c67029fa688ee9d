# Sourced by run. A registry under load is backed up, everything of it is destroyed, and what it had acknowledged before the
# backup began is there again: with ops/backup and ops/restore, and for the embedded database by a copy of its directory.

part_restore() {
  RESTORE=$WORK/restore
  mkdir -p "$RESTORE"
  drill_external directory
  drill_external bucket
  drill_embedded
}

# --- an external database, and a directory or a bucket ------------------------------------------------------------------

drill_external() { # directory | bucket
  local kind=$1
  STAGE=$kind
  mkdir -p "$RESTORE/$kind"
  DATABASE_DIRECTORY=$WORK/postgresql-before-$kind
  check 60 "PostgreSQL starts for a backup ($kind)" start_postgresql "$(database_port "$kind-before")" || return
  drill_settings "$kind" before
  check 90 "a registry starts that is to be lost ($kind)" start_program "$WORK/place-before-$kind" "$PORT" &&
    check 120 "it is backed up while it takes pushes, twice ($kind)" backs_up_under_load &&
    check 60 "a backup that would not be whole fails, and leaves none ($kind)" fails_where_it_is_not_whole &&
    check 60 "what the URL demands of the connection to the database holds for it too ($kind)" demands_of_the_url_hold &&
    check 60 "all of it is destroyed ($kind)" destroy &&
    restore_external "$kind"
  clear_place "$WORK/place-before-$kind"
  clear_place "$WORK/place-after-$kind"
  stop_beside s3
  rm -rf "$WORK/s3"
  stop_postgresql
  unset "${!QUARKUS_DATASOURCE_@}" "${!MOORAGE_STORAGE_@}" "${!MOORAGE_UPLOADS_@}" BACKUP_OBJECTS RESTORE_OBJECTS REGISTRY
}

restore_external() {
  DATABASE_DIRECTORY=$WORK/postgresql-after-$1
  check 60 "another PostgreSQL starts ($1)" start_postgresql "$(database_port "$1-after")" || return
  drill_settings "$1" after
  check 90 "the backup is restored into it, and into nothing else ($1)" restores || return
  check 90 "a registry starts on what was restored ($1)" start_program "$WORK/place-after-$1" "$PORT" || return
  check 120 "every row has its object, and their bytes are right ($1)" every_row_has_its_object
  check 60 "nothing is removed from the store until somebody has looked ($1)" nothing_goes_yet
  check 120 "everything that was acknowledged before the backup is there ($1)" acknowledged_before_is_there
  check 60 "after fsck --acknowledge it goes on as before ($1)" goes_on
}

# The port of a database of this drill, the same each time.
database_port() {
  [ -s "$RESTORE/port-$1" ] || free_port >"$RESTORE/port-$1"
  cat "$RESTORE/port-$1"
}

drill_settings() { # directory|bucket before|after
  local s3
  export QUARKUS_DATASOURCE_JDBC_URL=jdbc:postgresql://127.0.0.1:$(database_port "$1-$2")/moorage QUARKUS_DATASOURCE_USERNAME=moorage
  QUARKUS_DATASOURCE_PASSWORD=$(cat "$WORK/database-password")
  export QUARKUS_DATASOURCE_PASSWORD MOORAGE_UPLOADS_REAPER_INTERVAL=1s
  # Only what is repaired is to go soon; what a backup copies stays for its hour.
  [ "$2" = before ] || export MOORAGE_UPLOADS_REMOVAL_DELAY=1s
  PORT=$(free_port) REGISTRY=127.0.0.1:$PORT
  if [ "$1" = directory ]; then
    export MOORAGE_STORAGE_DIRECTORY=$RESTORE/$1/store-$2
    return
  fi
  s3=$(free_port)
  stop_beside s3
  start_s3 "$s3"
  export MOORAGE_STORAGE_TYPE=s3 MOORAGE_STORAGE_S3_ENDPOINT=http://127.0.0.1:$s3 MOORAGE_STORAGE_S3_BUCKET=registry \
    MOORAGE_STORAGE_S3_CREATE_BUCKET=true MOORAGE_STORAGE_S3_ACCESS_KEY=$s3_access_key MOORAGE_STORAGE_S3_PART_SIZE=5242880
  MOORAGE_STORAGE_S3_SECRET_KEY=$(cat "$WORK/s3/secret")
  # This store's own means: a bucket of it is a directory.
  printf 'user = "%s:%s"\naws-sigv4 = "aws:amz:us-east-1:s3"\nheader = "x-amz-content-sha256: %s"\n' \
    "$s3_access_key" "$MOORAGE_STORAGE_S3_SECRET_KEY" "$(sha256sum </dev/null | cut -d' ' -f1)" >"$WORK/s3/curl"
  export MOORAGE_STORAGE_S3_SECRET_KEY \
    BACKUP_OBJECTS="mkdir -p '$RESTORE/$1/objects' && cp -a --update '$WORK/s3/data/registry/blobs' '$RESTORE/$1/objects/'" \
    RESTORE_OBJECTS="curl -sf -K '$WORK/s3/curl' -X PUT 'http://127.0.0.1:$s3/registry' && cp -a '$RESTORE/$1/objects/blobs' '$WORK/s3/data/registry/'"
}

# keep_pushing: until the file is gone; each image that was acknowledged is a line.
keep_pushing() {
  local i=0 name
  while [ -e "$RESTORE/$STAGE/pushing" ]; do
    i=$((i + 1)) name=drill-$STAGE-$((i % 7))
    random_file "$name" $((i * 20000 % 700000 + 1))
    write_manifest "$WORK/$name.manifest" "$WORK/$name"
    put_blob drill/images "$WORK/empty"
    put_blob drill/images "$WORK/$name"
    put_manifest drill/images "v$i" "$WORK/$name.manifest"
    echo "drill/images v$i $(digest "$WORK/$name.manifest") $(digest "$WORK/$name")" >>"$RESTORE/$STAGE/acknowledged"
  done
}

acknowledged_are() { [ "$(wc -l <"$RESTORE/$STAGE/acknowledged")" -ge "$1" ]; }

backs_up_under_load() {
  local pushing backup=$RESTORE/$STAGE/backup
  touch "$RESTORE/$STAGE/pushing" "$RESTORE/$STAGE/acknowledged"
  keep_pushing &
  pushing=$!
  await 60 acknowledged_are 10
  ops/backup "$backup"
  cp "$RESTORE/$STAGE/acknowledged" "$RESTORE/$STAGE/before-first"
  await 60 acknowledged_are $(($(wc -l <"$RESTORE/$STAGE/before-first") + 10))
  cp "$RESTORE/$STAGE/acknowledged" "$RESTORE/$STAGE/before"
  ops/backup "$backup" | tee "$WORK/backup-last"
  kill -0 "$pushing"
  await 60 acknowledged_are $(($(wc -l <"$RESTORE/$STAGE/before") + 5))
  rm "$RESTORE/$STAGE/pushing"
  wait "$pushing"
  same 'dumps' 2 "$(ls "$backup"/database-*.dump | wc -l)"
  refused ls "$backup"/*.unfinished
  note "$(wc -l <"$RESTORE/$STAGE/before") images before the backup, $(wc -l <"$RESTORE/$STAGE/acknowledged") in all"
}

fails_where_it_is_not_whole() {
  local backup=$RESTORE/$STAGE/backup-in-vain
  MOORAGE_COLLECTION_TOMBSTONE_DELAY=0s refused ops/backup "$backup"
  QUARKUS_DATASOURCE_PASSWORD=wrong refused ops/backup "$backup"
  QUARKUS_DATASOURCE_JDBC_URL=jdbc:postgresql://127.0.0.1:$(free_port)/moorage refused ops/backup "$backup"
  BACKUP_OBJECTS=false refused ops/backup "$backup"
  same 'dumps' '' "$(ls "$backup" | grep '[.]dump$' || true)"
}

# The server has no TLS: what demands it must not be served without.
demands_of_the_url_hold() {
  local backup=$RESTORE/$STAGE/backup-in-vain url=$QUARKUS_DATASOURCE_JDBC_URL demand dump
  dump=$(ls "$RESTORE/$STAGE/backup"/database-*.dump | tail -n 1)
  for demand in 'sslmode=require' 'ApplicationName=x&sslmode=verify-full&sslrootcert=/dev/null' 'ssl=true' 'sslfactory=x' 'sslmode=verify%2Dfull'; do
    QUARKUS_DATASOURCE_JDBC_URL=$url?$demand refused ops/backup "$backup"
    QUARKUS_DATASOURCE_JDBC_URL=$url?$demand refused ops/restore "$dump" 2>"$WORK/refusal"
    refused grep 'has tables already' "$WORK/refusal"
  done
  same 'what is left' '' "$(ls "$backup" | grep dump || true)"
  QUARKUS_DATASOURCE_JDBC_URL=$url?'sslmode=disable&connectTimeout=5' ops/backup "$RESTORE/$STAGE/backup-demanded"
  rm -rf "$RESTORE/$STAGE/backup-demanded"
}

destroy() {
  kill_program "$WORK/place-before-$STAGE"
  as_postgres "$postgresql/pg_ctl" -D "$DATABASE_DIRECTORY/data" -m immediate -w stop
  rm -rf "$DATABASE_DIRECTORY" "$WORK/place-before-$STAGE" "$RESTORE/$STAGE/store-before"
  stop_beside s3
  rm -rf "$WORK/s3"
}

restores() {
  local dump
  dump=$(sed 's/^backup of [^ ]*: //' "$WORK/backup-last" | tail -n 1)
  ops/restore "$dump"
  # Neither over what is there.
  refused ops/restore "$dump"
}

every_row_has_its_object() {
  local code=0
  (cd "$WORK/place-after-$STAGE" && "${PROGRAM[@]}" fsck --deep) >"$WORK/found" || code=$?
  cat "$WORK/found"
  same 'exit code' 1 "$code"
  refused grep -E '^(object-absent|size-differs|digest-differs|object-unreadable)' "$WORK/found"
  grep '^mark-differs' "$WORK/found"
  note "$(grep -c '^object-without-row' "$WORK/found") objects of pushes after the dump"
  grep '^summary' "$WORK/found" >>"$NOTE"
}

nothing_goes_yet() {
  local code=0
  (cd "$WORK/place-after-$STAGE" && "${PROGRAM[@]}" fsck --repair) || code=$?
  same 'exit code of a repair' 3 "$code"
  await 20 grep -F 'fsck --acknowledge' "$WORK/place-after-$STAGE/program.log"
}

acknowledged_before_is_there() {
  local repository tag manifest layer
  while read -r repository tag manifest layer; do
    same "$repository:$tag" "$manifest" "sha256:$(curl -sf -H 'Accept: application/vnd.oci.image.manifest.v1+json' "http://$REGISTRY/v2/$repository/manifests/$tag" | sha256sum | cut -d' ' -f1)"
    same "$repository@$layer" "$layer" "sha256:$(curl -sf "http://$REGISTRY/v2/$repository/blobs/$layer" | sha256sum | cut -d' ' -f1)"
  done <"$RESTORE/$STAGE/before"
  note "$(wc -l <"$RESTORE/$STAGE/before") images"
}

goes_on() {
  local code=0
  (cd "$WORK/place-after-$STAGE" && "${PROGRAM[@]}" fsck --acknowledge) || code=$?
  same 'exit code' 1 "$code"
  # What was pushed after the dump has no row, and goes when somebody says so.
  (cd "$WORK/place-after-$STAGE" && "${PROGRAM[@]}" fsck --repair) || true
  await 40 nothing_is_found
  put_blob drill/after "$WORK/drill-$STAGE-1"
}
nothing_is_found() { (cd "$WORK/place-after-$STAGE" && "${PROGRAM[@]}" fsck); }

# --- the embedded database: a copy of the directory while the program is stopped ----------------------------------------

drill_embedded() {
  STAGE=embedded
  mkdir -p "$RESTORE/embedded"
  PORT=$(free_port) REGISTRY=127.0.0.1:$PORT
  check 90 'a registry of its own database starts that is to be lost' start_program "$WORK/place-embedded" "$PORT" &&
    check 120 'it is stopped, its directory copied, and all of it destroyed' copies_the_directory &&
    check 90 'a registry starts on the copy' start_program "$WORK/place-embedded-again" "$PORT" &&
    check 60 'everything that was acknowledged is there (embedded)' acknowledged_before_is_there &&
    check 60 'nothing is amiss, and nothing has to be acknowledged' nothing_is_found_in_the_copy
  clear_place "$WORK/place-embedded"
  clear_place "$WORK/place-embedded-again"
  unset REGISTRY
}

copies_the_directory() {
  local pushing
  touch "$RESTORE/embedded/pushing" "$RESTORE/embedded/acknowledged"
  keep_pushing &
  pushing=$!
  await 60 acknowledged_are 8
  rm "$RESTORE/embedded/pushing"
  wait "$pushing"
  cp "$RESTORE/embedded/acknowledged" "$RESTORE/embedded/before"
  stop_program "$WORK/place-embedded"
  mkdir -p "$WORK/place-embedded-again"
  cp -a "$WORK/place-embedded/moorage-data" "$WORK/place-embedded-again/"
  rm -rf "$WORK/place-embedded"
}

nothing_is_found_in_the_copy() { (cd "$WORK/place-embedded-again" && "${PROGRAM[@]}" fsck --deep); }
