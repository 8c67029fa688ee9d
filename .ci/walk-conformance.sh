# Sourced by run. The official conformance suite, each version on an empty store and on one that holds the same blobs.

part_conformance() {
  local version
  if [ -z "${CONFORMANCE_SUITE-}" ]; then
    echo 'not run: official conformance suite (CONFORMANCE_SUITE names no binary)'
    return
  fi
  for version in 1.1 dev; do
    PLACE=$WORK/place-conformance-$version PORT=$(free_port)
    check 90 "conformance $version: the packaged program starts" start_program "$PLACE" "$PORT" || continue
    check 180 "conformance $version on an empty store" conforms "$version" empty
    check 180 "conformance $version on a used store" conforms "$version" used
    check 60 "conformance $version: the program stops" stop_program "$PLACE"
  done
}

conforms() { # VERSION STORE
  .ci/conformance "127.0.0.1:$PORT" "$1" "$LOGS/conformance-$1-$2" | tee "$WORK/conformance"
  note "$(tail -n 1 "$WORK/conformance" | sed 's/; report.*//')"
}
