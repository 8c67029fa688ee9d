# Sourced by the scripts of this folder: checks and their count, free ports, the program under test.
# WORK is a directory of this run, removed at its end; LOGS keeps one file a check.

# check LIMIT 'what holds' COMMAND...: runs a command or function for LIMIT seconds at most, and counts the outcome.
# Its output goes to a log, of which the end is shown when it fails, after the lines that match $TELLING; the first of
# those stand beside its name in the last lines of the script too. Lines that it writes to $NOTE are shown either way.
check() {
  local limit=$1 name=$2 log began=$SECONDS job watch first='' code=0 telling=''
  shift 2
  checks=$((${checks:-0} + 1))
  log=$LOGS/$(printf %02d "$checks")-$(tr -cs 'a-zA-Z0-9' '-' <<<"$name" | cut -c1-60).log
  NOTE=$WORK/note
  : >"$NOTE"
  set -m # a process group of its own, so that a check that hangs ends with all it started
  # From a trap, since a shell that is asked by '&&' or '||' what became of a check would not end at its first failure.
  (set +m; trap 'trap - USR1; set -euo pipefail; "$@"; exit' USR1; kill -USR1 "$BASHPID"; exit 99) >"$log" 2>&1 </dev/null &
  job=$!
  set +m
  sleep "$limit" &
  watch=$!
  wait -n -p first "$job" "$watch" || code=$?
  if [ "$first" = "$watch" ]; then
    kill -KILL -- "-$job" 2>/dev/null
    code="still running after $limit s"
  else
    kill "$watch" 2>/dev/null
  fi
  wait "$job" "$watch" 2>/dev/null
  if [ "$code" = 0 ]; then
    passed=$((passed + 1))
    echo "ok    $name ($((SECONDS - began)) s)"
  else
    failed=$((failed + 1))
    [ -z "${TELLING-}" ] || telling=$(grep -E "$TELLING" "$log" | cut -c1-300 | awk '!seen[$0]++' | head -n 20)
    # Without such lines its last words: what was printed before may be cut where somebody reads it.
    failures+=("$name"$'\n'"$(if [ -n "$telling" ]; then head -n 5 <<<"$telling"; else tail -n 6 "$log" | cut -c1-300 | sed 's/^/    /'; fi)")
    echo "FAIL  $name ($code; $((SECONDS - began)) s)"
    [ -z "$telling" ] || sed 's/^/      > /' <<<"$telling"
    tail -n "${TAIL:-60}" "$log" | sed 's/^/      | /'
  fi
  sed 's/^/      /' "$NOTE"
  [ "$code" = 0 ]
}
passed=0 failed=0 failures=()

# The last lines of a script: what failed, and the counts.
tally() {
  local name
  for name in "${failures[@]}"; do echo "failed: $name"; done
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}

note() { echo "$*" >>"$NOTE"; }

# A port of the loopback interface on which nobody listens, and which the system gives to nobody who connects.
free_port() {
  local port
  while port=$((RANDOM % 12000 + 20000)); do
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# await SECONDS COMMAND...: until the command succeeds.
await() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { echo "waited in vain for: $*"; return 1; }
    sleep 0.05
  done
}

same() { # WHAT EXPECTED ACTUAL
  [ "$2" = "$3" ] && return
  printf '%s: expected\n  %s\nbut was\n  %s\n' "$1" "$2" "$3"
  return 1
}

# refused COMMAND...: the command fails. (A plain '!' is not seen by 'set -e'.)
refused() {
  if "$@"; then echo "succeeded, and should not have: $*"; return 1; fi
}

# The java of the JDK that the build found.
find_java() {
  ./mvnw -v | sed -n 's/^Java version: .*, runtime: //p' | sed 's|/jre$||'
}

# --- the program, as the README starts it: in a directory of its own, on a free port -----------------------------------
# A place is a directory; the program's data directory lies in it, and what is known of the process stands beside it.

launch_program() { # PLACE PORT [MANAGEMENT-PORT]: starts it and does not wait
  mkdir -p "$1"
  rm -f "$1/exit" "$1/pid"
  # The shell around it outlives a kill -9 and keeps the exit code.
  (cd "$1" && QUARKUS_HTTP_PORT=$2 QUARKUS_MANAGEMENT_PORT=${3:-$(free_port)} exec setsid bash -c '
    "$@" >>program.log 2>&1 </dev/null & echo $! >pid.new && mv pid.new pid; wait $!; echo $? >exit' - "${PROGRAM[@]}") &
  disown
  await 10 test -s "$1/pid"
}

answers() { # PORT
  [ "$(curl -s -o /dev/null -m 2 -w '%{http_code}' "http://127.0.0.1:$1/v2/")" = 200 ]
}

ended() { [ -e "$1/exit" ]; }

start_program() { # PLACE PORT [MANAGEMENT-PORT]: until /v2/ answers, and notes how long that took
  local began
  began=$(date +%s%N)
  launch_program "$@"
  until answers "$2"; do
    ended "$1" && { tail -40 "$1/program.log"; echo "the program ended with $(cat "$1/exit")"; return 1; }
    [ $((($(date +%s%N) - began) / 1000000000)) -lt 60 ] || { tail -40 "$1/program.log"; echo 'no answer after 60 s'; return 1; }
    sleep 0.02
  done
  note "$((($(date +%s%N) - began) / 1000000)) ms from process start to the first 200 on /v2/"
}

stop_program() { # PLACE: by SIGTERM
  kill -TERM "$(cat "$1/pid")"
  await "${2:-30}" ended "$1"
}

kill_program() { # PLACE: by SIGKILL
  kill -KILL "$(cat "$1/pid")"
  await 10 ended "$1"
}

# The servers of an embedded database that this place's program started.
database_of() { # PLACE
  local file pid
  find "$1" -name postmaster.pid 2>/dev/null | while read -r file; do
    pid=$(head -n 1 "$file")
    [[ $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") == *postgres* ]] && echo "$pid"
  done
  true
}

# Ends whatever a place still runs, gently first.
clear_place() { # PLACE
  local pid
  if [ -s "$1/pid" ] && ! ended "$1"; then
    stop_program "$1" 20 >/dev/null 2>&1 || kill_program "$1" >/dev/null 2>&1
  fi
  for pid in $(database_of "$1"); do kill -INT "$pid"; await 10 eval "! kill -0 $pid"; done
}

# begin NAME: the directories of this run, and what must be gone when it ends.
begin() {
  LOGS=$PWD/target/ci/$1
  rm -rf "$LOGS"
  mkdir -p "$LOGS"
  WORK=$(mktemp -d)
  chmod 755 "$WORK" # the embedded database may run as another user
  trap finish EXIT
  trap 'exit 130' INT TERM
}

finish() {
  local place mount
  # What runs beside this shell, and ends before it, tidies nothing up.
  [ "$BASHPID" = "$$" ] || return 0
  rm -f "$WORK/keep-killing" "$WORK/keep-restarting"
  for place in "$WORK"/place*; do [ -d "$place" ] && clear_place "$place"; done
  stop_beside proxy
  stop_beside s3
  if [ -n "${DATABASE_DIRECTORY-}" ]; then stop_postgresql; fi
  awk -v under="$WORK/" 'index($2, under) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do umount -l "$mount"; done
  rm -rf "$WORK"
}
