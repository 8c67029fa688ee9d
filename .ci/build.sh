# Sourced by run. The README's two commands, and the integration tests once more on Debian's PostgreSQL.

part_install() {
  check 300 'everything that the checks use is installed' .ci/install "$TOOLS"
}

# maven LIMIT 'what holds' ARGUMENTS...: shows Maven's closing lines, whatever came of it, and its errors first.
maven() {
  local limit=$1 name=$2 outcome=0
  shift 2
  TELLING='^\[ERROR\] +[^ ]' TAIL=150 check "$limit" "$name" ./mvnw -B "$@" || outcome=$?
  grep -hE '(Tests run:.*[0-9]$|BUILD (SUCCESS|FAILURE)|Total time:)' "$LOGS/$(printf %02d "$checks")"-*.log | sed 's/^/      /'
  # What an assertion saw stands in lines without a mark.
  [ "$outcome" = 0 ] || sed -n '/^\[ERROR\] \(Failures\|Errors\): *$/,/^\[ERROR\] Tests run:/p' "$LOGS/$(printf %02d "$checks")"-*.log |
    cut -c1-300 | head -n 60 | sed 's/^/      > /'
  return "$outcome"
}

# Each suite of tests counts, and a suite that ran nothing failed.
suite() { # NAME REPORTS NEWER-THAN
  check 20 "$1" no_failure_in "$2" "$3"
}
no_failure_in() { # DIRECTORY NEWER-THAN
  local reports counts tests failures errors skipped
  reports=$(find "$1" -name 'TEST-*.xml' -newer "$2")
  [ -n "$reports" ]
  counts=$(xargs sed -n '/<testsuite /,/>/p' <<<"$reports" | tr '\n' ' ' | grep -oE ' (tests|failures|errors|skipped)="[0-9]+"' |
    awk -F'"' '{ gsub(/[ =]/, "", $1); sum[$1] += $2 } END { print sum["tests"] + 0, sum["failures"] + 0, sum["errors"] + 0, sum["skipped"] + 0 }')
  read -r tests failures errors skipped <<<"$counts"
  note "$tests tests, $failures failures, $errors errors, $skipped skipped"
  [ "$tests" -gt 0 ] && [ "$failures" = 0 ] && [ "$errors" = 0 ]
}

part_build() {
  touch "$WORK/began"
  maven 2400 "the README's test command: ./mvnw verify" verify
  suite 'unit tests' target/surefire-reports "$WORK/began"
  suite 'integration tests on the embedded database' target/failsafe-reports "$WORK/began"
}

# The README's first command, in a data directory of its own.
part_readme() {
  check 5 'the README names the two commands' readme_names_the_commands
  check 180 "the README's first command starts a registry, and SIGTERM ends it" first_command_starts_a_registry
}
readme_names_the_commands() {
  grep -qF './mvnw -q -DskipTests package quarkus:run' README.md
  grep -qF './mvnw verify' README.md
}
first_command_starts_a_registry() {
  local place=$WORK/place-readme port
  port=$(free_port)
  PROGRAM=(bash -c "cd '$PWD' && exec ./mvnw -q -DskipTests package quarkus:run")
  MOORAGE_DATA_DIRECTORY=$place/data launch_program "$place" "$port"
  await 150 eval "answers $port || ended '$place'"
  cat "$place/program.log"
  answers "$port"
  curl -sf "http://127.0.0.1:$port/v2/_catalog" | jq -e '.repositories == []'
  # As Ctrl-C does: the whole group, so Maven and the program that it started.
  # The shell that would note the end is of that group too, so Maven's process itself is watched.
  kill -TERM -- "-$(group_of "$(cat "$place/pid")")"
  await 60 gone "$(cat "$place/pid")"
  await 30 eval "! answers $port"
  await 30 eval "[ -z \"\$(database_of '$place')\" ]"
}
gone() { [ ! -d "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"; }
group_of() { sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f3; }

# The integration tests that a database or a store of blobs decides, again, with the packaged program of the build, on the oldest
# PostgreSQL that is supported, and with blobs in buckets of a real S3 server. What looks at pages, rights and log-ins asks the same
# statements here as there; plans are those of one version, and whoever brings a store of his own has it here as there. Large layers,
# kills and drains on this database and a bucket are what the part 'replicas' is about.
ON_ANOTHER='**/blob/*IT,**/registry/*IT,**/metadata/*IT,**/lifecycle/*IT,**/administration/*IT,**/event/*IT,**/http/v2/*IT'
ON_ANOTHER+=',ListsIT,AuditTrailIT,UndoWalkIT,QuotasAndRulesIT,LoginIT,TokenIT,SecuredPushIT,OrganizationPageIT,UndoPagesIT'
ON_ANOTHER+=',!*PlanIT,!RollingRestartIT,!S3UploadIT,!S3StoreFaultsIT,!S3StoreMarkerIT,!S3ModelIT,!S3FsckIT,!S3CollectionIT,!S3ServingIT'
ON_ANOTHER+=',!StreamingIT,!UploadFaultsIT,!BadInputsIT,!WebhookReplicasIT,!ReplicaKillsIT,!DrainIT'
part_postgresql() {
  local port s3
  DATABASE_DIRECTORY=$WORK/postgresql
  port=$(free_port)
  check 60 "Debian's PostgreSQL 15 starts" start_postgresql "$port" || return
  s3=$(free_port)
  check 30 'an S3 server starts' start_s3 "$s3" || return
  touch "$WORK/began"
  S3_TEST_ENDPOINT=http://127.0.0.1:$s3 S3_TEST_ACCESS_KEY=$s3_access_key S3_TEST_SECRET_KEY=$(cat "$WORK/s3/secret") \
    MOORAGE_TEST_DATABASE_URL=jdbc:postgresql://127.0.0.1:$port/moorage \
    MOORAGE_TEST_DATABASE_USER=moorage MOORAGE_TEST_DATABASE_PASSWORD=$(cat "$WORK/database-password") \
    maven 2400 "integration tests on Debian's PostgreSQL 15 and an S3 server" -Dit.test="$ON_ANOTHER" -Dtests.aot=true \
    failsafe:integration-test failsafe:verify
  suite "integration tests on Debian's PostgreSQL 15 and an S3 server: reports" target/failsafe-reports "$WORK/began"
  stop_beside s3
  rm -rf "$WORK/s3"
  stop_postgresql
}

as_postgres() { (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); }
postgresql=/usr/lib/postgresql/15/bin

start_postgresql() { # PORT: fsync stays on, as installed
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$WORK/database-password"
  chmod 644 "$WORK/database-password"
  install -d -o postgres -g postgres -m 700 "$DATABASE_DIRECTORY"
  as_postgres "$postgresql/initdb" -D "$DATABASE_DIRECTORY/data" -A scram-sha-256 -U moorage --pwfile="$WORK/database-password" -E UTF8 --locale=C.UTF-8
  as_postgres "$postgresql/pg_ctl" -D "$DATABASE_DIRECTORY/data" -w -l "$DATABASE_DIRECTORY/log" \
    -o "-c port=$1 -c listen_addresses=127.0.0.1 -c unix_socket_directories='$DATABASE_DIRECTORY' -c max_connections=200" start
  PGPASSWORD=$(cat "$WORK/database-password") psql -h 127.0.0.1 -p "$1" -U moorage -d postgres -c 'CREATE DATABASE moorage'
}

stop_postgresql() {
  [ -e "$DATABASE_DIRECTORY/data/postmaster.pid" ] && as_postgres "$postgresql/pg_ctl" -D "$DATABASE_DIRECTORY/data" -m fast -w stop >/dev/null
  DATABASE_DIRECTORY=
}
