# Sourced by run. The console in a browser: the tests that drive one (*Browse), and a walk in which podman pushes and pulls.

part_console() {
  touch "$WORK/began"
  maven 600 'the console in a browser' -Pbrowser -Dtests.forks=1 -Dit.test='*Browse' failsafe:integration-test failsafe:verify
  suite 'the console in a browser: reports' target/failsafe-reports "$WORK/began"
  PLACE=$WORK/place-console PORT=$(free_port)
  REGISTRY=127.0.0.1:$PORT
  STORES=console-
  allow_plain_http
  check 90 'a registry for the console starts' start_program "$PLACE" "$PORT" &&
    check 60 'podman pushes a tag and overwrites it' podman_overwrites &&
    check 120 'somebody finds it in the browser and undoes the push' undo_in_the_browser &&
    check 60 'podman pulls what was there first' podman_pulls_the_first
  clear_place "$PLACE"
  unset REGISTRY
  STORES=
}

podman_overwrites() {
  local version
  mkdir -p "$WORK/console"
  printf 'FROM scratch\nCOPY greeting /\nCMD ["/greeting"]\n' >"$WORK/console/Containerfile"
  for version in first second; do
    echo "$version" >"$WORK/console/greeting"
    podman_in pusher build -q -t "$REGISTRY/harbour/greeting:v1" "$WORK/console"
    podman_in pusher push "$REGISTRY/harbour/greeting:v1"
    podman_in pusher image inspect --format '{{.Id}}' "$REGISTRY/harbour/greeting:v1" >"$WORK/console/$version"
  done
  refused cmp -s "$WORK/console/first" "$WORK/console/second"
}

undo_in_the_browser() {
  ./mvnw -B -Pbrowser -Dtests.forks=1 -Dit.test=WalkBrowse "-Dmoorage.walk.registry=http://$REGISTRY" \
    -Dmoorage.walk.repository=harbour/greeting failsafe:integration-test failsafe:verify
  # What was left out succeeds too.
  grep -q 'tests="1".*skipped="0"' <(tr '\n' ' ' <target/failsafe-reports/TEST-dev.moorage.browser.WalkBrowse.xml)
}

podman_pulls_the_first() {
  podman_in puller pull "$REGISTRY/harbour/greeting:v1"
  same 'image id' "$(cat "$WORK/console/first")" "$(podman_in puller image inspect --format '{{.Id}}' "$REGISTRY/harbour/greeting:v1")"
}
