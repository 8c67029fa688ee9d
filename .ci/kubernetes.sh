# Sourced by run. The manifests: each overlay by kustomize, what that gives against the types of Kubernetes, and a program
# that is started with the very settings of the overlay 'trial'. There is no cluster here.

part_kubernetes() {
  local port s3
  DATABASE_DIRECTORY=$WORK/postgresql-kubernetes
  port=$(free_port)
  check 60 'PostgreSQL starts for what the manifests say' start_postgresql "$port" || return
  s3=$(free_port)
  s3_access_key=moorage check 30 'an S3 server starts for what the manifests say' start_s3 "$s3" || return
  check 60 'kustomize renders each overlay, and none without the secrets that are to be filled in' render_overlays &&
    rendered_is_taken && settings_start_replicas "$port" "$s3"
  stop_beside s3
  rm -rf "$WORK/s3"
  stop_postgresql
}

# A copy, with what whoever installs it fills in: the passwords of the two servers here, and something for the rest.
render_overlays() {
  local overlay
  cp -R k8s "$WORK/k8s"
  mkdir -p "$WORK/rendered"
  head -c 18 /dev/urandom | base64 >"$WORK/admin-password"
  some_authority >"$WORK/k8s/overlays/cloud/database-ca.crt"
  for overlay in "$WORK"/k8s/overlays/*/; do
    refused kustomize build "$overlay"
    sed -e "s|^admin-password=$|&$(cat "$WORK/admin-password")|" \
      -e "s|^database-password=$|&$(cat "$WORK/database-password")|" \
      -e "s|^s3-secret-key=$|&$(cat "$WORK/s3/secret")|" \
      -e "s|^\(.*\)=$|\1=$(head -c 32 /dev/urandom | base64)|" "$overlay/secrets.env.example" >"$overlay/secrets.env"
    kustomize build "$overlay" >"$WORK/rendered/$(basename "$overlay").yaml"
  done
  cp -R "$WORK/k8s/overlays/on-prem" "$WORK/k8s/overlays/on-prem-migration"
  (cd "$WORK/k8s/overlays/on-prem-migration" && kustomize edit add component ../../components/migration)
  kustomize build "$WORK/k8s/overlays/on-prem-migration" >"$WORK/rendered/on-prem-migration.yaml"
  note "$(cat "$WORK"/rendered/*.yaml | grep -c '^kind: ') objects in $(ls "$WORK/rendered" | wc -l) renderings"
}
# A file as whoever installs it puts there; what is in it is not looked at here.
some_authority() { printf -- '-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n' "$(head -c 96 /dev/urandom | base64 -w 64)"; }

rendered_is_taken() {
  touch "$WORK/began"
  maven 120 'what is rendered has only fields that Kubernetes has, and fits together' \
    -Dtest=RenderedManifestsTest -Dmoorage.kubernetes.rendered="$WORK/rendered" surefire:test
  suite 'what is rendered: reports' target/surefire-reports "$WORK/began"
  check 120 'a misspelt field deep in a rendered object is refused' misspelt_field_is_refused
}
misspelt_field_is_refused() {
  mkdir -p "$WORK/misspelt"
  cp "$WORK"/rendered/*.yaml "$WORK/misspelt/"
  sed -i 's/^\( *\)failureThreshold: /\1failureTreshold: /' "$WORK/misspelt/trial.yaml"
  refused ./mvnw -B -Dtest=RenderedManifestsTest -Dmoorage.kubernetes.rendered="$WORK/misspelt" surefire:test >"$WORK/misspelt/log"
  grep -F 'failureTreshold' "$WORK/misspelt/log" | head -n 3
}

# --- the settings as they are rendered ----------------------------------------------------------------------------------

settings_start_replicas() { # DATABASE-PORT S3-PORT
  local replica probes=() ports=()
  for replica in 0 1; do ports+=("$(free_port)") probes+=("$(free_port)"); done
  check 10 'the settings of a pod are read from what is rendered' settings_of_the_trial "$1" "$2" "${ports[@]}" || return
  check 60 'what the Job runs migrates the database with them' job_migrates || return
  for replica in 0 1; do
    check 90 "replica $replica starts with them, and its probes say so" \
      start_as_rendered "$WORK/place-pod-$replica" "${ports[replica]}" "${probes[replica]}" || return
  done
  check 60 'the administrator pushes by the one and pulls by the other' replicas_are_one "${ports[@]}"
  check 30 'metrics are where the monitor asks' metrics_are_there "${probes[0]}"
  for replica in 0 1; do
    check 90 "replica $replica ends within its grace period" \
      ends_in_time "$WORK/place-pod-$replica"
  done
}

document() { # OVERLAY KIND NAME-BEGINS: the one document of it
  awk -v RS='---\n' -v kind="kind: $2" -v name="  name: $3" 'index("\n" $0, "\n" kind "\n") && index($0, "\n" name) { print; exit }' \
    "$WORK/rendered/$1.yaml"
}

# Everything that the ConfigMap and the Deployment give a pod, but for the addresses, which lead here.
settings_of_the_trial() { # DATABASE-PORT S3-PORT PORT PORT
  local variable key
  document trial ConfigMap moorage-settings | sed -nE 's/^  ([A-Z0-9_]+): "?([^"]*)"?$/\1=\2/p' |
    sed -e "s|moorage-postgresql:5432|127.0.0.1:$1|" -e "s|moorage-minio:9000|127.0.0.1:$2|" \
      -e "s|http://127.0.0.1:5000|http://127.0.0.1:$3,http://127.0.0.1:$4|" \
      -e 's|=0.0.0.0$|=127.0.0.1|' -e '/^MOORAGE_DATA_DIRECTORY=/d' >"$WORK/pod.env"
  grep -q "^QUARKUS_DATASOURCE_JDBC_URL=jdbc:postgresql://127.0.0.1:$1/moorage$" "$WORK/pod.env"
  grep -q "^MOORAGE_STORAGE_S3_ENDPOINT=http://127.0.0.1:$2$" "$WORK/pod.env"
  document trial Deployment moorage |
    awk '$1 == "-" && $2 == "name:" { variable = $3 } $1 == "key:" { key = $2; print variable, key }' |
    while read -r variable key; do
      echo "$variable=$(sed -n "s/^$key=//p" "$WORK/k8s/overlays/trial/secrets.env")"
    done >>"$WORK/pod.env"
  cut -d= -f1 "$WORK/pod.env" | sort
  grep -q '^MOORAGE_ACCESS_ENCRYPTION_KEY=.\{32\}' "$WORK/pod.env"
  grep -q '^QUARKUS_DATASOURCE_PASSWORD=.' "$WORK/pod.env"
  note "$(wc -l <"$WORK/pod.env") settings"
}

job_migrates() {
  local command
  command=$(document on-prem-migration Job moorage-migration | sed -n '/^ *- args:/{n;s/^ *- //p}')
  mapfile -t settings <"$WORK/pod.env"
  # Where there is a Job, the bucket is made beforehand; the trial's replicas make theirs.
  mkdir -p "$WORK/place-job" "$WORK/s3/data/registry"
  (cd "$WORK/place-job" && env "${settings[@]}" MOORAGE_DATA_DIRECTORY="$WORK/place-job/data" "${PROGRAM[@]}" "$command") | tee "$WORK/job"
  grep -q '^schema ' "$WORK/job"
  note "$command: $(cat "$WORK/job")"
}

start_as_rendered() { # PLACE PORT PROBES
  local probe
  mapfile -t settings <"$WORK/pod.env"
  export "${settings[@]}" MOORAGE_DATA_DIRECTORY="$1/data"
  launch_program "$1" "$2" "$3"
  for probe in $(probe_paths); do
    await 60 probe_says 200 "$3" "$probe" || { tail -40 "$1/program.log"; return 1; }
  done
  note "200 at $(probe_paths | paste -sd ' ')"
}
probe_paths() { document trial Deployment moorage | sed -n 's|^ *path: \(/q/health/.*\)$|\1|p' | sort -u; }
probe_says() { # STATUS PORT PATH
  [ "$(curl -s -o /dev/null -m 5 -w '%{http_code}' "http://127.0.0.1:$2$3")" = "$1" ]
}

replicas_are_one() { # PORT PORT
  local admin
  admin=admin:$(cat "$WORK/admin-password")
  [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/v2/")" = 401 ]
  curl -sf -u "$admin" -H 'Content-Type: application/json' -d '{"name":"acme","owner":"admin"}' "http://127.0.0.1:$1/api/v1/organizations"
  mkdir -p "$WORK/pod-push"
  head -c 3000000 /dev/urandom >"$WORK/pod-push/data"
  tar -C "$WORK/pod-push" -cf "$WORK/pod-push.tar" data
  REGISTRY=127.0.0.1:$1 log_in admin "$(cat "$WORK/admin-password")" pod
  DOCKER_CONFIG=$WORK/auth-pod crane append --insecure --new_layer "$WORK/pod-push.tar" --new_tag "127.0.0.1:$1/acme/pod:v1"
  REGISTRY=127.0.0.1:$2 log_in admin "$(cat "$WORK/admin-password")" pod
  DOCKER_CONFIG=$WORK/auth-pod crane validate --insecure --remote "127.0.0.1:$2/acme/pod:v1"
}

metrics_are_there() { # PROBES
  local path metric
  path=$(document on-prem ServiceMonitor moorage | sed -n 's/^ *path: //p')
  curl -sf "http://127.0.0.1:$1$path" >"$WORK/metrics"
  document on-prem PrometheusRule moorage | grep -oE '\b(moorage|agroal)_[a-z_]+' | sort -u | while read -r metric; do
    # One that counts something, by a label, is there once it has happened.
    grep -qE "^(# TYPE )?${metric%_total}|^(# TYPE )?${metric%_count}|^(# TYPE )?${metric%_bucket}" "$WORK/metrics" || echo "$metric"
  done >"$WORK/metrics-absent"
  cat "$WORK/metrics-absent"
  grep -qE '^# TYPE moorage_http_requests' "$WORK/metrics"
  note "$(grep -c '^# TYPE ' "$WORK/metrics") metrics; not seen yet: $(paste -sd ' ' "$WORK/metrics-absent")"
}

ends_in_time() { # PLACE
  local grace began=$SECONDS
  grace=$(document trial Deployment moorage | sed -n 's/^ *terminationGracePeriodSeconds: //p')
  stop_program "$1" "$grace"
  note "$((SECONDS - began)) s of $grace"
}
