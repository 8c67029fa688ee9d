# Sourced by run. The two replicas are restarted one after the other, over and over, while clients push and pull through the
# proxy, which asks the ready probe: each command succeeds at its first try, for what its client tries again by itself suffices.

walk_under_restarts() {
  check 60 'an image with a layer of 500 MB for the restarts' make_large_image
  check 420 'clients push and pull at their first try while the replicas are restarted' clients_under_restarts
  check 120 'nothing is left in the bucket that no row names, after the restarts' nothing_is_left
}

ready() { [ "$(curl -s -o /dev/null -m 2 -w '%{http_code}' "http://127.0.0.1:$1/q/health/ready")" = 200 ]; }

keep_restarting() {
  local restarts=0 i place
  while [ -e "$WORK/keep-restarting" ]; do
    for i in 0 1; do
      place=$WORK/place-replica-$i
      stop_program "$place" 60
      [ "$(cat "$place/exit")" = 143 ] || touch "$WORK/ended-badly"
      start_program "$place" "${replica_ports[i]}" "${probe_ports[i]}"
      await 30 ready "${probe_ports[i]}"
      sleep 2 # until the proxy has seen it
      restarts=$((restarts + 1))
      echo "$restarts" >"$WORK/restarts"
    done
  done
}

start_restarting() {
  touch "$WORK/keep-restarting"
  NOTE=$WORK/restarting-note keep_restarting >"$WORK/restarting.log" 2>&1 </dev/null &
  echo $! >"$WORK/restarter"
  disown
}

stop_restarting() {
  rm -f "$WORK/keep-restarting"
  await 120 gone "$(cat "$WORK/restarter")"
}

once() { "$@" || { echo "failed at its first try: $*"; return 1; }; }

clients_under_restarts() {
  local i commands=0
  echo 0 >"$WORK/restarts"
  start_restarting
  trap 'stop_restarting || true' EXIT # or it starts a replica behind whoever clears up
  for ((i = 1; i <= 40 && $(cat "$WORK/restarts") < 6; i++)); do
    once podman_in pusher push "$REGISTRY/mytomcat" "$REGISTRY/rolled/podman:v$i"
    once podman_in rolled pull -q "$REGISTRY/rolled/podman:v$i"
    podman_in rolled rmi -f "$REGISTRY/rolled/podman:v$i" >/dev/null
    once skopeo copy --all "oci:$WORK/layout:v1" "docker://$REGISTRY/rolled/skopeo$i:v1"
    rm -rf "$WORK/rolled-back"
    once skopeo copy --all "docker://$REGISTRY/rolled/skopeo$i:v1" "oci:$WORK/rolled-back:v1"
    once crane push "$WORK/crane-layout" "$REGISTRY/rolled/crane$i:v1"
    once crane validate --remote "$REGISTRY/rolled/crane$i:v1"
    commands=$((commands + 6))
    if [ $((i % 4)) = 1 ]; then
      once skopeo copy "oci:$WORK/large/copy:v1" "docker://$REGISTRY/rolled/large$i:v1"
      commands=$((commands + 1))
    fi
  done
  note "$commands commands at their first try, $(cat "$WORK/restarts") restarts"
  stop_restarting
  refused test -e "$WORK/ended-badly"
  refused grep -hE 'ERROR|Exception|are cut' "$WORK"/place-replica-*/program.log
  [ "$(cat "$WORK/restarts")" -ge 6 ]
}
